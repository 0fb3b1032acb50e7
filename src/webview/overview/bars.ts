import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Chart, ChartRow } from '../../protocol/overview';
import type { ChartDeps } from './chartDeps';
import { linkTemplate } from './link';
import { placeBars, widthOf } from './layout';
import { marksTemplate } from './marks';

/** CSS pixels. */
const barHeight = 20;
/** With less room than this, labels are above their bars. */
const widthForLabels = 400;

/** Rows as horizontal bars, one below the other. */
export function barsTemplate(chart: Chart, deps: ChartDeps): TemplateResult {
  const { rows, limit } = chart;
  const labelWidth = deps.width < widthForLabels ? 0 : labelWidthOf(rows, deps.width);
  const totalWidth = Math.max(...rows.map(({ countText }) => widthOf(countText))) + 16;
  const room = Math.max(40, deps.width - labelWidth - totalWidth);
  const placed = placeBars(rows, room);
  return html`<div class=${labelWidth === 0 ? 'bars stacked' : 'bars'} .style=${`--label: ${labelWidth}px`}>
    ${repeat(
      rows,
      ({ id }) => id,
      (row) =>
        html`<p class="limit" ?hidden=${row.id !== limit?.before}>${limit?.label}</p>
          <div class="bar">
            <div class="bar-label">
              ${linkTemplate(row.label, row.target, deps)}
              ${row.note === '' ? nothing : html`<span class="note">${row.note}</span>`}
            </div>
            <svg width=${room} height=${barHeight}>
              ${marksTemplate(
                chart,
                row,
                placed.get(row.id) ?? [],
                ({ from, length }) => ({ x: from, y: 0, width: length, height: barHeight }),
                deps,
              )}
            </svg>
            <span class="bar-total">${row.countText}</span>
          </div>`,
    )}
  </div>`;
}

function labelWidthOf(rows: readonly ChartRow[], width: number): number {
  const longest = Math.max(...rows.map(({ label, note }) => widthOf(label) + widthOf(note)));
  return Math.min(longest + 20, Math.round(width * 0.4));
}
