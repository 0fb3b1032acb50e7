import { createHash, createHmac } from 'node:crypto';
import type { AccessKey } from '../core/service/model';
import type { Fields } from './pipeline';

/** What the signature covers. */
export interface Signable {
  readonly method: string;
  readonly path: string;
  /** Decoded names and values. */
  readonly query: Fields;
  /** Lower-cased names. Those that must be signed are picked out: `host`, `content-type` and `x-acs-…`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const algorithm = 'ACS3-HMAC-SHA256';

/** Value of the `authorization` header for signature version 3 (documented). */
export function authorization(
  request: Signable,
  key: Pick<AccessKey, 'accessKeyId' | 'accessKeySecret'>,
): string {
  const signature = createHmac('sha256', key.accessKeySecret)
    .update(`${algorithm}\n${sha256(canonicalRequest(request))}`)
    .digest('hex');
  const names = signedHeaders(request.headers).map(([name]) => name);
  return `${algorithm} Credential=${key.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
}

/** The request in the one spelling of which both sides take the hash. */
export function canonicalRequest(request: Signable): string {
  const headers = signedHeaders(request.headers);
  return [
    request.method,
    request.path,
    canonicalQuery(request.query),
    // Each line ends in a line feed, hence the empty line before the names.
    headers.map(([name, value]) => `${name}:${value}\n`).join(''),
    headers.map(([name]) => name).join(';'),
    sha256(request.body),
  ].join('\n');
}

/** Fields sorted by name in byte order and percent-encoded: what is signed, and what the URL contains. */
export function canonicalQuery(fields: Fields): string {
  return formEncode([...fields].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
}

/** Fields in their given order, as a form body or query. */
export function formEncode(fields: Fields): string {
  return fields.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&');
}

/** Hex SHA-256 of the UTF-8 bytes of a text: `x-acs-content-sha256`. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Encodes everything except letters, digits and `-_.~`. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Every header that must be signed, and no other, by name. */
function signedHeaders(headers: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(headers)
    .filter(([name]) => name === 'host' || name === 'content-type' || name.startsWith('x-acs-'))
    .map(([name, value]): [string, string] => [name, value.trim()])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
