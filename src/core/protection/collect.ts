import type { Rows } from '../service/protection';
import type { Gap } from './gap';

/** Rows that were read, and what couldn't be. */
export interface RowsRead<T> {
  readonly rows: readonly T[];
  readonly gaps: readonly Gap[];
}

/** All rows of a read; a gap `cut-off` where there might be more. Throws what the read fails with. */
export async function collect<T>(call: Gap['call'], reading: Rows<T>): Promise<RowsRead<T>> {
  const rows: T[] = [];
  for (;;) {
    const page = await reading.next();
    if (page.done) return { rows, gaps: page.value.complete ? [] : [{ call, why: 'cut-off' }] };
    rows.push(...page.value);
  }
}

/** The rows of several reads together, each gap once. */
export function joinReads<T>(reads: readonly (RowsRead<T> | Gap)[]): RowsRead<T> {
  const gaps = new Map<string, Gap>();
  for (const read of reads) {
    for (const gap of 'why' in read ? [read] : read.gaps) gaps.set(`${gap.call} ${gap.why}`, gap);
  }
  return { rows: reads.flatMap((read) => ('why' in read ? [] : read.rows)), gaps: [...gaps.values()] };
}
