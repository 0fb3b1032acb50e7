import { html, nothing, type TemplateResult } from 'lit-html';
import type { Chart, ChartRow, Series } from '../../protocol/overview';
import { fill } from '../../core/kernel/duration';
import type { ChartDeps } from './chartDeps';
import { linkTemplate } from './link';

/** The numbers and links of a chart as a table, which opens on demand. */
export function tableTemplate(chart: Chart, deps: ChartDeps): TemplateResult {
  const { texts } = deps;
  const onToggle = (event: Event): void => {
    if (event.target instanceof HTMLDetailsElement) deps.onToggleTable(event.target.open);
  };
  return html`<details class="twin" ?open=${deps.isTableOpen} @toggle=${onToggle}>
    <summary aria-label=${fill(texts.tableOf, chart.title)}>${texts.table}</summary>
    <div class="table-room">
      <table aria-labelledby="title-${chart.id}">
        <thead>
          <tr>
            <th scope="col">${chart.rowHeading}</th>
            ${chart.series.map(({ label }) => html`<th scope="col" class="number">${label}</th>`)}
            <th scope="col" class="number">${texts.total}</th>
          </tr>
        </thead>
        <tbody>
          ${chart.rows.map(
            (row) =>
              html`<tr>
                <th scope="row">
                  ${linkTemplate(row.label, row.target, deps)}
                  ${row.note === '' ? nothing : html`<span class="note">${row.note}</span>`}
                </th>
                ${chart.series.map((series) => cellTemplate(row, series, deps))}
                <td class="number">${row.countText}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

function cellTemplate({ marks }: ChartRow, { id }: Series, deps: ChartDeps): TemplateResult {
  const mark = marks.find(({ series }) => series === id);
  return mark
    ? html`<td class="number">${linkTemplate(mark.countText, mark.target, deps, mark.sentence)}</td>`
    : html`<td class="number zero">0</td>`;
}
