import { strict as assert } from 'node:assert';
import { Emitter } from '../../src/core/kernel/events';
import { countsOf, type Operation } from '../../src/core/operations/operation';
import type { MachineOutcome } from '../../src/core/operations/outcomes';
import { showSummaries } from '../../src/core/operations/summary';
import { retryPlanOf } from '../../src/core/operations/retryPlan';
import type { FaultRule } from '../../simulator/main';
import { inTime, names, type TimedStage, type TimedWindow } from '../support/operationsInTime';
import { outcomesOf } from '../support/operationBuilders';

const minute = 60_000;

/** Outcomes that say how it went; the others are on the way. */
const ends: ReadonlySet<MachineOutcome> = new Set<MachineOutcome>([
  'refused',
  'failed',
  'done',
  'unconfirmed',
  'not-sent',
  'unknown',
  'unwatched',
]);

/** Runs until the operation has ended in this window, and answers it. */
async function endOf(stage: TimedStage, window: TimedWindow, id: string): Promise<Operation> {
  const isOver = (): boolean => window.operations.get(id)?.phase === 'ended';
  assert.ok(await stage.run(isOver, 180 * minute), 'the operation did not end');
  const operation = window.operations.get(id);
  assert.ok(operation);
  return operation;
}

/** No machine was in two calls that ran, and for each one there is an end. */
function assertOnceAndTold(stage: TimedStage, operation: Operation): void {
  for (const progress of operation.machines) {
    const ran = stage.writes().filter((entry) => entry.executed && names(entry, progress));
    assert.ok(ran.length <= 1, `${progress.machine.key} was in ${ran.length} calls that ran`);
    assert.ok(ends.has(progress.outcome), `${progress.machine.key} is ${progress.outcome}`);
  }
}

describe('operations in simulated time', () => {
  it('uninstall 45 clients with three calls of at most 20, each proven by the list', () =>
    inTime({ machines: 45, action: 'uninstall' }, async (stage) => {
      const window = stage.open();
      const { id } = await window.operations.start(await stage.plan('uninstall', 45));
      const operation = await endOf(stage, window, id);
      assert.equal(countsOf(operation).done, 45);
      assert.ok(
        stage.writes().every(({ action, executed }) => action === 'UninstallBackupClients' && executed),
      );
      assert.deepEqual(
        stage.writes().map((entry) => operation.machines.filter((machine) => names(entry, machine)).length),
        [20, 20, 5],
      );
      assertOnceAndTold(stage, operation);
    }));

  it('begin a wave only when the list proves the one before', () =>
    inTime({ machines: 6, action: 'upgrade' }, async (stage) => {
      const window = stage.open();
      const versions: (readonly (string | undefined)[])[] = [];
      stage.simulator.onRequest(({ action }) => {
        if (action !== 'UpgradeBackupClients') return;
        versions.push(stage.simulator.clients().map(({ ClientVersion }) => ClientVersion));
      });
      const plan = await stage.plan('upgrade', 6);
      const { id } = await window.operations.start({ ...plan, strategy: { kind: 'zones' } });
      const operation = await endOf(stage, window, id);
      assert.equal(countsOf(operation).done, 6);
      const [old, fresh] = ['2.4.1', '2.4.5'];
      assert.deepEqual(versions, [
        [old, old, old, old, old, old],
        [fresh, old, old, fresh, old, old],
        [fresh, fresh, old, fresh, fresh, old],
      ]);
      assertOnceAndTold(stage, operation);
    }));

  for (const fault of ['taskFails', 'taskExpires', 'taskCancelled'] as const) {
    it(`stop after a canary whose task meets "${fault}", and finish with a retry`, () =>
      inTime(
        { machines: 5, action: 'upgrade', faults: [{ action: 'UpgradeBackupClients', nth: 1, fault }] },
        async (stage) => {
          const window = stage.open();
          const plan = await stage.plan('upgrade', 5);
          const wary = { ...plan, strategy: { kind: 'canary' }, maxFailures: 1 } as const;
          const { id } = await window.operations.start(wary);
          const operation = await endOf(stage, window, id);
          assert.deepEqual([countsOf(operation).failed, countsOf(operation).notSent], [1, 4]);
          assert.equal(stage.writes().length, 1);
          assertOnceAndTold(stage, operation);
          const retry = retryPlanOf('retry', operation);
          assert.ok(retry);
          const again = await window.operations.start(retry);
          const retried = await endOf(stage, window, again.id);
          assert.deepEqual([countsOf(retried).done, retried.retryOf], [5, id]);
          assert.equal(retryPlanOf('retry', operation, window.operations.list()), undefined);
        },
      ));
  }

  it('retry only what failed in part', () =>
    inTime(
      {
        machines: 4,
        action: 'upgrade',
        faults: [{ action: 'UpgradeBackupClients', nth: 1, fault: 'taskPartlyFails', machines: 2 }],
      },
      async (stage) => {
        const window = stage.open();
        const { id } = await window.operations.start(await stage.plan('upgrade', 4));
        const operation = await endOf(stage, window, id);
        assert.deepEqual([countsOf(operation).done, countsOf(operation).failed], [2, 2]);
        const retry = retryPlanOf('retry', operation);
        assert.ok(retry);
        const retried = await endOf(stage, window, (await window.operations.start(retry)).id);
        assert.equal(countsOf(retried).done, 2);
        const named = stage
          .writes()
          .map((entry) =>
            operation.machines.filter((one) => names(entry, one)).map(({ machine }) => machine.key),
          );
        assert.deepEqual(named, [
          ['i-0', 'i-1', 'i-2', 'i-3'],
          ['i-0', 'i-1'],
        ]);
      },
    ));

  it('tell partial refusals by machine, of several and of one', () =>
    inTime({ machines: 3, action: 'install' }, async (stage) => {
      const window = stage.open();
      const plan = await stage.plan('install', 3);
      stage.simulator.updateInstance('i-1', { assistantRunning: false });
      const { id } = await window.operations.start(plan);
      const several = await endOf(stage, window, id);
      const reason = 'refused: CloudAssistNotRunningOnInstance';
      assert.deepEqual(outcomesOf(several), { 'i-0': 'done', 'i-1': reason, 'i-2': 'done' });
      const retry = retryPlanOf('retry', several);
      assert.ok(retry);
      const one = await endOf(stage, window, (await window.operations.start(retry)).id);
      assert.deepEqual(outcomesOf(one), { 'i-1': reason });
      assertOnceAndTold(stage, several);
    }));

  it('get through a storm of throttling with one write that ran', () =>
    inTime({ machines: 3, action: 'upgrade' }, async (stage) => {
      const window = stage.open();
      const plan = await stage.plan('upgrade', 3);
      stage.simulator.setFaults([
        { action: 'UpgradeBackupClients', nth: 1, fault: 'throttle', retryAfterMs: 500 },
        { action: 'DescribeTask', probability: 0.7, fault: 'throttle' },
        { action: 'DescribeBackupClients', probability: 0.5, fault: 'throttle' },
      ]);
      const { id } = await window.operations.start(plan);
      const operation = await endOf(stage, window, id);
      assert.equal(countsOf(operation).done, 3);
      assert.deepEqual(
        stage.writes().map(({ executed }) => executed),
        [false, true],
      );
      assertOnceAndTold(stage, operation);
    }));

  it('give up when throttling does not end, and send nothing more', () =>
    inTime(
      { machines: 45, action: 'install', faults: [{ action: 'InstallBackupClients', fault: 'throttle' }] },
      async (stage) => {
        const window = stage.open();
        const { id } = await window.operations.start(await stage.plan('install', 45));
        const operation = await endOf(stage, window, id);
        assert.equal(countsOf(operation).notSent, 45);
        assert.ok(stage.writes().every(({ executed }) => !executed));
        assert.equal(operation.calls.length, 1);
      },
    ));

  for (const [fault, finding, outcome] of [
    ['resetBefore', 'not-run', 'not-sent: not-run'],
    ['resetAfter', 'ran', 'done'],
  ] as const) {
    for (const action of ['install', 'upgrade', 'uninstall'] as const) {
      it(`tell of the ${action} of one machine and of several what became of it after a ${fault}`, async () => {
        for (const count of [1, 3]) {
          const faults: FaultRule[] = [{ action: '*', fault }];
          await inTime({ machines: 3, action }, async (stage) => {
            const window = stage.open();
            const plan = await stage.plan(action, count);
            const name = `${action.slice(0, 1).toUpperCase()}${action.slice(1)}BackupClients`;
            stage.simulator.setFaults(faults.map((rule) => ({ ...rule, action: name })));
            const { id } = await window.operations.start(plan);
            const operation = await endOf(stage, window, id);
            assert.equal(operation.calls[0]?.finding, finding);
            assert.deepEqual(Object.values(outcomesOf(operation)), Array(count).fill(outcome));
            assert.equal(stage.writes().length, 1);
            assertOnceAndTold(stage, operation);
          });
        }
      });
    }
  }

  for (const count of [1, 3]) {
    it(`tell one story of ${count} when a sign-in page answers in place of the service`, () =>
      inTime(
        { machines: 3, action: 'upgrade', faults: [{ action: 'UpgradeBackupClients', fault: 'html' }] },
        async (stage) => {
          const window = stage.open();
          const { id } = await window.operations.start(await stage.plan('upgrade', count));
          const operation = await endOf(stage, window, id);
          assert.deepEqual(Object.values(outcomesOf(operation)), Array(count).fill('not-sent: not-run'));
          const told: string[] = [];
          const ends = new Emitter<Operation>();
          showSummaries(
            { onDidEnd: ends.event },
            {
              notices: {
                info: () => assert.fail(),
                failure: () => assert.fail(),
                warn: (message) => void told.push(message),
              },
              showReport: () => undefined,
              again: () => undefined,
              resumeTracking: () => undefined,
            },
          );
          ends.fire(operation);
          assert.match(
            told.join(),
            /(?:wasn't upgraded|not started)\..* The client list shows that the request didn't run\.$/,
          );
        },
      ));
  }

  for (const [when, isThen] of [
    ['before its first call', () => true],
    ['while a task runs', (one: Operation) => one.calls.some(({ task }) => task && !task.end)],
    ['while a wave is proven', (one: Operation) => one.waves[0]?.state === 'proving'],
    ['between two waves', (one: Operation) => one.waves[0]?.state === 'ended'],
    ['in its second wave', (one: Operation) => one.waves[1]?.state === 'running'],
  ] as const) {
    it(`end by the next window when theirs was killed ${when}, without a second write`, () =>
      inTime({ machines: 4, action: 'upgrade' }, async (stage) => {
        const first = stage.open();
        const plan = await stage.plan('upgrade', 4);
        const { id } = await first.operations.start({ ...plan, strategy: { kind: 'batches', size: 2 } });
        const reached = (): boolean => {
          const operation = first.operations.get(id);
          return operation !== undefined && isThen(operation);
        };
        if (when !== 'before its first call') {
          // Nothing can be proven while the list is not answered.
          const isProving = when === 'while a wave is proven';
          if (isProving) stage.simulator.setFaults([{ action: 'DescribeBackupClients', fault: 'throttle' }]);
          assert.ok(await stage.run(reached, 60 * minute));
        }
        first.kill();
        stage.simulator.setFaults([]);
        const next = stage.open();
        await next.operations.resume();
        const operation = await endOf(stage, next, id);
        assertOnceAndTold(stage, operation);
        // An intent may have been recorded whose call didn't go out any more.
        const ran = operation.calls.filter(({ finding }) => finding !== 'not-run');
        const sent = ran.flatMap(({ machineKeys }) => machineKeys).length;
        assert.deepEqual([countsOf(operation).done, countsOf(operation).notSent], [sent, 4 - sent]);
        assert.deepEqual([first.ended.length, next.ended.length], [0, 1]);
      }));
  }

  it('are followed by one of two windows: no task is asked about by both, and one tells the end', () =>
    inTime({ machines: 45, action: 'install' }, async (stage) => {
      const windows = [stage.open(), stage.open(), stage.open()] as const;
      const [one, two, three] = windows;
      await two.operations.resume();
      await three.operations.resume();
      const { id } = await one.operations.start(await stage.plan('install', 45));
      await endOf(stage, two, id);
      assert.ok(one.polls.length > 0);
      assert.deepEqual([two.polls, three.polls], [[], []]);
      assert.deepEqual(
        windows.map(({ ended }) => ended.length),
        [1, 0, 0],
      );
      const asked = stage.simulator.journal().filter(({ action }) => action === 'DescribeTask');
      assert.equal(asked.length, one.polls.length);
    }));

  it('pass to exactly one of the windows that are left when theirs dies', () =>
    inTime({ machines: 3, action: 'upgrade' }, async (stage) => {
      const [one, two, three] = [stage.open(), stage.open(), stage.open()];
      const { id } = await one.operations.start(await stage.plan('upgrade', 3));
      await stage.run(() => one.polls.length > 0, minute);
      one.kill();
      await endOf(stage, two, id);
      const pollers = [two, three].filter(({ polls }) => polls.length > 0);
      assert.equal(pollers.length, 1);
      assert.deepEqual([one, two, three].map(({ ended }) => ended.length).sort(), [0, 0, 1]);
      assert.equal(stage.writes().length, 1);
    }));

  it('follow by its id a task that another program began, to its proof', () =>
    inTime({ machines: 2, action: 'upgrade' }, async (stage) => {
      const elsewhere = stage.open();
      const plan = await stage.plan('upgrade', 2);
      const { id } = await elsewhere.operations.start(plan);
      await stage.run(() => elsewhere.polls.length > 0, minute);
      const taskId = elsewhere.operations.get(id)?.calls[0]?.taskId ?? '';
      await elsewhere.operations.stop(id, 'tracking');
      const { scope, profileName, demo } = plan;
      const begun = await elsewhere.operations.track({ scope, profileName, demo, taskId });
      const operation = await endOf(stage, elsewhere, begun.id);
      assert.deepEqual(outcomesOf(operation), { 'i-0': 'done', 'i-1': 'done' });
      await assert.rejects(elsewhere.operations.track({ scope, profileName, demo, taskId: 't-000unknown' }), {
        code: 'not-found',
      });
      assert.equal(stage.writes().length, 1);
    }));
});

describe('operations whose tasks may not be asked about', () => {
  for (const action of ['install', 'upgrade', 'uninstall'] as const) {
    it(`${action} a canary and then the rest, by the list alone`, () =>
      inTime(
        { machines: 3, action, faults: [{ action: 'DescribeTask', fault: 'denied' }] },
        async (stage) => {
          const window = stage.open();
          const troubles = new Set<string | undefined>();
          window.operations.onDidChange(({ trouble }) => troubles.add(trouble?.ramAction));
          const plan = {
            ...(await stage.plan(action, 3)),
            strategy: { kind: 'canary' },
            maxFailures: 1,
          } as const;
          const { id } = await window.operations.start(plan);
          const operation = await endOf(stage, window, id);
          assert.equal(countsOf(operation).done, 3);
          assert.deepEqual([...troubles], [undefined, 'hbr:DescribeTask']);
          assertOnceAndTold(stage, operation);
        },
      ));
  }
});

describe('operations on a computer with a wrong clock', () => {
  const hour = 60 * minute;

  interface ClockFault {
    readonly name: string;
    readonly aheadMs: number;
    /** What becomes of the clock in mid-operation. */
    readonly happens?: (stage: TimedStage) => void;
  }
  const clockFaults: readonly ClockFault[] = [
    { name: '15 min ahead', aheadMs: 15 * minute },
    { name: '15 min behind', aheadMs: -15 * minute },
    { name: 'set back by an hour', aheadMs: 0, happens: ({ computer }) => void (computer.aheadMs -= hour) },
    {
      name: 'set forward by an hour',
      aheadMs: 0,
      happens: ({ computer }) => void (computer.aheadMs += hour),
    },
    { name: 'right after five hours of sleep', aheadMs: 0, happens: ({ clock }) => clock.suspend(5 * hour) },
  ];
  const moments = [
    ['while the task runs', (one: Operation) => one.calls.some(({ task }) => task && !task.end)],
    ['while the list is read', (one: Operation) => one.waves[0]?.state === 'proving'],
    ['between two waves', (one: Operation) => one.waves[0]?.state === 'ended'],
  ] as const;

  /** Acts when an operation gets there first; answers whether it has. */
  function once(window: TimedWindow, isThen: (one: Operation) => boolean, act: () => void): () => boolean {
    let reached = false;
    window.operations.onDidChange((operation) => {
      if (reached || !isThen(operation)) return;
      reached = true;
      act();
    });
    return () => reached;
  }

  for (const { name, aheadMs, happens = () => undefined } of clockFaults) {
    for (const action of ['install', 'upgrade', 'uninstall'] as const) {
      for (const [when, isThen] of aheadMs === 0 ? moments : moments.slice(0, 1)) {
        it(`${action} a canary and then the rest, ${name} ${when}`, () =>
          inTime({ machines: 3, action, aheadMs }, async (stage) => {
            const window = stage.open();
            const plan = await stage.plan(action, 3);
            const reached = once(window, isThen, () => happens(stage));
            const wary = { ...plan, strategy: { kind: 'canary' }, maxFailures: 1 } as const;
            const { id } = await window.operations.start(wary);
            const began = stage.clock.monotonic();
            const operation = await endOf(stage, window, id);
            assert.ok(reached());
            assert.equal(countsOf(operation).done, 3);
            assert.ok(stage.clock.monotonic() - began < 10 * minute);
            assertOnceAndTold(stage, operation);
          }));
      }

      for (const [fault, finding] of [
        ['resetBefore', 'not-run'],
        ['resetAfter', 'ran'],
      ] as const) {
        it(`find out what became of an ${action} after a ${fault}, ${name}`, () =>
          inTime({ machines: 2, action, aheadMs }, async (stage) => {
            const window = stage.open();
            const plan = await stage.plan(action, 2);
            const called = `${action.slice(0, 1).toUpperCase()}${action.slice(1)}BackupClients`;
            stage.simulator.setFaults([{ action: called, fault }]);
            const isLost = (one: Operation): boolean => one.calls[0]?.state === 'failed';
            const reached = once(window, isLost, () => happens(stage));
            const { id } = await window.operations.start(plan);
            const operation = await endOf(stage, window, id);
            assert.ok(reached());
            assert.equal(operation.calls[0]?.finding, finding);
            assert.equal(countsOf(operation)[finding === 'ran' ? 'done' : 'notSent'], 2);
          }));
      }
    }

    it(`follow on after a restart, ${name}`, () =>
      inTime({ machines: 2, action: 'upgrade', aheadMs }, async (stage) => {
        const first = stage.open();
        const { id } = await first.operations.start(await stage.plan('upgrade', 2));
        const runs = (): boolean => first.operations.get(id)?.calls[0]?.task !== undefined;
        assert.ok(await stage.run(runs, hour));
        first.kill();
        happens(stage);
        const next = stage.open();
        await next.operations.resume();
        assert.equal(countsOf(await endOf(stage, next, id)).done, 2);
      }));
  }

  it('ask within 2 s when the user wants it, whatever became of the clock', () =>
    inTime({ machines: 1, action: 'upgrade' }, async (stage) => {
      const window = stage.open();
      const { id } = await window.operations.start(await stage.plan('upgrade', 1));
      for (const byMs of [0, -hour, 2 * hour, -10 * 24 * hour]) {
        const polls = window.polls.length;
        assert.ok(await stage.run(() => window.polls.length > polls, minute));
        stage.computer.aheadMs += byMs;
        await window.operations.checkNow(id);
        assert.ok(await stage.run(() => window.polls.length > polls + 1, 2000), `set by ${byMs} ms`);
      }
    }));
});
