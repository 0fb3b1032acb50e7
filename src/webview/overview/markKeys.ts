import type { Chart, ChartRow, Mark } from '../../protocol/overview';

/** A mark by its row and series: it stays the same while its number changes. */
export interface MarkRef {
  readonly row: string;
  readonly series: string;
}

/**
 * The mark that a key leads to; undefined where there's none, or for another key. The arrow keys move between marks as
 * they are drawn, Home and End lead to the first and last one.
 *
 * @param areColumns true where rows are columns beside each other, their first mark at the bottom
 */
export function nextMark(
  rows: readonly ChartRow[],
  { row, series }: MarkRef,
  key: string,
  areColumns: boolean,
): MarkRef | undefined {
  const filled = rows.filter(({ marks }) => marks.length > 0);
  const at = filled.findIndex(({ id }) => id === row);
  const index = filled[at]?.marks.findIndex((mark) => mark.series === series) ?? -1;
  const [along, across] = stepsOf(key, areColumns);
  if (along !== 0) return refOf(filled[at], filled[at]?.marks[index + along]);
  if (across !== 0) {
    const next = filled[at + across];
    return refOf(next, next?.marks.find((mark) => mark.series === series) ?? next?.marks[0]);
  }
  if (key === 'Home') return refOf(filled[0], filled[0]?.marks[0]);
  if (key === 'End') return refOf(filled.at(-1), filled.at(-1)?.marks.at(-1));
  return undefined;
}

/** How many marks a key moves along a row, and how many rows across. */
function stepsOf(key: string, areColumns: boolean): readonly [along: number, across: number] {
  switch (key) {
    case 'ArrowRight':
      return areColumns ? [0, 1] : [1, 0];
    case 'ArrowLeft':
      return areColumns ? [0, -1] : [-1, 0];
    case 'ArrowDown':
      return areColumns ? [-1, 0] : [0, 1];
    case 'ArrowUp':
      return areColumns ? [1, 0] : [0, -1];
    default:
      return [0, 0];
  }
}

function refOf(row: ChartRow | undefined, mark: Mark | undefined): MarkRef | undefined {
  return row && mark && { row: row.id, series: mark.series };
}

/** The mark of a chart; undefined once its number is zero. */
export function markOf({ rows }: Pick<Chart, 'rows'>, { row, series }: MarkRef): Mark | undefined {
  return rows.find(({ id }) => id === row)?.marks.find((mark) => mark.series === series);
}

/** The mark that the Tab key reaches: the one that had the focus last, else the first. */
export function reachedMark({ rows }: Pick<Chart, 'rows'>, last: MarkRef | undefined): MarkRef | undefined {
  if (last && markOf({ rows }, last)) return last;
  const first = rows.find(({ marks }) => marks.length > 0);
  return refOf(first, first?.marks[0]);
}
