import { element } from './elements';

/** One column: `name` is its class, `sort` what it is sorted by, where it can be. */
export interface Column<S extends string = never> {
  readonly name: string;
  readonly text: string;
  readonly sort?: S;
}

/** A table with column heads. */
export interface Table<S extends string> {
  readonly element: HTMLTableElement;
  readonly body: HTMLTableSectionElement;
  /** Shows by which column the rows are sorted. */
  showSort(sort: { readonly column: S; readonly descending: boolean } | undefined): void;
}

/**
 * A table with column heads. Roles are spelled out because its rows are laid out as grids or blocks, and a browser
 * takes the table meaning from a row that is not displayed as one.
 */
export function table<S extends string = never>(
  label: string,
  columns: readonly Column<S>[],
  onSort: (column: S) => void = () => undefined,
): Table<S> {
  const heads = columns.map(({ name, text, sort }) => {
    if (sort === undefined) {
      return { sort, head: element('th', { scope: 'col', role: 'columnheader', class: name }, text) };
    }
    const button = element('button', { class: 'sort', type: 'button' }, text);
    button.addEventListener('click', () => {
      onSort(sort);
    });
    return { sort, head: element('th', { scope: 'col', role: 'columnheader', class: name }, button) };
  });
  const body = element('tbody', { role: 'rowgroup' });
  const row = element('tr', { role: 'row' }, ...heads.map(({ head }) => head));
  const head = element('thead', { role: 'rowgroup' }, row);
  return {
    element: element('table', { role: 'table', 'aria-label': label }, head, body),
    body,
    showSort(sort) {
      for (const one of heads) {
        if (one.sort === undefined) continue;
        const order = one.sort !== sort?.column ? 'none' : sort.descending ? 'descending' : 'ascending';
        one.head.setAttribute('aria-sort', order);
      }
    },
  };
}

/** A cell; the first of a row is its header, so that a screen reader names the row. */
export function cell(
  name: string,
  kind: 'cell' | 'rowheader',
  ...content: readonly (Node | string)[]
): HTMLElement {
  return kind === 'cell'
    ? element('td', { role: 'cell', class: name }, ...content)
    : element('th', { role: 'rowheader', scope: 'row', class: name }, ...content);
}
