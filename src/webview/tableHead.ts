import { html, type TemplateResult } from 'lit-html';

/**
 * The heads of a table, each with a class for its column. Roles are spelled out in all tables, because their rows are laid
 * out as grids, and a browser drops the table meaning of a row that isn't displayed as one.
 */
export function tableHead(columns: readonly (readonly [name: string, label: string])[]): TemplateResult {
  return html`<thead role="rowgroup">
    <tr role="row">
      ${columns.map(([name, label]) => html`<th scope="col" role="columnheader" class=${name}>${label}</th>`)}
    </tr>
  </thead>`;
}
