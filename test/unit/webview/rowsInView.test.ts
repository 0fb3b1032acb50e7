import { strict as assert } from 'node:assert';
import type { ClientRow, RowChoice } from '../../../src/protocol/messages';
import { everyRow, nextSort, problemState, rowsInView, stateFilterOf } from '../../../src/webview/rowsInView';

const row = (name: string, parts: Partial<ClientRow> = {}): ClientRow => ({
  key: name,
  name,
  instanceId: `i-${name}`,
  state: { text: 'Done', look: 'good' },
  version: '2.4.5',
  details: '',
  code: '',
  problem: false,
  wave: 0,
  ...parts,
});
const rows = [
  row('web-10'),
  row('web-2', { state: { text: 'Failed', look: 'bad' }, problem: true, code: 'UPGRADE_FAILED' }),
  row('db-1', { state: { text: 'Running', look: 'running' } }),
];
const names = (choice: Partial<RowChoice>) =>
  rowsInView(rows, { ...everyRow, ...choice }).map(({ name }) => name);

describe('rows in view', () => {
  it('are all, as they came, without a choice', () => {
    assert.equal(rowsInView(rows, everyRow), rows);
  });

  it('have every word of the text, in any case, in any column', () => {
    assert.deepEqual(names({ text: ' WEB ' }), ['web-10', 'web-2']);
    assert.deepEqual(names({ text: 'web upgrade_failed' }), ['web-2']);
    assert.deepEqual(names({ text: 'running' }), ['db-1']);
  });

  it('are those of a state, or whatever went wrong', () => {
    assert.deepEqual(names({ state: stateFilterOf('Running') }), ['db-1']);
    assert.deepEqual(names({ state: problemState }), ['web-2']);
    assert.deepEqual(names({ text: 'db', state: problemState }), []);
  });

  it('count numbers in names as numbers, and put problems first by state', () => {
    assert.deepEqual(names({ sort: { column: 'name', descending: false } }), ['db-1', 'web-2', 'web-10']);
    assert.equal(names({ sort: { column: 'state', descending: false } })[0], 'web-2');
    assert.equal(names({ sort: { column: 'state', descending: true } })[0], 'web-10');
  });

  it('go up, down and back to the order of the plan with three clicks', () => {
    const up = nextSort(undefined, 'name');
    const down = nextSort(up, 'name');
    assert.deepEqual([up?.descending, down?.descending, nextSort(down, 'name')], [false, true, undefined]);
    assert.deepEqual(nextSort(down, 'wave'), { column: 'wave', descending: false });
  });
});
