import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { obstacleTo } from '../../src/core/clients/capabilities';
import type { BackupClient } from '../../src/core/service/model';
import { MachineTaken } from '../../src/core/operations/machineTaken';
import { countsOf, type Operation, type Plan } from '../../src/core/operations/operation';
import type { Action } from '../../src/core/service/actions';
import { createOperations, type Operations } from '../../src/core/operations/operations';
import type { RecordStore } from '../../src/core/operations/stores';
import { startSimulator, type FaultRule, type Simulator } from '../../simulator/main';
import { createLeaseStore } from '../../src/storage/leaseStore';
import { nodeDisk } from '../../src/storage/nodeDisk';
import { createRecordStore } from '../../src/storage/recordStore';
import { neverCancelled } from '../support/apiBuilders';
import { aPlan, createKeptLog } from '../support/operationBuilders';
import { realClock } from '../support/realClock';
import { createSimulatedApi, type Simulated } from '../support/simulated';
import { inTemporaryFolder } from '../support/temporaryFolder';
import { runOperation } from '../../src/core/operations/runOperation';

interface Window {
  readonly operations: Operations;
  readonly records: RecordStore & { dispose(): void };
  /** Resolves with the next operation that ends in this window. */
  readonly ended: Promise<Operation>;
  /** Goes away without a word, as far as one process can: leases run out, nothing more is sent or written. */
  vanish(): void;
}

interface Stage {
  readonly simulator: Simulator;
  readonly simulated: Simulated;
  readonly folder: string;
  openWindow(): Window;
  /** Clients of the list that may be installed or upgraded, as many as asked for. */
  plan(action: Action, count: number): Promise<Plan>;
  writes(): readonly string[];
}

// A task of two or three minutes takes as many seconds; 17 minutes take ten.
const usualScale = 100;

async function onStage(
  options: {
    readonly faults?: readonly FaultRule[];
    readonly bare?: number;
    readonly old?: number;
    readonly timeScale?: number;
  },
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const { timeScale = usualScale, faults = [] } = options;
  const simulator = await startSimulator({ clients: 5, timeScale, faults });
  const longAgo = Math.floor(Date.now() / 1000) - 86_400;
  for (let n = 0; n < (options.bare ?? 0); n++) {
    simulator.insertClient({
      InstanceId: `i-bare${n}`,
      ClientId: '',
      Status: 'NOT_INSTALLED',
      UpdatedTime: longAgo,
    });
  }
  for (let n = 0; n < (options.old ?? 0); n++) {
    simulator.insertClient({
      InstanceId: `i-old${n}`,
      ClientVersion: '2.4.1',
      MaxClientVersion: '2.4.5',
      UpdatedTime: longAgo,
    });
  }
  const simulated = createSimulatedApi(simulator, { clock: realClock });
  const windows: Window[] = [];
  try {
    await inTemporaryFolder(async (folder) => {
      await play({
        simulator,
        simulated,
        folder,
        openWindow() {
          const window = createWindow(simulated, folder);
          windows.push(window);
          return window;
        },
        async plan(action, count) {
          const clients: BackupClient[] = [];
          for await (const page of simulated.api.listClients(simulated.scope, {}, neverCancelled)) {
            clients.push(...page.clients);
          }
          const wanted = clients.filter(
            (client) => /^i-(bare|old)/.test(client.instanceId ?? '') && !obstacleTo(action, client),
          );
          assert.ok(wanted.length >= count, `only ${wanted.length} clients`);
          return { ...aPlan(action, wanted.slice(0, count)), scope: simulated.scope };
        },
        writes: () =>
          simulator
            .journal()
            .filter(({ action }) => /^(Install|Upgrade|Uninstall)/.test(action))
            .map(({ action, executed }) => `${action} ${executed ? 'executed' : 'not executed'}`),
      });
      for (const { operations, records } of windows) {
        operations.dispose();
        records.dispose();
      }
    });
  } finally {
    simulated.api.dispose();
    await simulator.dispose();
  }
}

function createWindow({ api }: Simulated, folder: string): Window {
  const records = createRecordStore(nodeDisk, folder, { pollMs: 50 });
  const leases = createLeaseStore(nodeDisk, folder, realClock, { beatMs: 50, lostAfterMs: 400 });
  const operations = createOperations({
    run: runOperation,
    api,
    records,
    leases,
    clock: realClock,
    log: createKeptLog(),
    newId: randomUUID,
    redact: (text) => text,
  });
  return {
    operations,
    records,
    ended: new Promise((resolve) => operations.onDidEnd(resolve)),
    vanish() {
      operations.dispose();
      records.dispose();
    },
  };
}

/** Resolves when an operation of this window looks as wanted. */
function until(operations: Operations, wanted: (operation: Operation) => boolean): Promise<Operation> {
  return new Promise((resolve) => {
    const look = (operation: Operation): void => {
      if (!wanted(operation)) return;
      subscription.dispose();
      resolve(operation);
    };
    const subscription = operations.onDidChange(look);
    operations.list().forEach(look);
  });
}

// Each waits for tasks of some seconds in a world of its own.
describe.concurrent('operations against the simulator', () => {
  it('are begun by one of two windows that start with the same machines at the same moment', () =>
    onStage({ old: 2 }, async (stage) => {
      const plan = await stage.plan('upgrade', 2);
      const [one, two] = [stage.openWindow(), stage.openWindow()];
      const started = await Promise.allSettled([one.operations.start(plan), two.operations.start(plan)]);
      assert.deepEqual(started.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      const [refused] = started.flatMap((start) => (start.status === 'rejected' ? [start] : []));
      assert.ok(refused?.reason instanceof MachineTaken);
      await Promise.race([one.ended, two.ended]);
      assert.deepEqual(stage.writes(), ['UpgradeBackupClients executed']);
    }));

  it('install 45 machines with three writes, each machine proven by the list', () =>
    onStage({ bare: 45 }, async (stage) => {
      const { operations, ended } = stage.openWindow();
      const readings = new Set<string>();
      operations.onDidReadClients(({ clients }) => {
        for (const { instanceId } of clients) readings.add(instanceId ?? '');
      });
      await operations.start(await stage.plan('install', 45));
      const operation = await ended;
      assert.equal(countsOf(operation).done, 45);
      assert.deepEqual(stage.writes(), Array(3).fill('InstallBackupClients executed'));
      assert.equal(new Set(operation.calls.map(({ taskId }) => taskId)).size, 3);
      assert.ok(operation.calls.every(({ requestId }) => Boolean(requestId)));
      assert.equal(readings.size, 45);
    }));

  it('upgrade 120 machines with two writes', () =>
    onStage({ old: 120 }, async (stage) => {
      const { operations, ended } = stage.openWindow();
      await operations.start(await stage.plan('upgrade', 120));
      const operation = await ended;
      assert.equal(countsOf(operation).done, 120);
      assert.deepEqual(stage.writes(), Array(2).fill('UpgradeBackupClients executed'));
      assert.ok(operation.machines.every(({ clientVersion }) => clientVersion === '2.4.5'));
    }));

  it('find that a call ran whose answer was lost, and prove it without a second write', () =>
    onStage(
      { bare: 45, faults: [{ action: 'InstallBackupClients', fault: 'resetAfter', nth: 2 }] },
      async (stage) => {
        const { operations, ended } = stage.openWindow();
        await operations.start(await stage.plan('install', 45));
        const operation = await ended;
        assert.equal(operation.calls[1]?.finding, 'ran');
        assert.equal(countsOf(operation).done, 45);
        assert.deepEqual(stage.writes(), Array(3).fill('InstallBackupClients executed'));
      },
    ));

  it('find that a call did not run whose answer was lost, and say so for its machines', () =>
    onStage(
      { bare: 45, faults: [{ action: 'InstallBackupClients', fault: 'resetBefore', nth: 2 }] },
      async (stage) => {
        const { operations, ended } = stage.openWindow();
        await operations.start(await stage.plan('install', 45));
        const operation = await ended;
        assert.equal(operation.calls[1]?.finding, 'not-run');
        const { done, notSent } = countsOf(operation);
        assert.deepEqual([done, notSent], [25, 20]);
        assert.deepEqual(stage.writes(), [
          'InstallBackupClients executed',
          'InstallBackupClients not executed',
          'InstallBackupClients executed',
        ]);
      },
    ));

  it('tell refused machines by name, of several and of one', () =>
    onStage({ bare: 3 }, async (stage) => {
      const plan = await stage.plan('install', 3);
      stage.simulator.updateInstance('i-bare1', { status: 'Stopped' });
      const { operations, ended } = stage.openWindow();
      await operations.start(plan);
      const several = await ended;
      assert.deepEqual(
        several.machines.map(({ machine, outcome, reason }) => [machine.key, outcome, reason]),
        [
          ['i-bare0', 'done', undefined],
          ['i-bare1', 'refused', 'InstanceNotRunning'],
          ['i-bare2', 'done', undefined],
        ],
      );
      const again = stage.openWindow();
      await again.operations.start({ ...plan, machines: plan.machines.slice(1, 2) });
      const one = await again.ended;
      assert.deepEqual(
        one.machines.map(({ outcome, reason }) => [outcome, reason]),
        [['refused', 'InstanceNotRunning']],
      );
      assert.ok(one.calls[0]?.failure?.requestId);
    }));

  for (const [fault, reason] of [
    ['taskFails', 'failed'],
    ['taskExpires', 'expired'],
    ['taskCancelled', 'cancelled'],
  ] as const) {
    it(`fail the machine of a task that ends as ${reason}`, () =>
      onStage(
        { old: 1, timeScale: 600, faults: [{ action: 'UpgradeBackupClients', fault }] },
        async (stage) => {
          const { operations, ended } = stage.openWindow();
          await operations.start(await stage.plan('upgrade', 1));
          const operation = await ended;
          assert.equal(operation.machines[0]?.outcome, 'failed');
          assert.ok(operation.machines[0].reason);
          assert.ok(operation.calls[0]?.task?.end);
        },
      ));
  }

  it('tell each machine of a task that fails in part', () =>
    onStage(
      { old: 4, faults: [{ action: 'UpgradeBackupClients', fault: 'taskPartlyFails', machines: 1 }] },
      async (stage) => {
        const { operations, ended } = stage.openWindow();
        await operations.start(await stage.plan('upgrade', 4));
        const { done, failed } = countsOf(await ended);
        assert.deepEqual([done, failed], [3, 1]);
      },
    ));

  it('stop sending when the account lacks the permission, and name the code', () =>
    onStage({ bare: 25, faults: [{ action: 'InstallBackupClients', fault: 'denied' }] }, async (stage) => {
      const { operations, ended } = stage.openWindow();
      await operations.start(await stage.plan('install', 25));
      const operation = await ended;
      assert.equal(stage.writes().length, 1);
      assert.equal(operation.calls[0]?.failure?.code, 'permission-denied');
      assert.equal(countsOf(operation).done, 0);
      assert.equal(operation.machines[24]?.outcome, 'not-sent');
    }));

  it('are resolved by the next window when theirs went between send and answer', () =>
    onStage({ old: 3 }, async (stage) => {
      const first = stage.openWindow();
      const plan = await stage.plan('upgrade', 3);
      const gone = new Promise<void>((resolve) => {
        stage.simulator.onRequest(({ action }) => {
          if (action !== 'UpgradeBackupClients') return;
          // The call has arrived and will be carried out; nobody is left to hear the answer.
          first.vanish();
          resolve();
        });
      });
      const { id } = await first.operations.start(plan);
      await gone;
      const next = stage.openWindow();
      await next.operations.resume();
      const operation = await next.ended;
      assert.equal(operation.calls[0]?.state, 'resolved');
      assert.equal(operation.calls[0].finding, 'ran');
      assert.equal(countsOf(operation).done, 3);
      assert.deepEqual(stage.writes(), ['UpgradeBackupClients executed']);
      assert.deepEqual(await next.records.list(), { open: [], closed: [id], aside: [] });
    }));

  for (const [phase, wanted] of [
    ['its task ran', (one: Operation) => one.calls.some(({ task }) => task && !task.end)],
    ['it was confirmed', (one: Operation) => one.calls.some(({ task }) => task?.end)],
  ] as const) {
    it(`are taken up by the next window when theirs went while ${phase}`, () =>
      onStage({ old: 3 }, async (stage) => {
        const first = stage.openWindow();
        const reached = until(first.operations, wanted);
        const { id } = await first.operations.start(await stage.plan('upgrade', 3));
        await reached;
        first.vanish();
        const next = stage.openWindow();
        await next.operations.resume();
        const operation = await next.ended;
        assert.equal(operation.id, id);
        assert.equal(countsOf(operation).done, 3);
        assert.deepEqual(stage.writes(), ['UpgradeBackupClients executed']);
        assert.deepEqual(await next.records.list(), { open: [], closed: [id], aside: [] });
      }));
  }

  it('keep no secret in their records', () =>
    onStage({ old: 1, faults: [{ action: 'UpgradeBackupClients', fault: 'denied' }] }, async (stage) => {
      const { operations, records, ended } = stage.openWindow();
      const { id } = await operations.start(await stage.plan('upgrade', 1));
      await ended;
      const text = JSON.stringify(await records.read(id));
      assert.ok(!text.includes(stage.simulator.accessKeySecret));
      assert.ok(!text.includes(stage.simulator.accessKeyId));
    }));
});
