import type { ClientRow } from '../protocol/messages';
import { element, setText } from './elements';
import type { RowView } from './keyedList';
import { StateView } from './stateView';
import { cell } from './table';

/** Draws one machine. */
export function createClientRowView(row: ClientRow): RowView<ClientRow> {
  // A name in another script must not turn round what stands beside it.
  const name = element('bdi');
  const instanceId = element('span');
  const state = new StateView(row.state);
  const version = element('span');
  const details = element('span');
  const view: RowView<ClientRow> = {
    element: element(
      'tr',
      { role: 'row' },
      cell('name', 'rowheader', name),
      cell('id', 'cell', instanceId),
      cell('state-cell', 'cell', state.element),
      cell('version', 'cell', version),
      cell('details', 'cell', details),
    ),
    update(next) {
      setText(name, next.name);
      setText(instanceId, next.instanceId);
      state.update(next.state);
      setText(version, next.version);
      setText(details, next.details);
    },
  };
  view.update(row);
  return view;
}
