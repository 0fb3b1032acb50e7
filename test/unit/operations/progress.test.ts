import { strict as assert } from 'node:assert';
import { progressOf, type Operation } from '../../../src/core/operations/operation';
import type { MachineOutcome } from '../../../src/core/operations/outcomes';
import { runningStatusOf } from '../../../src/core/operations/runningStatus';
import { buildTaskTree } from '../../../src/core/operations/taskTree';
import { operationPageState } from '../../../src/core/pages/operation/operationPage';
import { aCall, aMachine, anOperation, aTask, startedAt } from './taskPageOperations';

/** An operation of two waves, with machines that have these outcomes; the task of those that run is at so many percent. */
function rollout(progress: number, ...outcomes: readonly MachineOutcome[]): Operation {
  const machines = outcomes.map((outcome, n) => aMachine({ outcome }, `web-${n}`));
  const keysOf = (...wanted: readonly MachineOutcome[]) =>
    machines.filter(({ outcome }) => wanted.includes(outcome)).map(({ machine }) => machine.key);
  const left = outcomes.includes('waiting');
  return anOperation({
    phase: left ? 'sending' : 'watching',
    sendingStopped: !left,
    machines,
    waves: [
      { number: 1, machineKeys: keysOf('running', 'done'), state: 'running' },
      {
        number: 2,
        machineKeys: keysOf('waiting', 'not-sent', 'stopped'),
        state: left ? 'waiting' : 'not-sent',
      },
    ],
    calls: [aCall({ machineKeys: keysOf('running', 'done'), task: aTask({ progress }) })],
  });
}
const many = <T>(count: number, one: T): readonly T[] => Array.from({ length: count }, () => one);

/** How far an operation is, as each place says it. */
function saidOf(operation: Operation) {
  const [row] = buildTaskTree([operation], {
    nowMs: startedAt,
    dayInWords: () => '',
    timeInWords: () => '',
  });
  const page = operationPageState(operation, {
    now: startedAt,
    nextCheckAt: undefined,
    known: [],
    timeInWords: () => '12:00',
  });
  const status = runningStatusOf([operation]);
  return {
    status: status?.text,
    row: row?.description,
    page: [page.standing.text, page.summary, page.percent],
  };
}

describe('the progress of an operation', () => {
  it('says of the first wave of a canary that one client runs and eleven wait', () => {
    assert.deepEqual(saidOf(rollout(0, 'running', ...many(11, 'waiting' as const))), {
      status: 'Upgrading 0/12',
      row: 'Wave 1 of 2 · 1 running · 11 waiting',
      page: ['Wave 1 of 2', '1 running · 11 waiting', 0],
    });
  });

  it('counts no client as done because the user stopped the rollout', () => {
    const running = many(9, 'running' as const);
    assert.deepEqual(saidOf(rollout(37, ...running, ...many(11, 'waiting' as const))), {
      status: 'Upgrading 0/20',
      row: 'Wave 1 of 2 · 9 running · 11 waiting',
      page: ['Wave 1 of 2', '9 running · 11 waiting', 16],
    });
    assert.deepEqual(saidOf(rollout(37, ...running, ...many(11, 'stopped' as const))), {
      status: 'Upgrading 0/9',
      row: 'Running · 9 running · 11 not started',
      page: ['Running', '9 running · 11 not started', 37],
    });
  });

  it('is nothing where all that was sent is nothing', () => {
    assert.equal(progressOf(rollout(0, ...many(3, 'not-sent' as const))), 0);
  });
});
