import { element } from './elements';

/**
 * A table with column heads. Roles are spelled out because a narrow page lays the rows out as blocks, and a browser
 * takes the table meaning from a row that is not displayed as one.
 */
export function table(
  label: string,
  columns: readonly { readonly name: string; readonly text: string }[],
): { readonly element: HTMLTableElement; readonly body: HTMLTableSectionElement } {
  const heads = columns.map(({ name, text }) =>
    element('th', { scope: 'col', role: 'columnheader', class: name }, text),
  );
  const body = element('tbody', { role: 'rowgroup' });
  const head = element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...heads));
  return { element: element('table', { role: 'table', 'aria-label': label }, head, body), body };
}

/** A cell; the first of a row is its header, so that a screen reader names the row. */
export function cell(name: string, kind: 'cell' | 'rowheader', ...content: readonly Node[]): HTMLElement {
  return kind === 'cell'
    ? element('td', { role: 'cell', class: name }, ...content)
    : element('th', { role: 'rowheader', scope: 'row', class: name }, ...content);
}
