import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import type { Operation, Plan } from '../../../src/core/operations/operation';
import { retryPlanOf } from '../../../src/core/operations/retryPlan';
import { createFakeService, taken } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import { aPlan, openWindow, outcomesOf, outdatedClients } from '../../support/operationBuilders';

const second = 1000;
const minute = 60 * second;

/** Four machines, canary first unless told otherwise; tasks end well and clients upgrade when told to. */
async function world(plan: Partial<Plan> = {}, action: Plan['action'] = 'upgrade') {
  const clock = createHandClock();
  const clients = outdatedClients(4);
  const service = createFakeService(clients);
  service.onPoll = () => ({ state: 'completed', progress: 100 });
  const disk = createMemoryDisk();
  const window = openWindow(service, clock, disk.window());
  const upgrade = (...keys: readonly string[]): void => {
    for (const key of keys) {
      const client = service.clients.get(key);
      assert.ok(client);
      const lastHeartBeatTime = clock.now() / 1000;
      service.clients.set(key, { ...client, clientVersion: '2.4.5', lastHeartBeatTime });
    }
  };
  const { id } = await window.operations.start({
    ...aPlan(action, clients),
    strategy: { kind: 'canary' },
    ...plan,
  });
  await clock.advance(0);
  const now = (): Operation => {
    const operation = window.operations.get(id);
    assert.ok(operation);
    return operation;
  };
  const waves = () => now().waves.map(({ state }) => state);
  return { id, clock, service, disk, window, upgrade, now, waves };
}

describe('an operation in waves', () => {
  it('sends the next wave when the task has ended and the list proves each machine, and not before', async () => {
    const w = await world();
    assert.deepEqual(w.now().waves, [
      { number: 1, machineKeys: ['i-0'], state: 'running' },
      { number: 2, machineKeys: ['i-1', 'i-2', 'i-3'], state: 'waiting' },
    ]);
    await w.clock.advance(30 * second);
    assert.deepEqual(w.waves(), ['proving', 'waiting']);
    await w.clock.advance(2 * minute);
    assert.equal(w.service.writes.length, 1);
    w.upgrade('i-0');
    await w.clock.advance(30 * second);
    assert.deepEqual(w.waves(), ['ended', 'running']);
    assert.deepEqual(
      w.service.writes.map(({ instanceIds }) => instanceIds),
      [['i-0'], ['i-1', 'i-2', 'i-3']],
    );
    w.upgrade('i-1', 'i-2', 'i-3');
    await w.clock.advance(minute);
    assert.deepEqual([w.now().phase, ...w.waves()], ['ended', 'ended', 'ended']);
    assert.deepEqual(new Set(Object.values(outcomesOf(w.now()))), new Set(['done']));
  });

  it('waits for a proof no longer than five minutes, and goes on when there is no limit of failures', async () => {
    const w = await world();
    await w.clock.advance(30 * second + 5 * minute - second);
    assert.equal(w.service.writes.length, 1);
    await w.clock.advance(second);
    assert.equal(outcomesOf(w.now())['i-0'], 'unconfirmed');
    assert.equal(w.service.writes.length, 2);
  });

  for (const [how, arrange, outcome] of [
    [
      'fails',
      (w: Awaited<ReturnType<typeof world>>) => {
        w.service.onPoll = () => ({ state: 'created', progress: -1 });
      },
      'failed: failed',
    ],
    ['is not proven in time', () => undefined, 'unconfirmed'],
  ] as const) {
    it(`stops after a canary that ${how}, when one failure is the limit`, async () => {
      const w = await world({ maxFailures: 1 });
      arrange(w);
      await w.clock.advance(7 * minute);
      assert.deepEqual(outcomesOf(w.now()), {
        'i-0': outcome,
        'i-1': 'not-sent: failure-limit',
        'i-2': 'not-sent: failure-limit',
        'i-3': 'not-sent: failure-limit',
      });
      assert.deepEqual([w.now().phase, ...w.waves()], ['ended', 'ended', 'not-sent']);
      assert.equal(w.service.writes.length, 1);
    });
  }

  it('stops after a canary that was refused, and after one whose call did not run', async () => {
    for (const fate of ['refused', 'ambiguous'] as const) {
      const clock = createHandClock();
      const service = createFakeService(outdatedClients(2));
      service.onWrite = () => {
        throw new BackupError('machine-not-ready', 'no', { fate });
      };
      const { operations } = openWindow(service, clock, createMemoryDisk().window());
      const plan = { ...aPlan('upgrade', outdatedClients(2)), strategy: { kind: 'canary' }, maxFailures: 1 };
      const { id } = await operations.start(plan as Plan);
      await clock.advance(2 * minute);
      assert.equal(service.writes.length, 1);
      assert.equal(outcomesOf(operations.get(id))['i-1'], 'not-sent: failure-limit');
    }
  });

  it('counts failures within a wave as well', async () => {
    const clock = createHandClock();
    const clients = outdatedClients(60);
    const service = createFakeService(clients);
    service.onWrite = (n) => taken(`t-${n}`, [{ instanceId: 'i-3', errorCode: 'InstanceNotRunning' }]);
    const { operations } = openWindow(service, clock, createMemoryDisk().window());
    const { id } = await operations.start({ ...aPlan('uninstall', clients), maxFailures: 1 });
    await clock.advance(0);
    assert.equal(service.writes.length, 1);
    assert.equal(outcomesOf(operations.get(id))['i-59'], 'not-sent: failure-limit');
  });

  it('sends no further wave once the user stops the sending, and follows the one that runs', async () => {
    const w = await world();
    await w.window.operations.stop(w.id, 'rollout');
    assert.deepEqual(w.waves(), ['running', 'not-sent']);
    w.upgrade('i-0');
    await w.clock.advance(minute);
    assert.equal(w.service.writes.length, 1);
    assert.deepEqual(outcomesOf(w.now()), {
      'i-0': 'done',
      'i-1': 'stopped: stopped',
      'i-2': 'stopped: stopped',
      'i-3': 'stopped: stopped',
    });
  });

  it('sends no further wave after a takeover: who agreed may be long gone', async () => {
    const w = await world();
    w.window.kill();
    w.upgrade('i-0');
    const next = openWindow(w.service, w.clock, w.disk.window());
    await next.operations.resume();
    await w.clock.advance(2 * minute);
    const operation = next.operations.get(w.id);
    assert.equal(outcomesOf(operation)['i-0'], 'done');
    assert.equal(outcomesOf(operation)['i-1'], 'not-sent: interrupted');
    assert.deepEqual(
      operation?.waves.map(({ state }) => state),
      ['ended', 'not-sent'],
    );
    assert.deepEqual([operation.strategy, operation.maxFailures], [{ kind: 'canary' }, 0]);
    assert.equal(w.service.writes.length, 1);
  });

  it('asks whether it still holds the operation before the second wave', async () => {
    const w = await world();
    w.upgrade('i-0');
    w.window.disk.expire(false);
    await w.clock.advance(2 * minute);
    assert.equal(w.service.writes.length, 1);
  });
});

describe('a proof', () => {
  it('of an upgrade needs a heartbeat since the call, where the list has one', async () => {
    const w = await world({ strategy: { kind: 'all' } });
    for (const [key, client] of w.service.clients) {
      const { lastHeartBeatTime, ...silent } = client;
      assert.ok(lastHeartBeatTime);
      const shown = key === 'i-0' ? silent : client;
      w.service.clients.set(key, { ...shown, clientVersion: '2.4.5' });
    }
    w.upgrade('i-1');
    await w.clock.advance(7 * minute);
    assert.deepEqual(outcomesOf(w.now()), {
      'i-0': 'done',
      'i-1': 'done',
      'i-2': 'unconfirmed: no-heartbeat',
      'i-3': 'unconfirmed: no-heartbeat',
    });
  });

  it('of an uninstall is a client that is stopped, not installed or gone', async () => {
    const w = await world({ strategy: { kind: 'all' } }, 'uninstall');
    for (const [key, status] of [
      ['i-0', 'STOPPED'],
      ['i-1', 'NOT_INSTALLED'],
    ] as const) {
      const client = w.service.clients.get(key);
      assert.ok(client);
      w.service.clients.set(key, { ...client, status });
    }
    w.service.clients.delete('i-2');
    await w.clock.advance(7 * minute);
    assert.deepEqual(outcomesOf(w.now()), {
      'i-0': 'done',
      'i-1': 'done',
      'i-2': 'done',
      'i-3': 'unconfirmed',
    });
  });

  it('is not taken from a client that was stopped before, when the task did not say how it ended', async () => {
    const clock = createHandClock();
    const clients = outdatedClients(1).map((client) => ({ ...client, status: 'STOPPED' }));
    const { operations } = openWindow(createFakeService(clients), clock, createMemoryDisk().window());
    const { id } = await operations.start(aPlan('uninstall', clients));
    await clock.advance(20 * minute);
    assert.equal(outcomesOf(operations.get(id))['i-0'], 'unknown: watch-limit');
  });
});

describe('a retry', () => {
  const ended = (outcomes: Readonly<Record<string, string>>): Operation => ({
    id: 'op-1',
    ...aPlan('upgrade', []),
    startedAt: 0,
    timeScale: 1,
    phase: 'ended',
    sendingStopped: false,
    watchingStopped: false,
    strategy: { kind: 'canary' },
    maxFailures: 2,
    waves: [],
    calls: [],
    machines: aPlan('upgrade', outdatedClients(Object.keys(outcomes).length)).machines.map((machine, n) => ({
      machine,
      outcome: (Object.values(outcomes)[n] ?? 'done') as Operation['machines'][number]['outcome'],
      clientStatus: 'UPGRADE_FAILED',
    })),
  });
  const every = {
    0: 'failed',
    1: 'refused',
    2: 'not-sent',
    3: 'done',
    4: 'unconfirmed',
    5: 'unknown',
    6: 'unwatched',
  };

  it('takes machines for which nothing can be done twice, in waves as before', () => {
    const plan = retryPlanOf('retry', ended(every));
    assert.deepEqual(
      plan?.machines.map(({ key, fromStatus }) => [key, fromStatus]),
      [
        ['i-0', 'UPGRADE_FAILED'],
        ['i-1', 'UPGRADE_FAILED'],
        ['i-2', 'UPGRADE_FAILED'],
      ],
    );
    assert.deepEqual([plan.retryOf, plan.strategy, plan.maxFailures], ['op-1', { kind: 'canary' }, 2]);
    // That each was alone on its instance then says nothing of now.
    assert.deepEqual(new Set(plan.machines.map(({ namedBy }) => namedBy)), new Set(['client']));
  });

  it('leaves out what was tried again already, and is none while the operation goes on or nothing is left', () => {
    const operation = ended(every);
    const retry = { ...ended({ 0: 'done', 1: 'failed' }), id: 'op-2', retryOf: 'op-1' };
    assert.deepEqual(
      retryPlanOf('retry', operation, [operation, retry])?.machines.map(({ key }) => key),
      ['i-2'],
    );
    assert.deepEqual(
      retryPlanOf('retry', retry, [operation, retry])?.machines.map(({ key }) => key),
      ['i-1'],
    );
    assert.equal(retryPlanOf('retry', { ...operation, phase: 'watching' }), undefined);
    assert.equal(retryPlanOf('retry', ended({ 0: 'done', 1: 'unconfirmed' })), undefined);
  });
});
