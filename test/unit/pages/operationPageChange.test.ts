import { strict as assert } from 'node:assert';
import type { Operation } from '../../../src/core/operations/operation';
import { ClientTables } from '../../../src/core/pages/operation/clientTable';
import { operationPageState } from '../../../src/core/pages/operation/operationPage';
import { operationPageChange } from '../../../src/core/pages/operation/pageChange';
import { pageChanged } from '../../../src/webview/operation/pageChanged';
import { aCall, aMachine, anOperation, startedAt } from '../operations/taskPageOperations';

const machines = Array.from({ length: 1_000 }, (_, n) => aMachine({}, `web-${n}`));
const running = anOperation({
  machines,
  calls: [aCall({ machineKeys: machines.map(({ machine }) => machine.key) })],
});
const withOne = (operation: Operation, at: number, parts: Parameters<typeof aMachine>[0]): Operation => ({
  ...operation,
  machines: operation.machines.map((machine, n) => (n === at ? { ...machine, ...parts } : machine)),
});

/** What the host does each time that something changes. */
function page() {
  const tables = new ClientTables();
  let minutes = 0;
  return (operation: Operation) =>
    operationPageState(
      operation,
      { now: startedAt + ++minutes * 60_000, nextCheckAt: undefined, known: [], timeInWords: String },
      tables,
    );
}

describe('a page whose operation goes on', () => {
  it('is sent only the rows that look different, and then shows what a new page would', () => {
    const stateOf = page();
    const before = stateOf(running);
    const now = stateOf(withOne(running, 7, { outcome: 'failed', reason: 'UPGRADE_FAILED' }));
    const change = operationPageChange(before, now);
    // The cause has a column of its own, which all rows get.
    assert.equal(change?.rows.length, 1_000);
    const next = stateOf(
      withOne(withOne(running, 7, { outcome: 'failed', reason: 'UPGRADE_FAILED' }), 9, { outcome: 'done' }),
    );
    const later = operationPageChange(now, next);
    assert.ok(later);
    assert.equal(later.rows.filter(([, row]) => row.state.text === 'Completed').length, 1);
    const sent = JSON.parse(JSON.stringify(later)) as typeof later;
    assert.deepEqual(JSON.parse(JSON.stringify(pageChanged(now, sent))), JSON.parse(JSON.stringify(next)));
  });

  it('is sent no row while nothing changes, and keeps the table that it draws', () => {
    const stateOf = page();
    const before = stateOf(running);
    const change = operationPageChange(before, stateOf(running));
    assert.deepEqual(change?.rows, []);
    assert.equal(pageChanged(before, change).clients, before.clients);
  });

  it('gets one row for one client, and keeps all other rows as they are', () => {
    const stateOf = page();
    const before = stateOf(running);
    const change = operationPageChange(before, stateOf(withOne(running, 7, { outcome: 'done' })));
    assert.deepEqual(
      change?.rows.map(([at]) => at),
      [7],
    );
    const { rows } = pageChanged(before, change).clients;
    assert.ok(rows.every((row, at) => at === 7 || row === before.clients.rows[at]));
  });

  it('tells the time of a backup that it waits for anew each time', () => {
    const job = { jobId: 'j', status: 'RUNNING', kind: 'backup', certain: true, stuck: false } as const;
    const held = withOne(running, 3, {
      outcome: 'waiting',
      held: { jobs: [{ ...job, since: startedAt / 1000 }], since: startedAt, until: startedAt + 7_200_000 },
    });
    const stateOf = page();
    const change = operationPageChange(stateOf(held), stateOf(held));
    assert.deepEqual(
      change?.rows.map(([at]) => at),
      [3],
    );
  });

  it('is sent whole when its clients are not the same ones', () => {
    const stateOf = page();
    const before = stateOf(running);
    assert.equal(
      operationPageChange(before, stateOf({ ...running, machines: machines.slice(1) })),
      undefined,
    );
    assert.equal(operationPageChange(before, stateOf({ ...running, id: 'op-2' })), undefined);
  });

  it('has other words for a code once a request failed with it', () => {
    const stateOf = page();
    const refused = withOne(running, 0, { outcome: 'refused', reason: 'SomethingElse' });
    const before = stateOf(refused);
    const failure = {
      code: 'permission-denied',
      serviceCode: 'SomethingElse',
      message: 'no',
      ambiguous: false,
    } as const;
    const now = stateOf({ ...refused, calls: [aCall({ state: 'failed', failure })] });
    assert.notDeepEqual(now.clients.rows[0]?.cells, before.clients.rows[0]?.cells);
  });
});
