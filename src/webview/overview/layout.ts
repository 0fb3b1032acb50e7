import { scaleBand, scaleLinear } from 'd3-scale';
import type { Chart, ChartRow, Mark } from '../../protocol/overview';

/** CSS pixels. The least length of a mark: a single client among thousands is still seen, and hit. */
const leastLength = 4;
/** CSS pixels between two marks. */
const gap = 1;

/** A mark with its place along a bar or column, in CSS pixels. */
export interface PlacedMark {
  readonly mark: Mark;
  readonly from: number;
  readonly length: number;
}

/** Places the marks of a row one after the other, each as long as its number on a scale, and never too short to hit. */
function placeRow({ marks }: ChartRow, scale: (count: number) => number): readonly PlacedMark[] {
  let end = 0;
  return marks.map((mark): PlacedMark => {
    const length = Math.max(leastLength, scale(mark.count));
    const from = end;
    end += length;
    return { mark, from, length: length - gap };
  });
}

/** Places the marks of all rows on one scale. `room`: length of the longest row, in CSS pixels. */
export function placeBars(
  rows: readonly ChartRow[],
  room: number,
): ReadonlyMap<string, readonly PlacedMark[]> {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  // Short marks may take a bit more room than their numbers.
  const slack = Math.max(0, ...rows.map(({ marks }) => marks.length - 1)) * leastLength;
  const scale = scaleLinear([0, most], [0, Math.max(0, room - slack)]);
  return new Map(rows.map((row) => [row.id, placeRow(row, scale)]));
}

/** What a chart of columns is drawn by, in CSS pixels from the top left of its plot. */
export interface ColumnLayout {
  readonly width: number;
  /** Between two columns. */
  readonly gap: number;
  /** Left edge of a column. */
  readonly left: (rowId: string) => number;
  /** Lines across the plot, with their numbers. */
  readonly ticks: readonly { readonly value: number; readonly y: number }[];
  readonly marks: ReadonlyMap<string, readonly PlacedMark[]>;
}

/** Places columns in a plot of this size. The scale ends at a round number. */
export function placeColumns(
  { rows }: Pick<Chart, 'rows'>,
  plot: { readonly width: number; readonly height: number },
): ColumnLayout {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const y = scaleLinear([0, most], [plot.height, 0]).nice(4);
  const x = scaleBand(
    rows.map(({ id }) => id),
    [0, plot.width],
  ).padding(0.2);
  const length = (count: number): number => plot.height - y(count);
  return {
    width: x.bandwidth(),
    gap: x.step() - x.bandwidth(),
    left: (rowId) => x(rowId) ?? 0,
    ticks: y
      .ticks(4)
      .filter(Number.isInteger)
      .map((value) => ({ value, y: y(value) })),
    marks: new Map(rows.map((row) => [row.id, placeRow(row, length)])),
  };
}

/** About as many CSS pixels as a text takes in the page's font. */
export function widthOf(text: string): number {
  let width = 0;
  // Chinese characters are about twice as wide as digits.
  for (const char of text) width += char > '\u2e80' ? 13 : 6.7;
  return width;
}
