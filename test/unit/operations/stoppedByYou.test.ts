import { strict as assert } from 'node:assert';
import { summaryInWords } from '../../../src/core/operations/noticeTexts';
import type { Operation } from '../../../src/core/operations/operation';
import { hasProblems } from '../../../src/core/operations/operationFacts';
import { foldOperation } from '../../../src/core/operations/operationFold';
import type { MachineOutcome } from '../../../src/core/operations/outcomes';
import { operationPageState } from '../../../src/core/pages/operation/operationPage';
import { reportOf } from '../../../src/core/operations/report/report';
import { howAgain, leftFor, retryPlanOf } from '../../../src/core/operations/retryPlan';
import { buildTaskTree, pathToTaskRow } from '../../../src/core/operations/taskTree';
import { aMachine, anOperation, startedAt } from './taskPageOperations';

const many = (count: number, outcome: MachineOutcome) => Array.from({ length: count }, () => outcome);

function ended(...outcomes: readonly MachineOutcome[]): Operation {
  const machines = outcomes.map((outcome, n) => aMachine({ outcome }, `web-${n + 1}`));
  return anOperation({ phase: 'ended', endedAt: startedAt + 60_000, sendingStopped: true, machines });
}
const rowOf = (operation: Operation) =>
  pathToTaskRow(
    buildTaskTree([operation], { nowMs: startedAt, dayInWords: () => '', timeInWords: () => '12:00' }),
    operation.id,
  ).at(-1);
const pageOf = (operation: Operation, known: readonly Operation[] = []) =>
  operationPageState(operation, {
    now: startedAt,
    nextCheckAt: undefined,
    known,
    timeInWords: () => '12:00',
  });

describe('an operation that the user stopped', () => {
  const stopped = ended(...many(9, 'done'), ...many(11, 'stopped'));
  const state = 'Stopped by you · 9 completed · 11 not started';

  it('has the same state in the tree, the notice, the page, and the export, and is no problem', () => {
    assert.equal(rowOf(stopped)?.description, `${state} · 12:00`);
    assert.match(rowOf(stopped)?.tooltip ?? '', new RegExp(`^${state}$`, 'm'));
    assert.equal(summaryInWords(stopped), `Upgrade 20 clients: ${state}`);
    const page = pageOf(stopped);
    assert.equal([page.standing.text, page.summary].join(' · '), state);
    assert.deepEqual(page.problems, []);
    const markdown = reportOf(stopped, 'md', { redact: (text) => text, dateInWords: () => '' });
    assert.match(markdown, new RegExp(state));
    assert.equal(hasProblems(stopped), false);
    assert.deepEqual([rowOf(stopped)?.icon?.id, page.standing.look], ['circle-slash', 'off']);
  });

  it('is continued with exactly the clients that were left out, once', () => {
    assert.deepEqual(
      pageOf(stopped).commands.map(({ command, label }) => `${command}: ${label}`),
      ['continueRollout: Continue with 11…', 'exportReport: Export…'],
    );
    assert.ok(rowOf(stopped)?.words.includes('continuable'));
    assert.ok(!rowOf(stopped)?.words.includes('retryable'));
    const plan = retryPlanOf('continue', stopped);
    assert.equal(plan?.retryOf, 'op-1');
    assert.deepEqual(
      plan.machines.map(({ name }) => name),
      Array.from({ length: 11 }, (_, n) => `web-${n + 10}`),
    );
    const later = anOperation({ id: 'op-2', retryOf: 'op-1', machines: stopped.machines.slice(9) });
    assert.equal(howAgain(stopped, later), 'continue');
    assert.deepEqual(leftFor('continue', stopped, [stopped, later]), []);
  });

  it('after failures says both, offers both, and keeps the two apart', () => {
    const troubled = ended('done', 'failed', 'failed', 'stopped', 'stopped', 'stopped');
    assert.equal(
      rowOf(troubled)?.description,
      'Stopped by you, with errors · 1 completed · 2 failed · 3 not started · 12:00',
    );
    assert.equal(rowOf(troubled)?.icon?.id, 'warning');
    assert.deepEqual(
      pageOf(troubled).commands.map(({ label }) => label),
      ['Continue with 3…', 'Retry Failed…', 'Export…'],
    );
    assert.equal(retryPlanOf('retry', troubled)?.machines.length, 2);
    assert.equal(retryPlanOf('continue', troubled)?.machines.length, 3);
  });

  it('is not one whose failure limit was reached: the rest is retried', () => {
    const limited = ended('failed', 'not-sent', 'not-sent');
    assert.equal(leftFor('continue', limited).length, 0);
    assert.equal(leftFor('retry', limited).length, 3);
    assert.equal(rowOf(limited)?.description, 'Failed · 1 failed · 2 not started · 12:00');
  });

  it('is read from the records of older releases, however they name the stop', () => {
    const { scope, profileName, machines } = stopped;
    const plan = {
      ...{ action: 'upgrade', scope, profileName, demo: false },
      machines: machines.slice(0, 2).map(({ machine }) => machine),
    };
    const frame = { v: 1, at: startedAt };
    for (const reason of ['stopped', 'cancelled']) {
      const operation = foldOperation([
        { ...frame, type: 'operation', id: 'op-1', plan, timeScale: 1 },
        { ...frame, type: 'sendingStopped', reason },
        { ...frame, type: 'ended' },
      ]);
      assert.deepEqual(
        operation?.machines.map(({ outcome, reason: why }) => [outcome, why]),
        [
          ['stopped', 'stopped'],
          ['stopped', 'stopped'],
        ],
        reason,
      );
      assert.equal(rowOf(operation)?.description, 'Stopped by you · 2 not started · 12:00');
    }
  });
});

describe('the state of an operation', () => {
  it('leaves out counts that only repeat it', () => {
    assert.equal(rowOf(ended(...many(12, 'done')))?.description, 'Completed · 12:00');
    assert.equal(rowOf(ended('done'))?.description, 'Completed · 12:00');
    assert.equal(rowOf(ended('failed', 'failed'))?.description, 'Failed · 12:00');
    assert.equal(pageOf(ended('done')).summary, '');
  });
});
