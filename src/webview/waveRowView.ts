import type { TaskPageTexts, WaveRow } from '../protocol/messages';
import { element, setText } from './elements';
import type { RowView } from './keyedList';
import { StateView } from './stateView';
import { cell } from './table';

/** Draws one wave. */
export function createWaveRowView(row: WaveRow, texts: TaskPageTexts): RowView<WaveRow> {
  const name = cell('name', 'rowheader');
  const clients = cell('count', 'cell');
  // Shown by the style sheet where the column heads are not.
  clients.dataset['label'] = texts.clientCount;
  const state = new StateView(row.state);
  const summary = cell('details', 'cell');
  const view: RowView<WaveRow> = {
    element: element(
      'tr',
      { role: 'row' },
      name,
      clients,
      cell('state-cell', 'cell', state.element),
      summary,
    ),
    update(next) {
      setText(name, next.name);
      setText(clients, String(next.clients));
      state.update(next.state);
      setText(summary, next.summary);
    },
  };
  view.update(row);
  return view;
}
