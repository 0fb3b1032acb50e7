import type { CallRow } from '../protocol/messages';
import { createIdView, type IdRow, type IdViewParts } from './idView';
import { element, setText } from './elements';
import { KeyedList, type RowView } from './keyedList';
import { StateView } from './stateView';
import { cell } from './table';

/** Draws one call with its task. */
export function createCallRowView(row: CallRow, parts: IdViewParts): RowView<CallRow> {
  const taskId = element('div');
  const clients = element('span');
  const state = new StateView(row.state);
  const details = element('p', { class: 'details' });
  const requestIds = element('div', { class: 'ids' });
  const create = (id: IdRow): RowView<IdRow> => createIdView(id, parts);
  const taskIdList = new KeyedList(taskId, create);
  const requestIdList = new KeyedList(requestIds, create);
  const view: RowView<CallRow> = {
    element: element(
      'tr',
      { role: 'row' },
      cell('id', 'rowheader', taskId),
      cell('count', 'cell', clients),
      cell('state-cell', 'cell', state.element, details),
      cell('requests', 'cell', requestIds),
    ),
    update(next) {
      taskIdList.update(next.taskId === '' ? [] : [{ key: 'task', label: '', id: next.taskId }]);
      setText(clients, String(next.clients));
      state.update(next.state);
      setText(details, next.details);
      details.hidden = next.details === '';
      requestIdList.update(next.requestIds.map((id) => ({ key: id.label, ...id })));
    },
  };
  view.update(row);
  return view;
}
