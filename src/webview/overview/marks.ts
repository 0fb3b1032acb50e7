import { nothing, svg, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Chart, ChartRow } from '../../protocol/overview';
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
  return svg`${repeat(
    placed,
    ({ mark }) => mark.series,
    (one) => {
      const { mark } = one;
      const { target } = mark;
      const series = chart.series.find(({ id }) => id === mark.series);
      if (!series) return nothing;
      const area = areaOf(one);
      const isReached = reached?.row === row.id && reached.series === mark.series;
      return svg`<g class="mark" data-row=${row.id} data-series=${mark.series}
        role=${target ? 'button' : 'img'} tabindex=${isReached ? 0 : -1} aria-label=${mark.sentence}
        @click=${target ? () => open(target) : nothing}>
        <title>${mark.sentence}</title>${areaTemplate(series, area)}${countTemplate(mark.countText, area)}
      </g>`;
    },
  )}`;
}

/** True if a mark of this size shows its number. */
export function hasRoomForCount(text: string, width: number, height: number): boolean {
  return widthOf(text) + 8 <= width && height >= 14;
}

function countTemplate(text: string, { x, y, width, height }: Area): TemplateResult | typeof nothing {
  if (!hasRoomForCount(text, width, height)) return nothing;
  return svg`<text class="count-on-mark" aria-hidden="true" x=${x + width / 2} y=${y + height / 2}>${text}</text>`;
}
