import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { MachineProgress, Operation, Strategy } from '../../src/core/operations/operation';
import { foldOperation } from '../../src/core/operations/operationFold';
import type { Action } from '../../src/core/service/actions';
import type { FaultRule } from '../../simulator/main';
import { inTime, names, type TimedStage, type TimedWindow } from '../support/operationsInTime';

const minute = 60_000;

/** How a window ends or, after a sleep, loses the operation to another while it lives on: at a call that arrives at the service, at a record that it writes, or after some time. */
interface Death {
  readonly how: 'killed' | 'lost';
  readonly at: 'call' | 'record' | 'minute';
  readonly nth: number;
  /** The record it dies at reaches the disk without so many of its last bytes. */
  readonly torn: number;
  /** Minutes until the next window opens. */
  readonly awayFor: number;
}

interface Story {
  readonly action: Action;
  readonly machines: number;
  readonly stopped: readonly number[];
  readonly strategy: Strategy;
  readonly maxFailures: number;
  readonly faults: readonly FaultRule[];
  readonly deaths: readonly Death[];
  readonly decision: { readonly atMinute: number; readonly stops: 'sending' | 'watching' } | undefined;
}

const callName = { install: 'Install', upgrade: 'Upgrade', uninstall: 'Uninstall' } as const;

const writeFaults = [
  'throttle',
  'resetBefore',
  'resetAfter',
  'serverError',
  'truncate',
  'empty',
  'denied',
  'taskFails',
  'taskExpires',
  'taskCancelled',
  'taskPartlyFails',
] as const satisfies readonly FaultRule['fault'][];

function writeFault(action: Action): fc.Arbitrary<FaultRule> {
  return fc.record({
    action: fc.constant(`${callName[action]}BackupClients`),
    fault: fc.constantFrom(...writeFaults),
    nth: fc.integer({ min: 1, max: 4 }),
  });
}

const readFault: fc.Arbitrary<FaultRule> = fc.record({
  action: fc.constantFrom('DescribeTask', 'DescribeBackupClients'),
  fault: fc.constantFrom(...(['throttle', 'resetBefore', 'serverError', 'html'] as const)),
  probability: fc.constantFrom(0.1, 0.4, 0.8),
});

const death: fc.Arbitrary<Death> = fc.record({
  how: fc.constantFrom(...(['killed', 'killed', 'lost'] as const)),
  at: fc.constantFrom(...(['call', 'record', 'minute'] as const)),
  nth: fc.integer({ min: 1, max: 12 }),
  torn: fc.constantFrom(0, 0, 1, 7, 40),
  awayFor: fc.constantFrom(0, 1, 4, 16, 90),
});

const story: fc.Arbitrary<Story> = fc
  .constantFrom<Action>('install', 'upgrade', 'uninstall')
  .chain((action) =>
    fc.record({
      action: fc.constant(action),
      machines: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 6 }) }, fc.constantFrom(21, 45)),
      stopped: fc.array(fc.nat(5), { maxLength: 2 }),
      strategy: fc.constantFrom<Strategy>(
        { kind: 'all' },
        { kind: 'canary' },
        { kind: 'zones' },
        { kind: 'batches', size: 2 },
        { kind: 'batches', size: 15 },
      ),
      maxFailures: fc.constantFrom(0, 0, 1, 2),
      faults: fc
        .tuple(fc.array(writeFault(action), { maxLength: 3 }), fc.array(readFault, { maxLength: 1 }))
        .map((both) => both.flat()),
      deaths: fc.array(death, { maxLength: 3 }),
      decision: fc.option(
        fc.record({
          atMinute: fc.integer({ min: 0, max: 12 }),
          stops: fc.constantFrom(...(['sending', 'sending', 'watching'] as const)),
        }),
        { nil: undefined, freq: 3 },
      ),
    }),
  );

/** Opens window after window until one of them brings the operation to its end; undefined when it was never recorded. */
async function live(stage: TimedStage, told: Story): Promise<Operation | undefined> {
  const { clock, disk, simulator } = stage;
  const plan = await stage.plan(told.action, told.machines);
  for (const n of told.stopped) {
    if (n < told.machines) simulator.updateInstance(`i-${n}`, { status: 'Stopped' });
  }
  simulator.setFaults(told.faults);
  const beganAt = clock.now();
  const windows: TimedWindow[] = [];
  const deaths = [...told.deaths];
  let decided = told.decision === undefined;
  for (;;) {
    const window = stage.open();
    windows.push(window);
    const next = deaths.shift();
    const fate = { dead: false };
    const die = (): void => {
      if (fate.dead) return;
      fate.dead = true;
      // Torn while it's written: what another window has read doesn't get shorter.
      if (next?.how === 'killed') window.kill(next.at === 'record' ? next.torn : 0);
      // Whether it hears of it or has yet to ask.
      else window.disk.expire(next?.torn === 0);
    };
    const disarm = next ? arm(stage, window, next, die) : () => undefined;
    const begin =
      windows.length === 1
        ? window.operations.start({ ...plan, strategy: told.strategy, maxFailures: told.maxFailures })
        : window.operations.resume();
    // A window that dies does not come back to say so.
    void begin.catch(() => undefined);
    const isOver = (): boolean => {
      if (fate.dead) return true;
      const [operation] = window.operations.list();
      const isTime = clock.now() - beganAt >= (told.decision?.atMinute ?? 0) * minute;
      if (!decided && operation && told.decision && isTime) {
        decided = true;
        const { stops } = told.decision;
        void (stops === 'sending'
          ? window.operations.stop(operation.id, 'rollout')
          : window.operations.stop(operation.id, 'tracking'));
      }
      return disk.closed.size > 0;
    };
    const isAsleep = !(await stage.run(isOver, 600 * minute));
    disarm();
    if (fate.dead) {
      // The service hears out the call that nobody waits for any more.
      await stage.run(() => false, 0);
      if (next?.how === 'killed') await clock.advance(next.awayFor * minute);
      continue;
    }
    await stage.run(() => true, 0);
    assert.ok(windows.reduce((sum, { ended }) => sum + ended.length, 0) <= 1, 'the end was told twice');
    const [operation] = window.operations.list();
    assert.ok(!isAsleep || operation === undefined, 'an operation never ended');
    return operation;
  }
}

function arm(stage: TimedStage, window: TimedWindow, { at, nth, torn }: Death, die: () => void): () => void {
  let count = 0;
  const step = (): void => {
    if (++count === nth) die();
  };
  switch (at) {
    case 'call':
      return stage.simulator.onRequest(step);
    case 'record':
      window.disk.beforeAppend = step;
      return () => undefined;
    case 'minute': {
      const end = new AbortController();
      stage.clock.sleep(nth * minute + torn, { signal: end.signal }).then(die, () => undefined);
      return () => {
        end.abort();
      };
    }
  }
}

/** What has to hold for each machine, by what the service did and what the user is told. */
function assertTrue(stage: TimedStage, action: Action, progress: MachineProgress): void {
  const { machine, outcome } = progress;
  const about = `${machine.key} ${outcome}: ${progress.reason ?? ''}`;
  const calls = stage.writes().filter((entry) => names(entry, progress));
  assert.ok(calls.filter(({ executed }) => executed).length <= 1, `${about}: two writes ran`);
  for (const earlier of calls.slice(0, -1)) {
    assert.ok(!earlier.executed && earlier.code.startsWith('Throttling'), `${about}: a second write`);
  }
  const row = stage.simulator.clients().find(({ InstanceId }) => InstanceId === machine.instanceId);
  assert.ok(row);
  const arrived = {
    install: row.Status === 'ACTIVATED',
    upgrade: row.ClientVersion === '2.4.5',
    uninstall: row.Status === 'STOPPED',
  }[action];
  const untouched = row.Status === machine.fromStatus && !arrived;
  switch (outcome) {
    case 'done':
    case 'unconfirmed':
      assert.ok(arrived, `${about}, and it is ${row.Status}`);
      break;
    case 'failed':
      assert.ok(!arrived && !untouched, `${about}, and it is ${row.Status}`);
      break;
    case 'refused':
    case 'not-sent':
    case 'stopped':
      assert.ok(untouched, `${about}, and it is ${row.Status}`);
      break;
    case 'unknown':
    case 'unwatched':
      break;
    case 'waiting':
    case 'running':
    case 'confirming':
      assert.fail(`${about}: no end`);
  }
}

/** As the records tell it: when a task was last asked without news is not recorded. */
function recorded(operation: Operation | undefined): unknown {
  return (
    operation && {
      ...operation,
      calls: operation.calls.map((call) => ({
        ...call,
        task: call.task && { ...call.task, checkedAt: 0, checkedServiceAt: 0, requestId: '' },
      })),
    }
  );
}

describe('operations under random faults and reloads', () => {
  it('never write twice for a machine, tell each one truly, and fold from their file to what was shown', () =>
    fc.assert(
      fc.asyncProperty(story, (told) =>
        inTime({ machines: told.machines, action: told.action }, async (stage) => {
          const operation = await live(stage, told);
          if (operation === undefined) {
            assert.equal(stage.writes().length, 0, 'a call without a record');
            return;
          }
          assert.equal(operation.phase, 'ended');
          assert.equal(operation.machines.length, told.machines);
          assert.ok(operation.waves.every(({ state }) => state === 'ended' || state === 'not-sent'));
          for (const progress of operation.machines) assertTrue(stage, told.action, progress);
          assert.deepEqual(recorded(foldOperation(stage.disk.lines(operation.id))), recorded(operation));
        }),
      ),
      { numRuns: Number(process.env['RUNS'] ?? 80) },
    ));
});
