import { html, nothing, type TemplateResult } from 'lit-html';
import type {
  Chart,
  OverviewCommand,
  OverviewMemory,
  OverviewPageState,
  Target,
} from '../../protocol/overview';
import { lookIcon } from '../icons';
import { spinner } from '../spinner';
import type { Page, PageDeps } from '../startPage';
import { chartTemplate } from './chartView';
import type { MarkRef } from './markKeys';
import './overview.css';
import { textureDefinitions } from './textures';

/** Charts that take the whole width. */
const wide: ReadonlySet<Chart['id']> = new Set(['status', 'coverage', 'operations']);

/** CSS pixels. With this room or more, half charts are beside each other. */
const widthForTwo = 860;
const gap = 40;

/** Fleet Overview. */
export class OverviewPage implements Page<'overview'> {
  /** The host sends a new state when ages change. */
  readonly showsTimes = false;
  readonly #deps: PageDeps<'overview'>;
  readonly #lastMarks = new Map<Chart['id'], MarkRef>();
  #memory: OverviewMemory;

  constructor(deps: PageDeps<'overview'>) {
    this.#deps = deps;
    this.#memory = deps.memory ?? {};
    const { chosen = '' } = this.#memory;
    if (chosen !== deps.view.state.chosen) deps.send({ type: 'choose', listing: chosen });
    new ResizeObserver(deps.redraw).observe(deps.root);
  }

  /** A mark or link that's gone leaves the focus to the heading of its chart. */
  heirOf(focused: Element): string | undefined {
    const chart = focused.closest<HTMLElement>('.chart')?.dataset['chart'];
    return chart === undefined ? undefined : `#title-${chart}`;
  }

  template(): TemplateResult {
    const { state } = this.#deps.view;
    const { texts, obstacle } = state;
    return html`${textureDefinitions()}
      <header>
        <div class="title"><h1 tabindex="-1">${state.title}</h1></div>
        ${this.#placeTemplate(state)}
        <div role="status" class="notes">
          ${state.notes.map(
            ({ text, tone }) =>
              html`<p class="note-line">${tone === 'warning' ? lookIcon('warning') : nothing}${text}</p>`,
          )}
        </div>
      </header>
      <p class="unseen" id="keys">${texts.keys}</p>
      ${
        obstacle
          ? this.#obstacleTemplate(obstacle)
          : html`${this.#figuresTemplate(state)}
              <vscode-divider></vscode-divider>
              <div class=${this.#isWide() ? 'charts two' : 'charts'}>
                ${state.charts.map((chart) => this.#chartTemplate(chart, state))}
              </div>`
      }`;
  }

  #placeTemplate({ choices, chosen, place, texts }: OverviewPageState): TemplateResult {
    if (choices.length === 0) return html`<p class="place">${place}</p>`;
    const onChange = (event: Event): void => {
      if (!(event.target instanceof HTMLSelectElement)) return;
      this.#remember({ chosen: event.target.value });
      this.#deps.send({ type: 'choose', listing: event.target.value });
    };
    return html`<div class="filter">
      <label for="scope">${texts.scope}</label>
      <select id="scope" @change=${onChange}>
        ${choices.map(
          ({ key, label }) => html`<option value=${key} .selected=${key === chosen}>${label}</option>`,
        )}
      </select>
    </div>`;
  }

  #obstacleTemplate({ kind, text, button }: NonNullable<OverviewPageState['obstacle']>): TemplateResult {
    return html`<div class="obstacle" data-kind=${kind} aria-busy=${kind === 'loading'}>
      ${kind === 'loading' ? spinner() : nothing}
      <p>${text}</p>
      ${button ? this.#buttonTemplate(button, 'primary') : nothing}
    </div>`;
  }

  #buttonTemplate(
    { label, does }: { readonly label: string; readonly does: OverviewCommand },
    appearance: 'primary' | 'secondary',
  ): TemplateResult {
    return html`<vscode-button
      class="command"
      appearance=${appearance}
      @click=${() => this.#deps.send({ type: 'command', command: does })}
      >${label}</vscode-button
    >`;
  }

  #figuresTemplate({ figures }: OverviewPageState): TemplateResult {
    return html`<ul class="figures">
      ${figures.map(
        ({ label, countText, target }) =>
          html`<li>
            <button class="figure" type="button" @click=${() => this.#open(target)}>
              <span class="figure-count">${countText}</span><span class="figure-label">${label}</span>
            </button>
          </li>`,
      )}
    </ul>`;
  }

  #chartTemplate(chart: Chart, { texts, counting }: OverviewPageState): TemplateResult {
    const tables = this.#memory.tables ?? [];
    const { id } = chart;
    return chartTemplate(
      chart,
      {
        open: (target) => this.#open(target),
        lastMark: this.#lastMarks.get(id),
        goTo: (ref) => this.#goTo(id, ref),
        isTableOpen: tables.includes(id),
        onToggleTable: (open) => {
          this.#remember({ tables: [...tables.filter((one) => one !== id), ...(open ? [id] : [])] });
        },
        width:
          this.#isWide() && !wide.has(id)
            ? (this.#deps.root.clientWidth - gap) / 2
            : this.#deps.root.clientWidth,
        texts,
      },
      id === 'coverage' ? this.#countingTemplate(counting) : nothing,
    );
  }

  #countingTemplate({ lines, button }: OverviewPageState['counting']): TemplateResult {
    return html`<div class="counting">
      <div role="status">${lines.map((line) => html`<p class="note-line">${line}</p>`)}</div>
      ${button ? this.#buttonTemplate(button, 'secondary') : nothing}
    </div>`;
  }

  #isWide(): boolean {
    return this.#deps.root.clientWidth >= widthForTwo;
  }

  #open(target: Target): void {
    this.#deps.send({ type: 'open', target });
  }

  #goTo(chart: Chart['id'], ref: MarkRef): void {
    this.#lastMarks.set(chart, ref);
    this.#deps.redraw();
    const { row, series } = ref;
    const marks = this.#deps.root.querySelectorAll<SVGElement>(`[data-chart="${chart}"] .mark`);
    [...marks].find(({ dataset }) => dataset['row'] === row && dataset['series'] === series)?.focus();
  }

  #remember(news: OverviewMemory): void {
    this.#memory = { ...this.#memory, ...news };
    this.#deps.remember(this.#memory);
  }
}
