import { element, setText } from './elements';
import { copyIcon } from './icons';
import type { RowView } from './keyedList';

/** An id with a button that copies it. */
export interface IdRow {
  readonly key: string;
  /** What the id is of; empty where the column says it. */
  readonly label: string;
  readonly id: string;
  /** Name of the button, such as "Copy Task ID". */
  readonly copyText: string;
}

/** Draws one id. */
export function createIdView(row: IdRow, copy: (id: string) => void): RowView<IdRow> {
  const label = element('span', { class: 'id-label' });
  const id = element('code');
  const button = element('vscode-button', { appearance: 'icon', class: 'copy' }, copyIcon(false));
  let shown = row.id;
  button.addEventListener('click', () => {
    copy(shown);
  });
  const view: RowView<IdRow> = {
    element: element('div', { class: 'id-line' }, label, id, button),
    update(next) {
      shown = next.id;
      setText(label, next.label);
      label.hidden = next.label === '';
      setText(id, next.id);
      button.setAttribute('aria-label', next.copyText);
      button.title = next.copyText;
      button.dataset['id'] = next.id;
    },
  };
  view.update(row);
  return view;
}

/** Shows a check mark on the buttons of an id for as long as `copied` is true. */
export function markCopied(root: ParentNode, id: string, copied: boolean): void {
  for (const button of root.querySelectorAll<HTMLElement>('vscode-button.copy')) {
    if (button.dataset['id'] === id) button.replaceChildren(copyIcon(copied));
  }
}
