import type { CallRow, TaskPageTexts } from '../protocol/messages';
import { createIdView, type IdRow } from './idView';
import { element, setText } from './elements';
import { KeyedList, type RowView } from './keyedList';
import { StateView } from './stateView';
import { cell } from './table';

/** Draws one call with its task. */
export function createCallRowView(
  row: CallRow,
  texts: TaskPageTexts,
  copy: (id: string) => void,
): RowView<CallRow> {
  const taskId = element('div');
  const noTask = element('span', { class: 'empty' }, texts.noTask);
  const clients = cell('count', 'cell');
  // Shown by the style sheet where the column heads are not.
  clients.dataset['label'] = texts.clientCount;
  const state = new StateView(row.state);
  const details = element('p', { class: 'details' });
  const requestIds = element('div', { class: 'ids' });
  const create = (id: IdRow): RowView<IdRow> => createIdView(id, copy);
  const taskIdList = new KeyedList(taskId, create);
  const requestIdList = new KeyedList(requestIds, create);
  const view: RowView<CallRow> = {
    element: element(
      'tr',
      { role: 'row' },
      cell('id', 'rowheader', taskId, noTask),
      clients,
      cell('state-cell', 'cell', state.element, details),
      cell('requests', 'cell', requestIds),
    ),
    update(next) {
      taskIdList.update(
        next.taskId === '' ? [] : [{ key: 'task', label: '', id: next.taskId, copyText: texts.copyTaskId }],
      );
      noTask.hidden = next.taskId !== '';
      setText(clients, String(next.clients));
      state.update(next.state);
      setText(details, next.details);
      details.hidden = next.details === '';
      requestIdList.update(
        next.requestIds.map((id) => ({ key: id.label, ...id, copyText: texts.copyRequestId })),
      );
    },
  };
  view.update(row);
  return view;
}
