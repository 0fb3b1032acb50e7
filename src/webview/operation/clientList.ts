import { html, nothing, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { live } from 'lit-html/directives/live.js';
import { durationText, fill } from '../../core/kernel/duration';
import type {
  Cell,
  ClientRow,
  Column,
  OperationPageState,
  PageTexts,
  RowChoice,
} from '../../protocol/operation';
import { chosenRows, everyRow, nextSort, problemState, stateFilterOf, stateTextOf } from './chosenRows';
import { stateTemplate } from '../stateTemplate';
import { RowBlocks } from './rowBlocks';

export interface ClientListDeps {
  /** Shows the client of a row among all clients. */
  readonly reveal: (key: string) => void;
  /** Receives each new choice, to remember it. */
  readonly onChoose: (choice: RowChoice) => void;
  /** Draws the page again. */
  readonly redraw: () => void;
}

/** The clients of an operation: filtered, sorted, and walked through by keys. */
export class ClientList {
  readonly #deps: ClientListDeps;
  readonly #blocks: RowBlocks<ClientRow>;
  #choice: RowChoice;
  #drawing: (Pick<OperationPageState, 'clients' | 'texts'> & { readonly now: number }) | undefined;
  /** What the choice shows of the clients that are drawn. */
  #shown: readonly ClientRow[] = [];
  #shownFor: RowChoice | undefined;
  /** The row that the Tab key stops at; the arrow keys go on from there. */
  #stop: string | undefined;

  constructor(choice: RowChoice | undefined, deps: ClientListDeps) {
    this.#choice = choice ?? everyRow;
    this.#deps = deps;
    this.#blocks = new RowBlocks({
      keyOf: ({ key }) => key,
      rowTemplate: (row, place) => this.#rowTemplate(row, place),
      redraw: deps.redraw,
    });
  }

  /** Filters, and keeps the order. */
  choose(choice: Partial<RowChoice>): void {
    this.#take({ ...this.#choice, ...choice });
  }

  /**
   * Draws nothing while neither the clients nor the choice changed, but for the time that's left for clients that wait.
   * @param now milliseconds since 1970 by the host's clock
   */
  template({ clients, texts }: OperationPageState, now: number): unknown {
    if (this.#drawing?.clients !== clients || this.#shownFor !== this.#choice) {
      this.#shown = chosenRows(clients, this.#choice);
      this.#shownFor = this.#choice;
    }
    this.#drawing = { clients, texts, now };
    if (!this.#shown.some(({ key }) => key === this.#stop)) this.#stop = this.#shown[0]?.key;
    return html`<div>
      ${guard([clients, this.#choice], () => this.#filterTemplate(clients.rows, this.#shown.length, texts))}
      <table
        role="table"
        class="clients"
        aria-label=${texts.clients}
        aria-rowcount=${this.#shown.length + 1}
        .style=${`--columns: ${clients.columns.map(({ width }) => width).join(' ')}`}
        @click=${this.#onClick}
        @keydown=${this.#onKey}
        @focusin=${this.#onFocus}
      >
        <thead role="rowgroup">
          <tr role="row" aria-rowindex="1">
            ${clients.columns.map((column) => this.#headTemplate(column))}
          </tr>
        </thead>
        ${this.#blocks.template(
          this.#shown,
          (row) => [row.key === this.#stop, isCounting(row) ? now : 0],
          this.#shown.findIndex(({ key }) => key === this.#stop),
        )}
      </table>
      <p class="empty" ?hidden=${this.#shown.length > 0 || clients.rows.length === 0}>${texts.noMatch}</p>
    </div>`;
  }

  #filterTemplate(rows: readonly ClientRow[], shown: number, texts: PageTexts): TemplateResult {
    const { text, state } = this.#choice;
    const isFiltered = text !== '' || state !== '';
    const field = (event: Event): string =>
      event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
        ? event.target.value
        : '';
    const clear = (event: Event): void => {
      this.choose(everyRow);
      const bar = event.target instanceof Element ? event.target.closest('.filter') : null;
      bar?.querySelector('input')?.focus();
    };
    return html`<div class="filter" role="search">
      <input
        type="search"
        spellcheck="false"
        aria-label=${texts.filter}
        placeholder=${texts.filterHint}
        .value=${live(text)}
        @input=${(event: Event) => this.choose({ text: field(event) })}
      />
      <select
        aria-label=${texts.stateFilter}
        @change=${(event: Event) => this.choose({ state: field(event) })}
      >
        ${stateOptions(rows, state, texts).map(
          ([value, label]) =>
            html`<option value=${value} .selected=${live(value === state)}>${label}</option>`,
        )}
      </select>
      <vscode-button appearance="secondary" ?hidden=${!isFiltered} @click=${clear}>
        ${texts.clearFilter}
      </vscode-button>
      <span class="shown" role="status">${isFiltered ? fill(texts.shown, shown, rows.length) : ''}</span>
    </div>`;
  }

  #headTemplate({ id, label }: Column): TemplateResult {
    const { sort } = this.#choice;
    const order = sort?.column !== id ? 'none' : sort.descending ? 'descending' : 'ascending';
    const turn = (): void => {
      const next = nextSort(this.#choice.sort, id);
      const { text, state } = this.#choice;
      this.#take({ text, state, ...(next && { sort: next }) });
    };
    return html`<th scope="col" role="columnheader" class=${`column-${id}`} aria-sort=${order}>
      <button class="sort" type="button" @click=${turn}>${label}</button>
    </th>`;
  }

  #rowTemplate(row: ClientRow, place: number): TemplateResult | typeof nothing {
    if (!this.#drawing) return nothing;
    const { clients, texts, now } = this.#drawing;
    const [, ...cells] = row.cells;
    const reveal = fill(texts.showInClients, row.name);
    return html`<tr role="row" aria-rowindex=${place + 2} data-key=${row.key}>
      <th role="rowheader" scope="row" class="column-name">
        <bdi>${row.name}</bdi
        ><button
          class="reveal"
          type="button"
          tabindex=${row.key === this.#stop ? '0' : '-1'}
          aria-label=${reveal}
          title=${reveal}
        ></button>
      </th>
      ${cells.map((cell, at) => cellTemplate(withTimeLeft(cell, texts, now), clients.columns[at + 1]))}
    </tr>`;
  }

  #take(choice: RowChoice): void {
    this.#choice = choice;
    this.#deps.onChoose(choice);
    this.#deps.redraw();
  }

  readonly #onClick = ({ target }: Event): void => {
    const key = target instanceof Element && target.closest('.reveal') ? keyOf(target) : undefined;
    if (key !== undefined) this.#deps.reveal(key);
  };

  readonly #onFocus = ({ target }: Event): void => {
    const key = target instanceof Element ? keyOf(target) : undefined;
    if (key === undefined || key === this.#stop) return;
    this.#stop = key;
    this.#deps.redraw();
  };

  /** Moves the focus from row to row, also to one that isn't drawn yet. */
  readonly #onKey = (event: KeyboardEvent): void => {
    const { target, currentTarget } = event;
    const from = target instanceof Element ? keyOf(target) : undefined;
    if (from === undefined || !(currentTarget instanceof Element)) return;
    const at = this.#shown.findIndex(({ key }) => key === from);
    const next = this.#shown[placeAfter(at, event.key, this.#shown.length)];
    if (!next) return;
    event.preventDefault();
    this.#stop = next.key;
    this.#deps.redraw();
    currentTarget.querySelector<HTMLElement>(`[data-key="${CSS.escape(next.key)}"] .reveal`)?.focus();
  };
}

/** A choice stays available after its last row has changed, because the page must show why it's empty. */
function stateOptions(
  rows: readonly ClientRow[],
  chosen: string,
  texts: PageTexts,
): readonly (readonly [value: string, label: string])[] {
  const counts = new Map<string, number>();
  for (const { state } of rows) counts.set(state.text, (counts.get(state.text) ?? 0) + 1);
  if (chosen !== '' && chosen !== problemState && !counts.has(stateTextOf(chosen))) {
    counts.set(stateTextOf(chosen), 0);
  }
  const problems = rows.filter(({ problem }) => problem).length;
  return [
    ['', texts.allStates],
    ...(problems > 0 || chosen === problemState
      ? [[problemState, fill(texts.onlyProblems, problems)] as const]
      : []),
    ...[...counts].map(([text, count]) => [stateFilterOf(text), fill(texts.oneState, text, count)] as const),
  ];
}

function isCounting({ cells }: ClientRow): boolean {
  return cells.some(({ until }) => until !== undefined);
}

function withTimeLeft(cell: Cell, texts: PageTexts, now: number): Cell {
  if (cell.until === undefined) return cell;
  const left = fill(texts.left, durationText(cell.until - now, texts));
  return { ...cell, text: `${left} · ${cell.text}` };
}

function cellTemplate({ text, look, title }: Cell, column: Column | undefined): TemplateResult {
  // The style sheet shows the label where there are no column heads.
  return html`<td
    role="cell"
    class=${`column-${column?.id ?? ''}`}
    data-label=${column?.label ?? ''}
    title=${title ?? nothing}
  >
    ${look ? stateTemplate({ text, look }) : text}
  </td>`;
}

function keyOf(target: Element): string | undefined {
  return target.closest<HTMLElement>('tr')?.dataset['key'];
}

/** The place of the row that a key goes to; -1 for other keys. */
function placeAfter(place: number, key: string, rows: number): number {
  switch (key) {
    case 'ArrowDown':
      return place + 1;
    case 'ArrowUp':
      return place - 1;
    case 'Home':
      return 0;
    case 'End':
      return rows - 1;
    default:
      return -1;
  }
}
