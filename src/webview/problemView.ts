import type { ProblemRow, TaskPageTexts } from '../protocol/messages';
import { element, setText } from './elements';
import type { RowView } from './keyedList';

/** Draws one cause; its button leaves only the clients with it in view. */
export function createProblemView(
  row: ProblemRow,
  texts: TaskPageTexts,
  onShow: (row: ProblemRow) => void,
): RowView<ProblemRow> {
  const button = element('button', { class: 'link', type: 'button', title: texts.showOnly });
  const text = element('span');
  const code = element('code');
  let shown = row;
  button.addEventListener('click', () => {
    onShow(shown);
  });
  const view: RowView<ProblemRow> = {
    element: element('li', {}, button, element('span', {}, text, code)),
    update(next) {
      shown = next;
      setText(button, next.label);
      setText(text, next.text);
      setText(code, next.code === next.text ? '' : next.code);
    },
  };
  view.update(row);
  return view;
}
