import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import type { BackupClient } from '../../../src/core/service/model';
import type { Operation } from '../../../src/core/operations/operation';
import { createFakeService, taken } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import {
  aPlan,
  bareInstances,
  held,
  openWindow,
  outcomesOf,
  outdatedClients,
} from '../../support/operationBuilders';

const second = 1000;
const minute = 60 * second;

function world(clients = outdatedClients(3)) {
  const clock = createHandClock();
  const service = createFakeService(clients);
  const disk = createMemoryDisk();
  const window = openWindow(service, clock, disk.window());
  const beat = () => ({ lastHeartBeatTime: clock.now() / 1000 });
  const set = (fields: object): void => {
    for (const [key, client] of service.clients)
      service.clients.set(key, { ...client, ...beat(), ...fields });
  };
  const upgradeAll = (): void => {
    set({ clientVersion: '2.4.5' });
  };
  const typesOf = (id: string) => disk.lines(id).map(({ type }) => type);
  return { clock, service, disk, window, clients, set, beat, upgradeAll, typesOf };
}

async function startUpgrade({ window, clients, clock }: ReturnType<typeof world>): Promise<Operation> {
  const operation = await window.operations.start(aPlan('upgrade', clients));
  await clock.advance(0);
  return operation;
}

describe('an operation', () => {
  it('is recorded before its first call, and each call before it goes out', async () => {
    const w = world(bareInstances(45));
    const seen: (readonly unknown[])[] = [];
    w.service.onWrite = (n) => {
      seen.push(w.typesOf([...w.disk.open.keys()][0] ?? ''));
      return taken(`t-${n}`);
    };
    await w.window.operations.start(aPlan('install', w.clients));
    await w.clock.advance(0);
    assert.deepEqual(seen, [
      ['operation', 'intent'],
      ['operation', 'intent', 'answer', 'intent'],
      ['operation', 'intent', 'answer', 'intent', 'answer', 'intent'],
    ]);
    assert.deepEqual(
      w.service.writes.map(({ instanceIds }) => instanceIds.length),
      [20, 20, 5],
    );
  });

  it('is followed by its schedule to the version in the list, and then ended', async () => {
    const w = world();
    const { id } = await startUpgrade(w);
    await w.clock.advance(29 * second);
    assert.equal(w.service.polls.length, 0);
    await w.clock.advance(second);
    assert.equal(w.service.polls.length, 1);
    w.service.onPoll = () => ({ state: 'completed', progress: 100 });
    await w.clock.advance(30 * second);
    assert.equal(w.window.operations.get(id)?.phase, 'confirming');
    assert.equal(w.service.reads.length, 1);
    w.upgradeAll();
    await w.clock.advance(30 * second);
    const operation = w.window.operations.get(id);
    assert.deepEqual(outcomesOf(operation), { 'i-0': 'done', 'i-1': 'done', 'i-2': 'done' });
    assert.equal(operation?.phase, 'ended');
    assert.equal(w.window.ended.length, 1);
    assert.deepEqual([[...w.disk.open.keys()], [...w.disk.closed.keys()]], [[], [id]]);
    assert.deepEqual(w.clock.dueTimes(), []);
  });

  it('asks about an install after 60 s first', async () => {
    const w = world(bareInstances(1));
    await w.window.operations.start(aPlan('install', w.clients));
    await w.clock.advance(59 * second);
    assert.equal(w.service.polls.length, 0);
    await w.clock.advance(second);
    assert.equal(w.service.polls.length, 1);
  });

  it('divides its times by the scale of the endpoint', async () => {
    const w = world();
    w.service.scale = 10;
    await startUpgrade(w);
    await w.clock.advance(3 * second);
    assert.equal(w.service.polls.length, 1);
  });

  it('says "not yet confirmed" when the list does not show the version within 5 minutes', async () => {
    const w = world();
    w.service.onPoll = () => ({ state: 'completed', progress: 100 });
    const { id } = await startUpgrade(w);
    await w.clock.advance(30 * second + 5 * minute);
    assert.deepEqual(Object.values(outcomesOf(w.window.operations.get(id))), Array(3).fill('unconfirmed'));
    assert.equal(w.window.operations.get(id)?.phase, 'ended');
    assert.equal(w.service.reads.length, 11);
  });

  it('reports a machine that a read by id does not find as not listed', async () => {
    const w = world();
    w.service.onPoll = () => ({ state: 'completed', progress: 100 });
    const missing: string[] = [];
    w.window.operations.onDidReadClients((reading) => missing.push(...reading.missingKeys));
    const { id } = await startUpgrade(w);
    w.upgradeAll();
    w.service.clients.delete('i-1');
    await w.clock.advance(6 * minute);
    assert.equal(outcomesOf(w.window.operations.get(id))['i-1'], 'unconfirmed: not-listed');
    assert.ok(missing.length > 0 && missing.every((key) => key === 'i-1'));
  });

  it('does not take "completed" for success of each machine', async () => {
    const w = world();
    w.service.onPoll = () => ({
      state: 'completed',
      progress: 100,
      machines: [
        { instanceId: 'i-0', clientStatus: 'ACTIVATED', errorCode: '' },
        { instanceId: 'i-1', clientStatus: 'UPGRADE_FAILED', errorCode: '' },
        { instanceId: 'i-2', clientStatus: 'ACTIVATED', errorCode: 'DiskFull' },
      ],
    });
    const [first] = w.clients;
    const { id } = await startUpgrade(w);
    w.service.clients.set('i-0', { ...first, ...w.beat(), clientVersion: '2.4.5' } as BackupClient);
    await w.clock.advance(minute);
    assert.deepEqual(outcomesOf(w.window.operations.get(id)), {
      'i-0': 'done',
      'i-1': 'failed: UPGRADE_FAILED',
      'i-2': 'failed: DiskFull',
    });
  });

  for (const [end, reason] of [
    [{ state: 'cancelled', progress: 60 }, 'cancelled'],
    [{ state: 'canceled', progress: 60 }, 'cancelled'],
    [{ state: 'expired', progress: 60 }, 'expired'],
    [{ state: 'created', progress: -1 }, 'failed'],
    [{ state: 'FAILED', progress: 60 }, 'failed'],
    [{ state: 'failed', progress: 60, machines: [{ instanceId: 'i-0', errorCode: 'DiskFull' }] }, 'DiskFull'],
  ] as const) {
    it(`believes the list where it shows the result of a task that ended as ${JSON.stringify(end)}`, async () => {
      const w = world(outdatedClients(1));
      w.service.onPoll = () => end;
      const { id } = await startUpgrade(w);
      w.upgradeAll();
      await w.clock.advance(30 * second);
      const operation = w.window.operations.get(id);
      assert.deepEqual(outcomesOf(operation), { 'i-0': `done: ${reason}` });
      assert.equal(operation?.phase, 'ended');
      assert.equal(w.service.reads.length, 1);
    });

    it(`fails what the list shows unchanged after a task that ended as ${JSON.stringify(end)}`, async () => {
      const w = world(outdatedClients(1));
      w.service.onPoll = () => end;
      const { id } = await startUpgrade(w);
      w.set({});
      await w.clock.advance(30 * second);
      assert.deepEqual(outcomesOf(w.window.operations.get(id)), { 'i-0': `failed: ${reason}` });
      assert.equal(w.service.reads.length, 1);
    });
  }

  it('reads the list until it answers before it fails what its task failed', async () => {
    const w = world(outdatedClients(1));
    w.service.onPoll = () => ({ state: 'expired', progress: 60 });
    let reads = 0;
    w.service.onRead = () => {
      if (++reads < 3) throw new BackupError('unreachable', 'no network');
    };
    const { id } = await startUpgrade(w);
    await w.clock.advance(minute);
    assert.deepEqual(outcomesOf(w.window.operations.get(id)), { 'i-0': 'confirming: expired' });
    w.upgradeAll();
    await w.clock.advance(30 * second);
    assert.deepEqual(outcomesOf(w.window.operations.get(id)), { 'i-0': 'done: expired' });
  });

  it('waits for a machine that is still being changed when its task ends without it', async () => {
    const w = world(outdatedClients(1));
    w.service.onPoll = () => ({ state: 'expired', progress: 60 });
    const { id } = await startUpgrade(w);
    w.set({ status: 'UPGRADING' });
    await w.clock.advance(2 * minute);
    assert.deepEqual(outcomesOf(w.window.operations.get(id)), { 'i-0': 'confirming: expired' });
    w.set({ status: 'ACTIVATED', clientVersion: '2.4.5' });
    await w.clock.advance(30 * second);
    assert.deepEqual(outcomesOf(w.window.operations.get(id)), { 'i-0': 'done: expired' });
  });

  it('waits for a heartbeat of a machine that got there though its task failed', async () => {
    const w = world(outdatedClients(1));
    w.service.onPoll = () => ({ state: 'cancelled', progress: 60 });
    const { id } = await startUpgrade(w);
    for (const client of w.clients) w.service.clients.set('i-0', { ...client, clientVersion: '2.4.5' });
    await w.clock.advance(2 * minute);
    assert.deepEqual(outcomesOf(w.window.operations.get(id)), { 'i-0': 'confirming: cancelled' });
    w.upgradeAll();
    await w.clock.advance(30 * second);
    assert.deepEqual(outcomesOf(w.window.operations.get(id)), { 'i-0': 'done: cancelled' });
  });

  it('gives the list its time where a task that failed reported the machine as done', async () => {
    const w = world(outdatedClients(1));
    const machines = [{ instanceId: 'i-0', clientStatus: 'ACTIVATED', errorCode: '' }];
    w.service.onPoll = () => ({ state: 'completed', progress: -1, machines });
    const { id } = await startUpgrade(w);
    await w.clock.advance(30 * second + 5 * minute - 1);
    assert.deepEqual(outcomesOf(w.window.operations.get(id)), { 'i-0': 'confirming: failed' });
    await w.clock.advance(1);
    assert.deepEqual(outcomesOf(w.window.operations.get(id)), { 'i-0': 'failed: failed' });
  });

  it('does not take a client that was stopped before for the proof of a failed uninstall', async () => {
    const w = world(outdatedClients(1).map((client) => ({ ...client, status: 'STOPPED' })));
    w.service.onPoll = () => ({ state: 'completed', progress: -1 });
    const { id } = await w.window.operations.start(aPlan('uninstall', w.clients));
    await w.clock.advance(30 * second);
    assert.deepEqual(outcomesOf(w.window.operations.get(id)), { 'i-0': 'failed: failed' });
  });

  it('takes a query that fails as no news', async () => {
    const w = world();
    w.service.onPoll = (_task, n) => {
      if (n < 3) throw new BackupError('service-failed', 'busy');
      return { state: 'completed', progress: 100 };
    };
    w.upgradeAll();
    const { id } = await startUpgrade(w);
    await w.clock.advance(60 * second);
    assert.equal(w.window.operations.get(id)?.phase, 'watching');
    assert.equal(w.window.log.lines.filter((line) => line.includes('asked again')).length, 2);
    await w.clock.advance(30 * second);
    assert.equal(w.window.operations.get(id)?.phase, 'ended');
  });

  it('judges the machines of a task that the service does not know by the list', async () => {
    const w = world();
    w.service.onPoll = () => {
      throw new BackupError('not-found', 'no task', { requestId: 'R-404' });
    };
    const { id } = await startUpgrade(w);
    const [first] = outdatedClients(1);
    assert.ok(first);
    w.service.clients.set('i-0', { ...first, ...w.beat(), clientVersion: '2.4.6' });
    await w.clock.advance(6 * minute);
    const operation = w.window.operations.get(id);
    assert.equal(operation?.calls[0]?.task?.state, 'not-found');
    assert.equal(operation.calls[0].task.requestId, 'R-404');
    assert.deepEqual(outcomesOf(operation), {
      'i-0': 'done',
      'i-1': 'unknown: not-found',
      'i-2': 'unknown: not-found',
    });
  });

  it('does not give up a fresh task that is not known everywhere yet', async () => {
    const w = world();
    w.service.onPoll = (_task, n) => {
      if (n === 1) throw new BackupError('not-found', 'no task');
      return {};
    };
    const { id } = await startUpgrade(w);
    await w.clock.advance(5 * second);
    await w.window.operations.checkNow(id);
    await w.clock.advance(30 * second);
    assert.equal(w.service.polls.length, 2);
    assert.equal(w.window.operations.get(id)?.calls[0]?.task?.state, 'created');
  });

  it('stops watching 17 minutes after the submission, and says what the list shows then', async () => {
    const w = world();
    const { id } = await startUpgrade(w);
    const [first] = outdatedClients(1);
    assert.ok(first);
    w.service.clients.set('i-0', { ...first, ...w.beat(), clientVersion: '2.4.5' });
    await w.clock.advance(17 * minute - second);
    assert.equal(w.window.operations.get(id)?.phase, 'watching');
    await w.clock.advance(second);
    assert.deepEqual(outcomesOf(w.window.operations.get(id)), {
      'i-0': 'done',
      'i-1': 'unknown: watch-limit',
      'i-2': 'unknown: watch-limit',
    });
    assert.equal(w.window.operations.get(id)?.phase, 'ended');
  });

  it('does not end on silence alone after the computer slept', async () => {
    const w = world();
    const { id } = await startUpgrade(w);
    w.service.onPoll = () => {
      throw new BackupError('unreachable', 'no network yet');
    };
    await w.clock.advance(18 * minute);
    assert.equal(w.window.operations.get(id)?.phase, 'watching');
    w.service.onPoll = () => ({ state: 'completed', progress: 100 });
    w.upgradeAll();
    await w.clock.advance(minute);
    assert.equal(outcomesOf(w.window.operations.get(id))['i-0'], 'done');
  });

  it('records an answer of a task only when it changes', async () => {
    const w = world();
    const { id } = await startUpgrade(w);
    await w.clock.advance(5 * minute);
    assert.equal(w.service.polls.length, 10);
    assert.equal(w.typesOf(id).filter((type) => type === 'task').length, 1);
    const task = w.window.operations.get(id)?.calls[0]?.task;
    assert.deepEqual([task?.requestId, task?.checkedAt], ['R-t-1-10', w.clock.now()]);
  });

  it('looks at once when asked to, but not twice within 2 s, and tells the next check', async () => {
    const w = world();
    const { id } = await startUpgrade(w);
    const startedAt = w.clock.now();
    assert.equal(w.window.operations.nextCheckAt(id), startedAt + 30 * second);
    await w.clock.advance(5 * second);
    await w.window.operations.checkNow(id);
    await w.clock.advance(0);
    assert.equal(w.service.polls.length, 1);
    assert.equal(w.window.operations.nextCheckAt(id), startedAt + 35 * second);
    await w.window.operations.checkNow(id);
    await w.clock.advance(second);
    assert.equal(w.service.polls.length, 1);
    await w.clock.advance(second);
    assert.equal(w.service.polls.length, 2);
  });

  it('sends no further call once the user stops the sending, and follows what was sent', async () => {
    const w = world(bareInstances(45));
    const first = held<true>();
    w.service.onWrite = async (n) => {
      await first.promise;
      return taken(`t-${n}`);
    };
    const { id } = await w.window.operations.start(aPlan('install', w.clients));
    await w.clock.advance(0);
    await w.window.operations.stop(id, 'rollout');
    first.settle(true);
    await w.clock.advance(minute);
    const operation = w.window.operations.get(id);
    assert.equal(w.service.writes.length, 1);
    assert.equal(w.service.polls.length, 1);
    assert.equal(operation?.sendingStopped, true);
    const outcomes = outcomesOf(operation);
    assert.deepEqual([outcomes['i-19'], outcomes['i-20']], ['running', 'stopped: stopped']);
  });

  it('ends when the user stops watching, and remembers it', async () => {
    const w = world();
    const { id } = await startUpgrade(w);
    await w.window.operations.stop(id, 'tracking');
    await w.clock.advance(5 * minute);
    const operation = w.window.operations.get(id);
    assert.deepEqual([operation?.watchingStopped, operation?.phase], [true, 'ended']);
    assert.deepEqual(Object.values(outcomesOf(operation)), Array(3).fill('unwatched'));
    assert.equal(w.service.polls.length, 0);
    const next = openWindow(w.service, w.clock, w.disk.window());
    await next.operations.resume();
    assert.equal(next.operations.get(id)?.watchingStopped, true);
  });

  it('takes in the answer of a call in flight when watching stops', async () => {
    const w = world();
    const answer = held<true>();
    w.service.onWrite = async () => {
      await answer.promise;
      return taken('t-1');
    };
    const { id } = await startUpgrade(w);
    await w.window.operations.stop(id, 'tracking');
    answer.settle(true);
    await w.clock.advance(0);
    assert.equal(w.window.operations.get(id)?.calls[0]?.taskId, 't-1');
    assert.equal(w.window.operations.get(id)?.phase, 'ended');
  });

  it('is not begun for a machine that another one has, or without a place on the disk', async () => {
    const w = world();
    await startUpgrade(w);
    const [first] = w.clients;
    assert.ok(first);
    await assert.rejects(w.window.operations.start(aPlan('upgrade', [first])), { code: 'busy-elsewhere' });
    w.window.disk.beforeAppend = () => {
      throw new Error('disk full');
    };
    await assert.rejects(
      w.window.operations.start(aPlan('upgrade', [{ ...first, instanceId: 'i-9', clientId: 'c-9' }])),
      { code: 'storage-failed' },
    );
    assert.equal(w.service.writes.length, 1);
  });

  it('is begun once when it is asked for twice at the same time', async () => {
    const w = world();
    const plan = aPlan('upgrade', w.clients);
    const both = await Promise.allSettled([w.window.operations.start(plan), w.window.operations.start(plan)]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    await w.clock.advance(0);
    assert.equal(w.service.writes.length, 1);
  });

  it('holds its machines, in its region, until each has its end', async () => {
    const w = world();
    const { id, scope } = await startUpgrade(w);
    const { operations } = w.window;
    assert.equal(operations.holdersIn(scope)({ instanceId: 'i-1' })?.id, id);
    assert.equal(operations.holdersIn(scope)({ instanceId: 'i-9', clientId: 'c-1' })?.id, id);
    assert.equal(operations.holdersIn(scope)({ instanceId: 'i-9' }), undefined);
    assert.equal(
      operations.holdersIn({ ...scope, regionId: 'cn-beijing' })({ instanceId: 'i-1' }),
      undefined,
    );
    await operations.stop(id, 'tracking');
    await w.clock.advance(0);
    assert.equal(operations.holdersIn(scope)({ instanceId: 'i-1' }), undefined);
  });

  it('sends nothing that it could not record first', async () => {
    const w = world();
    w.window.disk.beforeAppend = (record) => {
      if ('type' in record && record.type === 'intent') throw new Error('disk full');
    };
    const { id } = await startUpgrade(w);
    assert.equal(w.service.writes.length, 0);
    assert.equal(outcomesOf(w.window.operations.get(id))['i-0'], 'not-sent: storage-failed');
    assert.equal(w.window.operations.get(id)?.phase, 'ended');
  });

  it('marks refused machines with their reason and follows the others', async () => {
    const w = world();
    w.service.onWrite = () => taken('t-1', [{ instanceId: 'i-1', errorCode: 'InstanceNotRunning' }]);
    const { id } = await startUpgrade(w);
    const outcomes = outcomesOf(w.window.operations.get(id));
    assert.deepEqual([outcomes['i-0'], outcomes['i-1']], ['running', 'refused: InstanceNotRunning']);
  });

  it('ends at once when the service refuses every machine and begins no task', async () => {
    const w = world();
    w.service.onWrite = () => ({
      requestId: 'R-1',
      refusals: w.clients.map(({ instanceId = '' }) => ({ instanceId, errorCode: 'InstanceNotExists' })),
    });
    const { id } = await startUpgrade(w);
    assert.equal(w.window.operations.get(id)?.phase, 'ended');
    assert.deepEqual(w.clock.dueTimes(), []);
  });

  it('goes on with the next call after a refusal, and stops after a failure that meets all calls', async () => {
    const w = world(bareInstances(45));
    w.service.onWrite = (n) => {
      throw n === 1
        ? new BackupError('machine-not-ready', 'no', { serviceCode: 'InstanceNotRunning', fate: 'refused' })
        : new BackupError('throttled', 'AccessKeySecret s3cret', {
            serviceCode: 'Throttling.User',
            fate: 'not-run',
          });
    };
    const { id } = await w.window.operations.start(aPlan('install', w.clients));
    await w.clock.advance(0);
    const operation = w.window.operations.get(id);
    const outcomes = outcomesOf(operation);
    assert.equal(w.service.writes.length, 2);
    assert.deepEqual(
      [outcomes['i-0'], outcomes['i-20'], outcomes['i-44']],
      ['refused: InstanceNotRunning', 'not-sent: Throttling.User', 'not-sent: Throttling.User'],
    );
    assert.equal(operation?.phase, 'ended');
    assert.ok(!JSON.stringify(w.disk.lines(id)).includes('s3cret'));
  });

  it('keeps no secret that the service repeats in the place of a reason', async () => {
    const w = world(bareInstances(1));
    w.service.onWrite = () => {
      throw new BackupError('machine-not-ready', 'no', { serviceCode: 'Refused s3cret', fate: 'refused' });
    };
    const { id } = await w.window.operations.start(aPlan('install', w.clients));
    await w.clock.advance(0);
    assert.deepEqual(Object.values(outcomesOf(w.window.operations.get(id))), ['refused: Refused ******']);
    assert.ok(!JSON.stringify(w.disk.lines(id)).includes('s3cret'));
  });

  it('is forgotten on request only when it has ended', async () => {
    const w = world();
    const { id } = await startUpgrade(w);
    await w.window.operations.remove(id);
    assert.ok(w.window.operations.get(id));
    await w.window.operations.stop(id, 'tracking');
    await w.clock.advance(0);
    await w.window.operations.remove(id);
    assert.equal(w.window.operations.get(id), undefined);
    assert.equal(w.disk.closed.size, 0);
  });
});

describe('a call whose answer is lost', () => {
  const lost = (): never => {
    throw new BackupError('connection-lost', 'reset', { fate: 'ambiguous' });
  };

  it('is never repeated, and is found to have run when a machine is being changed', async () => {
    const w = world();
    w.service.onWrite = lost;
    w.set({ status: 'UPGRADING' });
    const { id } = await startUpgrade(w);
    assert.equal(w.window.operations.get(id)?.calls[0]?.finding, 'ran');
    w.set({ status: 'ACTIVATED', clientVersion: '2.4.5' });
    await w.clock.advance(30 * second);
    const operation = w.window.operations.get(id);
    assert.deepEqual(Object.values(outcomesOf(operation)), Array(3).fill('done'));
    assert.equal(operation?.calls[0]?.failure?.ambiguous, false);
    assert.equal(w.service.writes.length, 1);
  });

  it('is found not to have run when a minute of reading shows no change', async () => {
    const w = world();
    w.service.onWrite = lost;
    const { id } = await startUpgrade(w);
    await w.clock.advance(minute - second);
    assert.equal(w.window.operations.get(id)?.phase, 'watching');
    await w.clock.advance(second);
    const operation = w.window.operations.get(id);
    assert.equal(operation?.calls[0]?.finding, 'not-run');
    assert.equal(outcomesOf(operation)['i-0'], 'not-sent: not-run');
    assert.equal(w.service.writes.length, 1);
  });

  it('stays unknown when nothing can be read', async () => {
    const w = world();
    w.service.onWrite = lost;
    w.service.onRead = () => {
      throw new BackupError('unreachable', 'no network');
    };
    const { id } = await startUpgrade(w);
    await w.clock.advance(17 * minute);
    assert.equal(w.window.operations.get(id)?.phase, 'watching');
    await w.clock.advance(5 * minute);
    assert.equal(outcomesOf(w.window.operations.get(id))['i-0'], 'unknown: unreachable');
  });

  it('is one also when its failure does not tell whether it ran', async () => {
    const w = world();
    w.service.onWrite = () => Promise.reject(new Error('something else'));
    const { id } = await startUpgrade(w);
    assert.equal(w.window.operations.get(id)?.calls[0]?.failure?.ambiguous, true);
    assert.equal(outcomesOf(w.window.operations.get(id))['i-0'], 'running');
    await w.clock.advance(minute);
    assert.equal(w.window.operations.get(id)?.calls[0]?.finding, 'not-run');
    assert.equal(w.service.writes.length, 1);
  });

  it('does not keep the next call back, but two in a row do', async () => {
    const w = world(bareInstances(65));
    w.service.onWrite = lost;
    const { id } = await w.window.operations.start(aPlan('install', w.clients));
    await w.clock.advance(0);
    assert.equal(w.service.writes.length, 2);
    assert.equal(outcomesOf(w.window.operations.get(id))['i-64'], 'not-sent: connection-lost');
  });

  it('fails machines that the list newly shows as failed', async () => {
    const w = world(bareInstances(1));
    w.service.onWrite = lost;
    const { id } = await w.window.operations.start(aPlan('install', w.clients));
    const [first] = w.clients;
    assert.ok(first);
    w.service.clients.set('i-0', { ...first, status: 'INSTALL_FAILED' });
    await w.clock.advance(30 * second);
    assert.equal(outcomesOf(w.window.operations.get(id))['i-0'], 'failed: INSTALL_FAILED');
  });
});
