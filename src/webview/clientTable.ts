import type { ClientRow, RowChoice, SortColumn, TaskPageTexts } from '../protocol/messages';
import { ClientFilter } from './clientFilter';
import { createClientRowView } from './clientRowView';
import { element } from './elements';
import { KeyedList } from './keyedList';
import { everyRow, nextSort, rowsInView } from './rowsInView';
import { table, type Table } from './table';

/** A screen full at once; the others in slices that let a key or a click through. */
const slices = { first: 60, sliceMs: 30 };

export interface ClientTableActions {
  /** Shows the client of a row among all clients. */
  readonly reveal: (key: string) => void;
  /** Hears each new choice, to remember it. */
  readonly onChoose: (choice: RowChoice) => void;
}

/** The clients of an operation: filtered, sorted and walked through by keys. */
export class ClientTable {
  readonly element: HTMLElement;
  readonly #actions: ClientTableActions;
  readonly #filter: ClientFilter;
  readonly #table: Table<SortColumn>;
  readonly #list: KeyedList<ClientRow>;
  readonly #noMatch: HTMLElement;
  #rows: readonly ClientRow[] = [];
  #choice: RowChoice;

  constructor(texts: TaskPageTexts, choice: RowChoice | undefined, actions: ClientTableActions) {
    this.#actions = actions;
    this.#choice = choice ?? everyRow;
    this.#filter = new ClientFilter(texts, (next) => {
      this.choose(next);
    });
    this.#table = table<SortColumn>(
      texts.clients,
      [
        { name: 'name', text: texts.client, sort: 'name' },
        { name: 'id', text: texts.instanceId, sort: 'instanceId' },
        { name: 'state-cell', text: texts.state, sort: 'state' },
        { name: 'version', text: texts.version, sort: 'version' },
        { name: 'wave', text: texts.wave, sort: 'wave' },
        { name: 'details', text: texts.details, sort: 'details' },
      ],
      (column) => {
        this.#take({ ...withoutSort(this.#choice), ...sorted(nextSort(this.#choice.sort, column)) });
      },
    );
    const { body } = this.#table;
    this.#table.element.classList.add('clients');
    this.#list = new KeyedList(body, (row) => createClientRowView(row, texts), slices);
    this.#noMatch = element('p', { class: 'empty' }, texts.noMatch);
    body.addEventListener('click', ({ target }) => {
      const key = keyOf(target);
      if (key !== undefined) actions.reveal(key);
    });
    body.addEventListener('keydown', (event) => {
      if (walk(body, event)) event.preventDefault();
    });
    body.addEventListener('focusin', ({ target }) => {
      if (target instanceof HTMLElement) makeStop(body, target);
    });
    this.element = element('div', {}, this.#filter.element, this.#table.element, this.#noMatch);
  }

  /** Filters, and keeps the order. */
  choose(filter: Pick<RowChoice, 'text' | 'state'>): void {
    this.#take({ ...this.#choice, ...filter });
  }

  update(rows: readonly ClientRow[]): void {
    this.#rows = rows;
    this.#table.element.classList.toggle(
      'with-waves',
      rows.some(({ wave }) => wave > 0),
    );
    this.#show();
  }

  #take(choice: RowChoice): void {
    this.#choice = choice;
    this.#actions.onChoose(choice);
    this.#show();
  }

  #show(): void {
    const shown = rowsInView(this.#rows, this.#choice);
    this.#filter.update(this.#rows, this.#choice, shown.length);
    this.#table.showSort(this.#choice.sort);
    this.#list.update(shown);
    const { body } = this.#table;
    // One stop for the Tab key in the whole table; the arrow keys go on from there.
    if (!body.querySelector('.reveal[tabindex="0"]')) makeStop(body, body.querySelector('.reveal'));
    this.#noMatch.hidden = shown.length > 0 || this.#rows.length === 0;
  }
}

function withoutSort({ text, state }: RowChoice): RowChoice {
  return { text, state };
}

function sorted(sort: RowChoice['sort']): Pick<RowChoice, 'sort'> {
  return sort ? { sort } : {};
}

function keyOf(target: EventTarget | null): string | undefined {
  if (!(target instanceof Element) || !target.closest('.reveal')) return undefined;
  return target.closest('tr')?.dataset['key'];
}

function makeStop(body: HTMLElement, stop: Element | null): void {
  if (!stop?.classList.contains('reveal') || stop.getAttribute('tabindex') === '0') return;
  body.querySelector('.reveal[tabindex="0"]')?.setAttribute('tabindex', '-1');
  stop.setAttribute('tabindex', '0');
}

/** Moves the focus from row to row. @returns true when the key was one of these */
function walk(body: HTMLElement, { key, target }: KeyboardEvent): boolean {
  const row = target instanceof Element ? target.closest('tr') : null;
  const next = row && rowAt(body, row, key);
  if (!next) return false;
  next.querySelector<HTMLElement>('.reveal')?.focus();
  return true;
}

function rowAt(body: HTMLElement, row: HTMLElement, key: string): Element | null {
  switch (key) {
    case 'ArrowDown':
      return row.nextElementSibling;
    case 'ArrowUp':
      return row.previousElementSibling;
    case 'Home':
      return body.firstElementChild;
    case 'End':
      return body.lastElementChild;
    default:
      return null;
  }
}
