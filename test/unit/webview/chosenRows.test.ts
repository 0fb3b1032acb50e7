import { strict as assert } from 'node:assert';
import type { ClientRow, ClientTable, RowChoice } from '../../../src/protocol/operation';
import {
  chosenRows,
  everyRow,
  nextSort,
  problemState,
  stateFilterOf,
} from '../../../src/webview/operation/chosenRows';

const row = (name: string, parts: Partial<ClientRow> = {}, rank = 5): ClientRow => {
  const state = parts.state ?? { text: 'Done', look: 'good' };
  return {
    key: name,
    name,
    state,
    code: '',
    problem: false,
    cells: [{ text: name }, { ...state, rank }],
    ...parts,
  };
};
const table: ClientTable = {
  columns: ['name', 'state'].map((id) => ({ id, label: id, width: '1fr' })),
  rows: [
    row('web-10'),
    row('web-2', { state: { text: 'Failed', look: 'bad' }, problem: true, code: 'UPGRADE_FAILED' }, 0),
    row('db-1', { state: { text: 'Running', look: 'running' } }, 3),
  ],
};
const names = (choice: Partial<RowChoice>) =>
  chosenRows(table, { ...everyRow, ...choice }).map(({ name }) => name);

describe('chosen rows', () => {
  it('are all, as they came, without a choice', () => {
    assert.equal(chosenRows(table, everyRow), table.rows);
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

  it('keep the order of the plan when their column is no longer there', () => {
    assert.equal(chosenRows(table, { ...everyRow, sort: { column: 'gone', descending: true } }), table.rows);
  });

  it('go up, down and back to the order of the plan with three clicks', () => {
    const up = nextSort(undefined, 'name');
    const down = nextSort(up, 'name');
    assert.deepEqual([up?.descending, down?.descending, nextSort(down, 'name')], [false, true, undefined]);
    assert.deepEqual(nextSort(down, 'wave'), { column: 'wave', descending: false });
  });
});
