import { createHash } from 'node:crypto';

/** A short text that is the same for equal values of JSON, and from which nothing of them can be read. */
export function stamp(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value ?? null))
    .digest('hex');
}
