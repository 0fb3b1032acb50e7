import { nothing, svg, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Chart, ChartRow, Series } from '../../protocol/overview';
import type { ChartDeps } from './chartDeps';
import { widthOf, type PlacedMark } from './layout';
import { reachedMark } from './markKeys';
import { areaTemplate } from './textures';

/** A rectangle in CSS pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The marks of a row, each with its number where there's room. */
export function marksTemplate(
  chart: Chart,
  row: ChartRow,
  placed: readonly PlacedMark[],
  areaOf: (mark: PlacedMark) => Area,
  { open, lastMark }: Pick<ChartDeps, 'open' | 'lastMark'>,
): TemplateResult {
  const reached = reachedMark(chart, lastMark);
  const drawn = placed.flatMap((one) => {
    const series = chart.series.find(({ id }) => id === one.mark.series);
    return series ? [{ mark: one.mark, series, area: areaOf(one) }] : [];
  });
  // The numbers are apart: the name of a mark says them, with what they count.
  return svg`${repeat(
    drawn,
    ({ series }) => series.id,
    ({ mark, series, area }) => {
      const { target, sentence } = mark;
      const isReached = reached?.row === row.id && reached.series === series.id;
      return svg`<g class="mark" data-row=${row.id} data-series=${series.id}
        role=${target ? 'button' : 'img'} tabindex=${isReached ? 0 : -1} aria-label=${sentence}
        @click=${target ? () => open(target) : nothing}>
        <title>${sentence}</title>${areaTemplate(series, area)}
      </g>`;
    },
  )}
  ${drawn.map(({ mark, series, area }) => countTemplate(mark.countText, series, area))}`;
}

/** True if a mark of this size shows its number. */
export function hasRoomForCount(text: string, width: number, height: number): boolean {
  return widthOf(text) + 8 <= width && height >= 14;
}

function countTemplate(
  text: string,
  { texture }: Series,
  { x, y, width, height }: Area,
): TemplateResult | typeof nothing {
  if (!hasRoomForCount(text, width, height)) return nothing;
  const className = texture === 0 ? 'count-on-mark' : 'count-on-mark on-texture';
  return svg`<text class=${className} aria-hidden="true" x=${x + width / 2} y=${y + height / 2}>${text}</text>`;
}
