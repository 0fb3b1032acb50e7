import { html, nothing, type TemplateResult } from 'lit-html';
import type { Chart, Series } from '../../protocol/overview';
import { barsTemplate } from './bars';
import type { ChartDeps } from './chartDeps';
import { tableTemplate } from './chartTable';
import { areColumnsTooNarrow, columnsTemplate } from './columns';
import { linkTemplate } from './link';
import { markOf, nextMark, type MarkRef } from './markKeys';
import { swatchTemplate } from './textures';

/** A chart with its heading, legend, and table. `more` comes between the summary and the drawing. */
export function chartTemplate(
  chart: Chart,
  deps: ChartDeps,
  more: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  return html`<section class="chart" data-chart=${chart.id} aria-labelledby="title-${chart.id}">
    <h2 id="title-${chart.id}" tabindex="-1">${chart.title}</h2>
    <p class="sum" ?hidden=${chart.summary === ''}>${chart.summary}</p>
    ${more}
    ${
      chart.rows.length === 0
        ? nothing
        : html`${drawingTemplate(chart, deps)} ${legendTemplate(chart.series, deps)}
          ${tableTemplate(chart, deps)}`
    }
  </section>`;
}

function drawingTemplate(chart: Chart, deps: ChartDeps): TemplateResult {
  const asColumns = chart.shape === 'columns' && !areColumnsTooNarrow(chart.rows, deps.width);
  const onKey = (event: KeyboardEvent): void => {
    const ref = event.target instanceof SVGElement ? refOf(event.target) : undefined;
    if (!ref) return;
    const next = nextMark(chart.rows, ref, event.key, asColumns);
    const target = event.key === 'Enter' || event.key === ' ' ? markOf(chart, ref)?.target : undefined;
    if (next) deps.goTo(next);
    if (target) deps.open(target);
    if (next || target) event.preventDefault();
  };
  return html`<div
    class="drawing"
    role="group"
    aria-labelledby="title-${chart.id}"
    aria-describedby="keys"
    @keydown=${onKey}
  >
    ${asColumns ? columnsTemplate(chart, deps) : barsTemplate(chart, deps)}
  </div>`;
}

function refOf({ dataset: { row, series } }: SVGElement): MarkRef | undefined {
  return row === undefined || series === undefined ? undefined : { row, series };
}

/** A single series needs no legend: the heading says what it is. */
function legendTemplate(series: readonly Series[], deps: Pick<ChartDeps, 'open'>): TemplateResult {
  return html`<ul class="legend">
    ${series.map(
      (one) =>
        html`<li>
          ${swatchTemplate(one)}${linkTemplate(one.label, one.target, deps)}<span class="legend-count"
            >${one.countText}</span
          >
        </li>`,
    )}
  </ul>`;
}
