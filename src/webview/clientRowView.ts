import type { ClientRow, TaskPageTexts } from '../protocol/messages';
import { fill } from './duration';
import { element, setText } from './elements';
import type { RowView } from './keyedList';
import { StateView } from './stateView';
import { cell } from './table';

/** Draws one machine. There may be thousands: as few nodes as will do, and no listener of its own. */
export function createClientRowView(row: ClientRow, texts: TaskPageTexts): RowView<ClientRow> {
  // A name in another script must not turn round what stands beside it.
  const name = element('bdi');
  const reveal = element('button', { class: 'reveal', tabindex: '-1' });
  const instanceId = cell('id', 'cell');
  const state = new StateView(row.state);
  const version = cell('version', 'cell');
  const wave = cell('wave', 'cell');
  // Shown by the style sheet where the column heads are not.
  wave.dataset['label'] = texts.wave;
  const details = element('span');
  const code = element('code');
  const view: RowView<ClientRow> = {
    element: element(
      'tr',
      { role: 'row' },
      cell('name', 'rowheader', name, reveal),
      instanceId,
      cell('state-cell', 'cell', state.element),
      version,
      wave,
      cell('details', 'cell', details, code),
    ),
    update(next) {
      view.element.dataset['key'] = next.key;
      setText(name, next.name);
      const label = fill(texts.showInClients, next.name);
      reveal.setAttribute('aria-label', label);
      reveal.title = label;
      setText(instanceId, next.instanceId);
      state.update(next.state);
      setText(version, next.version);
      setText(wave, next.wave === 0 ? '' : String(next.wave));
      setText(details, next.details);
      // A code without words of its own is the details already.
      setText(code, next.code === next.details ? '' : next.code);
    },
  };
  view.update(row);
  return view;
}
