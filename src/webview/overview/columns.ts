import { html, nothing, svg, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Chart, ChartRow } from '../../protocol/overview';
import type { ChartDeps } from './chartDeps';
import { placeColumns, widthOf, type ColumnLayout } from './layout';
import { hasRoomForCount, marksTemplate } from './marks';

/** CSS pixels. */
const plotHeight = 140;
/** Room above the plot for the number of the highest column. */
const above = 20;
/** Room below the plot for the labels. */
const below = 22;
/** With more columns than this, some labels are enough: they're days. */
const mostLabels = 12;

/** True if the labels of a few columns don't fit beside each other. */
export function areColumnsTooNarrow(rows: readonly ChartRow[], width: number): boolean {
  const longest = Math.max(...rows.map(({ label }) => widthOf(label)));
  return rows.length <= mostLabels && (width - axisWidthOf(rows)) / rows.length < longest;
}

/** Rows as columns beside each other, with an axis. */
export function columnsTemplate(chart: Chart, deps: ChartDeps): TemplateResult {
  const { rows, limit } = chart;
  const axis = axisWidthOf(rows);
  const plot = { width: Math.max(40, deps.width - axis), height: plotHeight };
  const layout = placeColumns(chart, plot);
  const step = labelStep(rows, plot.width);
  const limitAt = rows.some(({ id }) => id === limit?.before) ? limit : undefined;
  return html`<svg class="columns" width=${axis + plot.width} height=${above + plotHeight + below}>
    <g transform="translate(${axis} ${above})">
      <g aria-hidden="true">
        ${layout.ticks.map(
          ({ value, y }) =>
            svg`<line class=${value === 0 ? 'base' : 'grid'} x1="0" x2=${plot.width} y1=${y} y2=${y}></line>
              <text class="tick" x="-8" y=${y}>${numberText(value)}</text>`,
        )}
        ${rows.map((row, n) => {
          const middle = layout.left(row.id) + layout.width / 2;
          // The last label must not leave the page.
          const labelAt = Math.min(middle, plot.width - widthOf(row.label) / 2);
          const isLabeled = (rows.length - 1 - n) % step === 0;
          return svg`${isLabeled ? svg`<text class="column-label" x=${labelAt} y=${plotHeight + 14}>${row.label}</text>` : nothing}
            ${totalTemplate(row, middle, layout)}`;
        })}
        ${limitAt ? limitTemplate(limitAt, layout) : nothing}
      </g>
      ${repeat(
        rows,
        ({ id }) => id,
        (row) =>
          svg`${marksTemplate(
            chart,
            row,
            layout.marks.get(row.id) ?? [],
            ({ from, length }) => ({
              x: layout.left(row.id),
              y: plotHeight - from - length,
              width: layout.width,
              height: length,
            }),
            deps,
          )}`,
      )}
    </g>
  </svg>`;
}

/** The number of a column, unless its only mark has it already. */
function totalTemplate(row: ChartRow, middle: number, layout: ColumnLayout): TemplateResult | typeof nothing {
  const last = layout.marks.get(row.id)?.at(-1);
  const isOnMark =
    row.marks.length === 1 && last !== undefined && hasRoomForCount(row.countText, layout.width, last.length);
  if (!last || isOnMark || widthOf(row.countText) > layout.width + 4) return nothing;
  return svg`<text class="column-total" x=${middle} y=${plotHeight - last.from - last.length - 8}>${row.countText}</text>`;
}

function limitTemplate(limit: NonNullable<Chart['limit']>, layout: ColumnLayout): TemplateResult {
  const x = layout.left(limit.before) - layout.gap / 2;
  return svg`<line class="limit-line" x1=${x} x2=${x} y1=${-above} y2=${plotHeight}></line>
    <text class="limit-label" x=${x + 6} y=${-above + 7}>${limit.label}</text>`;
}

/** Every how many columns there's a label, counted from the last one: today always has its own. */
function labelStep(rows: readonly ChartRow[], width: number): number {
  if (rows.length <= mostLabels) return 1;
  const longest = Math.max(...rows.map(({ label }) => widthOf(label)));
  const fitting = Math.max(1, Math.floor(width / (longest + 14)));
  const step = Math.ceil(rows.length / fitting);
  // Weeks are easier to read than any other number of days.
  return step > 3 ? Math.ceil(step / 7) * 7 : step;
}

/** As the language of the page writes it. */
function numberText(value: number): string {
  return new Intl.NumberFormat(document.documentElement.lang || undefined).format(value);
}

/** The scale ends at a round number, which can have one more digit. */
function axisWidthOf(rows: readonly ChartRow[]): number {
  return widthOf(numberText(Math.max(0, ...rows.map(({ count }) => count)))) + 16;
}
