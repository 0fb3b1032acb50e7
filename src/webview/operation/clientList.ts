import { html, nothing, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { live } from 'lit-html/directives/live.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { durationText, fill } from '../../core/kernel/duration';
import type {
  Cell,
  ClientRow,
  ClientTable,
  Column,
  OperationPageState,
  PageTexts,
  RowChoice,
} from '../../protocol/operation';
import { chosenRows, everyRow, nextSort, problemState, stateFilterOf, stateTextOf } from './chosenRows';
import { stateTemplate } from '../stateTemplate';

/** A screenful at once; the others in slices that let a key or a click through. */
const slice = { first: 60, next: 400 };

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
  #choice: RowChoice;
  #drawn = slice.first;
  #scheduled = false;
  /** The row that the Tab key stops at; the arrow keys go on from there. */
  #stop: string | undefined;

  constructor(choice: RowChoice | undefined, deps: ClientListDeps) {
    this.#choice = choice ?? everyRow;
    this.#deps = deps;
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
    const moving = clients.rows.some(isCounting) ? now : 0;
    return guard([clients, this.#choice, this.#drawn, this.#stop, moving], () =>
      this.#listTemplate(clients, texts, now),
    );
  }

  #listTemplate(clients: ClientTable, texts: PageTexts, now: number): TemplateResult {
    const { columns, rows } = clients;
    const shown = chosenRows(clients, this.#choice);
    if (!shown.some(({ key }) => key === this.#stop)) this.#stop = shown[0]?.key;
    this.#drawMoreThan(shown.length);
    return html`<div>
      ${this.#filterTemplate(rows, shown.length, texts)}
      <table
        role="table"
        class="clients"
        aria-label=${texts.clients}
        .style=${`--columns: ${columns.map(({ width }) => width).join(' ')}`}
      >
        <thead role="rowgroup">
          <tr role="row">
            ${columns.map((column) => this.#headTemplate(column))}
          </tr>
        </thead>
        <tbody
          role="rowgroup"
          @click=${(event: Event) => this.#onClick(event)}
          @keydown=${walk}
          @focusin=${(event: Event) => this.#onFocus(event)}
        >
          ${repeat(
            shown.slice(0, this.#drawn),
            ({ key }) => key,
            (row) =>
              guard([row, row.key === this.#stop, isCounting(row) ? now : 0], () =>
                this.#rowTemplate(row, columns, texts, now),
              ),
          )}
        </tbody>
      </table>
      <p class="empty" ?hidden=${shown.length > 0 || rows.length === 0}>${texts.noMatch}</p>
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

  #rowTemplate(row: ClientRow, columns: readonly Column[], texts: PageTexts, now: number): TemplateResult {
    const [, ...cells] = row.cells;
    const reveal = fill(texts.showInClients, row.name);
    return html`<tr role="row" data-key=${row.key}>
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
      ${cells.map((cell, at) => cellTemplate(withTimeLeft(cell, texts, now), columns[at + 1]))}
    </tr>`;
  }

  #take(choice: RowChoice): void {
    this.#choice = choice;
    this.#deps.onChoose(choice);
    this.#deps.redraw();
  }

  #drawMoreThan(rows: number): void {
    if (this.#drawn >= rows || this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() =>
      setTimeout(() => {
        this.#scheduled = false;
        this.#drawn += slice.next;
        this.#deps.redraw();
      }),
    );
  }

  #onClick({ target }: Event): void {
    const key = target instanceof Element && target.closest('.reveal') ? keyOf(target) : undefined;
    if (key !== undefined) this.#deps.reveal(key);
  }

  #onFocus({ target }: Event): void {
    const key = target instanceof Element ? keyOf(target) : undefined;
    if (key === undefined || key === this.#stop) return;
    this.#stop = key;
    this.#deps.redraw();
  }
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
  return target.closest('tr')?.dataset['key'];
}

/** Moves the focus from row to row. */
function walk(event: KeyboardEvent): void {
  const row = event.target instanceof Element ? event.target.closest('tr') : null;
  const next = row && rowAt(row, event.key);
  if (!next) return;
  event.preventDefault();
  next.querySelector<HTMLElement>('.reveal')?.focus();
}

function rowAt(row: HTMLElement, key: string): Element | null | undefined {
  switch (key) {
    case 'ArrowDown':
      return row.nextElementSibling;
    case 'ArrowUp':
      return row.previousElementSibling;
    case 'Home':
      return row.parentElement?.firstElementChild;
    case 'End':
      return row.parentElement?.lastElementChild;
    default:
      return undefined;
  }
}
