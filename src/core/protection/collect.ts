import type { Waiting } from '../kernel/waiting';
import type { Rows } from '../service/protection';
import { readOrGap, type Gap, type ReadDeps } from './gap';

/** Rows that were read, and what couldn't be. */
export interface RowsRead<T> {
  readonly rows: readonly T[];
  readonly gaps: readonly Gap[];
}

/**
 * Reads rows to the end. What can't be read, or takes longer than `limitMs` milliseconds, is a gap beside the rows that came
 * before it; `cut-off` where there might be more. Rejects only for a cancel of `waiting`.
 */
export async function readRows<T>(
  deps: ReadDeps,
  call: Gap['call'],
  read: (waiting: Waiting) => Rows<T>,
  waiting: Waiting,
  limitMs?: number,
): Promise<RowsRead<T>> {
  const rows: T[] = [];
  const end = await readOrGap(
    deps,
    call,
    async (each) => {
      const reading = read(each);
      for (;;) {
        const page = await reading.next();
        if (page.done) return page.value;
        rows.push(...page.value);
      }
    },
    waiting,
    limitMs,
  );
  if ('why' in end) return { rows, gaps: [end] };
  return { rows, gaps: end.complete ? [] : [{ call, why: 'cut-off' }] };
}

/** The rows of several reads together, each gap once. */
export function joinReads<T>(reads: readonly (RowsRead<T> | Gap)[]): RowsRead<T> {
  const gaps = new Map<string, Gap>();
  for (const read of reads) {
    for (const gap of 'why' in read ? [read] : read.gaps) gaps.set(`${gap.call} ${gap.why}`, gap);
  }
  return { rows: reads.flatMap((read) => ('why' in read ? [] : read.rows)), gaps: [...gaps.values()] };
}
