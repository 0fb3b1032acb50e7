import { strict as assert } from 'node:assert';
import type { Operation } from '../../../src/core/operations/operation';
import { linksOf } from '../../../src/core/operations/operationLinks';
import type { MachineOutcome } from '../../../src/core/operations/outcomes';
import { operationPageState } from '../../../src/core/pages/operation/operationPage';
import { buildTaskTree } from '../../../src/core/operations/taskTree';
import { aMachine, anOperation } from './taskPageOperations';

const at = (hour: number, minute: number): number => new Date(2026, 10, 21, hour, minute).getTime();
const timeInWords = (ms: number): string =>
  `${new Date(ms).getHours()}:${String(new Date(ms).getMinutes()).padStart(2, '0')}`;

function ended(id: string, startedAt: number, outcomes: Readonly<Record<string, MachineOutcome>>): Operation {
  const machines = Object.entries(outcomes).map(([name, outcome]) => aMachine({ outcome }, name));
  return anOperation({ id, startedAt, endedAt: startedAt + 60_000, phase: 'ended', machines });
}

describe('an operation that makes up for another one', () => {
  const first = ended('first', at(11, 58), { a: 'done', b: 'failed', c: 'failed', d: 'stopped' });
  const retry = { ...ended('retry', at(12, 6), { b: 'done', c: 'failed' }), retryOf: 'first' };
  const rest = { ...ended('rest', at(12, 9), { d: 'done' }), retryOf: 'first' };
  const known = [rest, retry, first];
  const links = (operation: Operation, among: readonly Operation[] = known) =>
    linksOf(operation, among, timeInWords).map(({ operationId, text }) => `${operationId}: ${text}`);

  it('is linked both ways, whether it retries or continues', () => {
    assert.deepEqual(links(first), [
      'retry: Retried at 12:06 → Upgrade 2 clients',
      'rest: Continued at 12:09 → Upgrade d',
    ]);
    assert.deepEqual(links(retry), ['first: Retries Upgrade 4 clients of 11:58']);
    assert.deepEqual(links(rest), ['first: Continues Upgrade 4 clients of 11:58']);
  });

  it('has no link to what was removed from the history', () => {
    assert.deepEqual(links(retry, [retry]), []);
    assert.deepEqual(links(first, [first]), []);
  });

  it('shows the links on both pages', () => {
    const onPage = (operation: Operation) =>
      operationPageState(operation, { now: at(12, 9), nextCheckAt: undefined, known, timeInWords }).links;
    assert.deepEqual(onPage(first), linksOf(first, known, timeInWords));
    assert.deepEqual(onPage(retry), linksOf(retry, known, timeInWords));
  });

  it('says so in the tooltips of both rows', () => {
    const rows = buildTaskTree(known, { nowMs: at(12, 9), dayInWords: () => '', timeInWords })
      .flatMap((root) => (root.operationId === undefined ? root.children() : [root]))
      .map(({ id, tooltip }) => [id, /^Retr.*|^Contin.*/m.exec(tooltip)?.[0]]);
    assert.deepEqual(Object.fromEntries(rows), {
      rest: 'Continues Upgrade 4 clients of 11:58',
      retry: 'Retries Upgrade 4 clients of 11:58',
      first: 'Retried at 12:06 → Upgrade 2 clients',
    });
  });
});
