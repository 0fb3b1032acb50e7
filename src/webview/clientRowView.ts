import type { ClientRow } from '../protocol/messages';
import { element, setText } from './elements';
import type { RowView } from './keyedList';
import { StateView } from './stateView';
import { cell } from './table';

/** Draws one machine. There may be thousands: as few nodes as will do. */
export function createClientRowView(row: ClientRow): RowView<ClientRow> {
  // A name in another script must not turn round what stands beside it.
  const name = element('bdi');
  const instanceId = cell('id', 'cell');
  const state = new StateView(row.state);
  const version = cell('version', 'cell');
  const details = cell('details', 'cell');
  const view: RowView<ClientRow> = {
    element: element(
      'tr',
      { role: 'row' },
      cell('name', 'rowheader', name),
      instanceId,
      cell('state-cell', 'cell', state.element),
      version,
      details,
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
