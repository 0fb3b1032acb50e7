import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import type { Job } from '../../../src/core/service/protection';
import type { Operation, Plan, PlannedMachine } from '../../../src/core/operations/operation';
import { aScope } from '../../support/builders';
import { createFakeService } from '../../support/fakeService';
import { createHandClock, createSetClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import { aPlan, openWindow, outcomesOf, outdatedClients } from '../../support/operationBuilders';

const second = 1000;
const minute = 60 * second;

/** A backup that runs on the nth client. */
function jobOn(n: number, fields: Partial<Job> = {}): Job {
  return {
    kind: 'backup',
    jobId: `job-${n}`,
    status: 'RUNNING',
    clientId: `c-${n}`,
    instanceId: `i-${n}`,
    edition: 'STANDARD',
    percent: 43,
    createdTime: 1_767_323_000,
    startTime: 1_767_323_000,
    updatedTime: 1_767_323_000,
    ...fields,
  };
}

/** Clients whose upgrade is verified as soon as it was sent, and a service on which a test starts and ends jobs. */
function world({ count = 3, aheadMs = 0 } = {}) {
  const hand = createHandClock();
  const clock = createSetClock(hand, aheadMs);
  const clients = outdatedClients(count);
  const service = createFakeService(clients);
  service.onPoll = () => ({ state: 'completed', progress: 100 });
  service.onWrite = (n, { instanceIds, clientIds }) => {
    for (const [key, client] of service.clients) {
      if (![...instanceIds, ...clientIds].some((id) => id === key || id === client.clientId)) continue;
      const lastHeartBeatTime = clock.now() / 1000 + 31;
      service.clients.set(key, { ...client, clientVersion: '2.4.5', lastHeartBeatTime });
    }
    return { taskId: `t-${n}`, requestId: `R-${n}`, refusals: [] };
  };
  const disk = createMemoryDisk();
  const window = openWindow(service, clock, disk.window());
  let id = '';
  return {
    ...{ hand, clock, service, disk, window },
    async start(
      plan: Partial<Plan> = {},
      machine: (one: PlannedMachine) => Partial<PlannedMachine> = () => ({}),
    ) {
      const { machines, ...rest } = aPlan('upgrade', clients);
      const planned = machines.map((one) => ({ ...one, ...machine(one) }));
      ({ id } = await window.operations.start({ ...rest, machines: planned, ...plan }));
      await hand.advance(0);
    },
    now(from = window): Operation {
      const operation = from.operations.get(id);
      assert.ok(operation);
      return operation;
    },
    /** Instance IDs of the clients of each write, in order, whichever ID named them. */
    sent: () =>
      service.writes.map(({ instanceIds, clientIds }) => [
        ...instanceIds,
        ...clientIds.map((id) => id.replace('c-', 'i-')),
      ]),
    held: () => window.operations.get(id)?.machines.flatMap(({ machine, held }) => (held ? machine.key : [])),
    end(jobId: string) {
      const index = service.jobs.findIndex((job) => job.jobId === jobId);
      assert.ok(index >= 0);
      service.jobs.splice(index, 1);
    },
  };
}

const denied = () => new BackupError('permission-denied', 'no', { serviceCode: 'NoPermission' });

describe('a client on which a backup runs', () => {
  it('is held back while the others are sent, and is sent once its job has ended', async () => {
    const w = world();
    w.service.jobs.push(jobOn(1));
    const at = w.clock.now();
    await w.start();
    assert.deepEqual(w.sent(), [['i-0', 'i-2']]);
    const [, held] = w.now().machines;
    assert.equal(held?.outcome, 'waiting');
    assert.equal(held.held?.jobs[0].jobId, 'job-1');
    assert.equal(held.held.since, at);
    assert.equal(held.held.until, at + 120 * minute);
    await w.hand.advance(30 * minute);
    assert.deepEqual(w.sent(), [['i-0', 'i-2']]);
    assert.equal(w.now().phase, 'sending');
    w.end('job-1');
    await w.hand.advance(minute);
    assert.deepEqual(w.sent(), [['i-0', 'i-2'], ['i-1']]);
    await w.hand.advance(10 * minute);
    assert.deepEqual(outcomesOf(w.now()), { 'i-0': 'done', 'i-1': 'done', 'i-2': 'done' });
    assert.equal(w.now().phase, 'ended');
    const [, after] = w.now().machines;
    assert.equal(after?.held, undefined);
    assert.deepEqual(after?.wasHeld, { jobs: held.held.jobs, ms: 31 * minute });
    assert.deepEqual(
      w.now().waves.map(({ number, machineKeys, afterHold }) => [number, machineKeys, afterHold]),
      [
        [1, ['i-0', 'i-2'], undefined],
        [2, ['i-1'], true],
      ],
    );
  });

  it('is named by its own ID then, since another client may have come to its instance', async () => {
    const w = world();
    w.service.jobs.push(jobOn(1));
    await w.start();
    w.end('job-1');
    await w.hand.advance(minute);
    assert.deepEqual(
      w.service.writes.map(({ instanceIds, clientIds }) => [instanceIds, clientIds]),
      [
        [['i-0', 'i-2'], []],
        [[], ['c-1']],
      ],
    );
  });

  it('is never sent when the job outlasts the limit, and says so', async () => {
    const w = world();
    w.service.jobs.push(jobOn(0));
    await w.start({ holdLimitMs: 10 * minute });
    await w.hand.advance(9 * minute);
    assert.equal(w.now().phase, 'sending');
    await w.hand.advance(minute + second);
    assert.equal(w.now().phase, 'ended');
    assert.deepEqual(outcomesOf(w.now()), { 'i-0': 'not-sent: job-running', 'i-1': 'done', 'i-2': 'done' });
    assert.deepEqual(w.sent(), [['i-1', 'i-2']]);
    assert.equal(w.now().machines[0]?.wasHeld?.ms, 10 * minute);
  });

  it('is sent where the user included it, and not even asked about', async () => {
    const w = world({ count: 1 });
    w.service.jobs.push(jobOn(0));
    await w.start({}, () => ({ whenBusy: 'send' }));
    assert.deepEqual(w.sent(), [['i-0']]);
    assert.equal(w.service.protectionReads.length, 0);
  });

  it('is held back although the job began after the user agreed', async () => {
    const w = world();
    const batches = { strategy: { kind: 'batches', size: 1 } } as const;
    await w.start(batches, () => ({ work: { kind: 'none' } }));
    w.service.jobs.push(jobOn(1, { status: 'QUEUED' }));
    await w.hand.advance(5 * minute);
    assert.deepEqual(w.sent(), [['i-0'], ['i-2']]);
    assert.deepEqual(w.held(), ['i-1']);
  });

  it('is given up at the limit by a clock that nobody sets', async () => {
    for (const setMs of [-90 * minute, 90 * minute]) {
      const w = world({ count: 1 });
      w.service.jobs.push(jobOn(0));
      await w.start({ holdLimitMs: 30 * minute });
      await w.hand.advance(10 * minute);
      w.clock.aheadMs += setMs;
      await w.hand.advance(minute);
      // The countdown is by the new time.
      assert.equal(w.now().machines[0]?.held?.until, w.clock.now() + 19 * minute);
      await w.hand.advance(18 * minute);
      assert.equal(w.now().phase, 'sending');
      await w.hand.advance(minute + second);
      assert.deepEqual(outcomesOf(w.now()), { 'i-0': 'not-sent: job-running' });
    }
  });

  it('is looked at more often by a simulated service that is faster, and given up at the limit that was shown', async () => {
    const w = world({ count: 1 });
    w.service.scale = 60;
    w.service.jobs.push(jobOn(0));
    await w.start({ holdLimitMs: 10 * minute });
    assert.equal(w.window.operations.nextCheckAt(w.now().id), w.clock.now() + second);
    await w.hand.advance(10 * minute - 1);
    assert.equal(w.now().phase, 'sending');
    await w.hand.advance(2);
    assert.equal(w.now().phase, 'ended');
  });

  it('is looked at at once after Check Now', async () => {
    const w = world({ count: 1 });
    w.service.jobs.push(jobOn(0));
    await w.start();
    w.end('job-0');
    await w.hand.advance(10 * second);
    assert.deepEqual(w.sent(), []);
    assert.equal(w.window.operations.nextCheckAt(w.now().id), w.clock.now() + 50 * second);
    await w.window.operations.checkNow(w.now().id);
    await w.hand.advance(0);
    assert.deepEqual(w.sent(), [['i-0']]);
  });

  it('goes unsent when the rollout is stopped, at once and in whichever window', async () => {
    const w = world();
    w.service.jobs.push(jobOn(1));
    await w.start();
    const other = openWindow(w.service, w.clock, w.disk.window());
    await other.operations.resume();
    await w.hand.advance(10 * second);
    await other.operations.stop(w.now().id, 'rollout');
    await w.hand.advance(second);
    assert.deepEqual(outcomesOf(w.now())['i-1'], 'stopped: stopped');
    await w.hand.advance(3 * minute);
    assert.equal(w.now().phase, 'ended');
    assert.equal(w.now().machines[1]?.held, undefined);
    assert.ok((w.now().machines[1]?.wasHeld?.ms ?? 0) > 0);
  });

  it('goes unsent when its window dies, and another one takes over', async () => {
    const w = world();
    w.service.jobs.push(jobOn(1));
    await w.start();
    await w.hand.advance(5 * minute);
    const id = w.now().id;
    w.window.kill();
    const other = openWindow(w.service, w.clock, w.disk.window());
    await other.operations.resume();
    await w.hand.advance(10 * minute);
    const operation = other.operations.get(id);
    assert.equal(operation?.phase, 'ended');
    assert.deepEqual(outcomesOf(operation)['i-1'], 'not-sent: interrupted');
    assert.equal(w.service.writes.length, 1);
    assert.equal(operation.machines[1]?.wasHeld?.jobs[0].jobId, 'job-1');
  });

  it('is seen as held back in another window, which can look at it at once', async () => {
    const w = world({ count: 1 });
    w.service.jobs.push(jobOn(0));
    await w.start();
    const other = openWindow(w.service, w.clock, w.disk.window());
    await other.operations.resume();
    assert.equal(w.now(other).machines[0]?.held?.jobs[0].percent, 43);
    w.end('job-0');
    await w.hand.advance(5 * second);
    await other.operations.checkNow(w.now().id);
    await w.hand.advance(0);
    assert.deepEqual(w.sent(), [['i-0']]);
  });

  it('shows a percentage in steps, so that its file stays small', async () => {
    const w = world({ count: 1 });
    w.service.jobs.push(jobOn(0, { percent: 43 }));
    await w.start();
    for (const [percent, shown] of [
      [44, 43],
      [51, 51],
      [58, 51],
    ] as const) {
      w.service.jobs[0] = jobOn(0, { percent });
      await w.hand.advance(minute);
      assert.equal(w.now().machines[0]?.held?.jobs[0].percent, shown);
    }
  });

  it('stays held back while its job of days ago is in a status that nobody knows', async () => {
    const w = world();
    const startTime = Math.floor(w.clock.now() / 1000) - 9 * 24 * 3600;
    const job = jobOn(1, { createdTime: startTime - 3600, startTime });
    w.service.jobs.push(job);
    await w.start();
    w.service.jobs[0] = { ...job, status: 'FINISHING' };
    await w.hand.advance(3 * minute);
    assert.deepEqual(w.held(), ['i-1']);
    w.service.jobs[0] = { ...job, status: 'COMPLETE' };
    await w.hand.advance(minute);
    assert.deepEqual(w.sent(), [['i-0', 'i-2'], ['i-1']]);
  });

  it('of another account, or without an instance ID, is sent once the job that was found has ended', async () => {
    const crossAccount = { type: 'CROSS_ACCOUNT', userId: '1001' } as const;
    const w = world();
    w.service.jobs.push(jobOn(1, { crossAccountId: '1001' }));
    await w.start({ scope: aScope({ crossAccount }) });
    const other = world();
    other.service.jobs.push(jobOn(1, { kind: 'restore' }));
    const [zero, one, two] = aPlan('upgrade', outdatedClients(3)).machines;
    assert.ok(zero && one && two);
    await other.start({
      machines: [zero, { key: 'i-1', name: one.name, clientId: 'c-1', namedBy: 'client' }, two],
    });
    for (const each of [w, other]) {
      await each.hand.advance(5 * minute);
      assert.deepEqual(each.held(), ['i-1']);
      each.end('job-1');
      await each.hand.advance(minute);
      assert.deepEqual(each.sent().at(-1), ['i-1']);
    }
  });

  it('stays held back when the disk fails, and nothing more is sent', async () => {
    const w = world();
    w.service.jobs.push(jobOn(1));
    await w.start({ strategy: { kind: 'batches', size: 2 } });
    assert.deepEqual(w.sent(), [['i-0']]);
    w.service.jobs.push(jobOn(2));
    w.window.disk.beforeAppend = () => {
      throw new Error('ENOSPC');
    };
    await w.hand.advance(5 * minute);
    assert.deepEqual(w.held(), ['i-1', 'i-2']);
    w.end('job-1');
    w.end('job-2');
    await w.hand.advance(5 * minute);
    assert.deepEqual(w.sent(), [['i-0']]);
    assert.deepEqual(outcomesOf(w.now())['i-1'], 'not-sent: storage-failed');
  });

  it('is sent in settings as well as in upgrades: only once its job has ended', async () => {
    const w = world();
    w.service.jobs.push(jobOn(1));
    const { machines, ...plan } = aPlan('settings', outdatedClients(3));
    const byClient = machines.map((one) => ({ ...one, namedBy: 'client' as const }));
    const change = { maxCpuCore: 2 };
    const settings = { values: change };
    const { id } = await w.window.operations.start({ ...plan, machines: byClient, settings }, change);
    await w.hand.advance(minute);
    assert.deepEqual(
      w.service.settings.map(({ clientId }) => clientId),
      ['c-0', 'c-2'],
    );
    assert.deepEqual(outcomesOf(w.window.operations.get(id)), {
      'i-0': 'done',
      'i-1': 'waiting',
      'i-2': 'done',
    });
    w.end('job-1');
    await w.hand.advance(minute);
    assert.deepEqual(outcomesOf(w.window.operations.get(id))['i-1'], 'done');
    assert.equal(w.window.operations.get(id)?.phase, 'ended');
  });
});

describe('a rollout with clients that are held back', () => {
  it('has the next free client as its canary, never the rest without one', async () => {
    const w = world({ count: 4 });
    w.service.jobs.push(jobOn(0), jobOn(1));
    await w.start({ strategy: { kind: 'canary' } });
    assert.deepEqual(w.sent(), [['i-2']]);
    assert.deepEqual(
      w.now().waves.map(({ machineKeys }) => machineKeys),
      [['i-2'], ['i-3']],
    );
    await w.hand.advance(5 * minute);
    assert.deepEqual(w.sent(), [['i-2'], ['i-3']]);
    w.end('job-0');
    w.end('job-1');
    await w.hand.advance(minute);
    assert.deepEqual(w.sent(), [['i-2'], ['i-3'], ['i-0', 'i-1']]);
  });

  it('has a canary among them where all were held back', async () => {
    const w = world();
    w.service.jobs.push(jobOn(0), jobOn(1), jobOn(2));
    await w.start({ strategy: { kind: 'canary' } });
    assert.deepEqual(w.sent(), []);
    w.service.jobs.splice(0);
    await w.hand.advance(minute);
    assert.deepEqual(w.sent(), [['i-0']]);
    await w.hand.advance(5 * minute);
    assert.deepEqual(w.sent(), [['i-0'], ['i-1', 'i-2']]);
  });

  it('keeps the size of its batches for those that were held back', async () => {
    const w = world({ count: 5 });
    for (let n = 0; n < 5; n++) w.service.jobs.push(jobOn(n));
    await w.start({ strategy: { kind: 'batches', size: 2 } });
    w.service.jobs.splice(0);
    await w.hand.advance(20 * minute);
    assert.deepEqual(w.sent(), [['i-0', 'i-1'], ['i-2', 'i-3'], ['i-4']]);
  });

  it('keeps zones apart for those that were held back', async () => {
    const w = world({ count: 4 });
    for (let n = 0; n < 4; n++) w.service.jobs.push(jobOn(n));
    await w.start({ strategy: { kind: 'zones' } }, ({ key }) => ({
      zoneId: key === 'i-0' || key === 'i-3' ? 'h' : 'i',
    }));
    w.service.jobs.splice(0);
    await w.hand.advance(20 * minute);
    assert.deepEqual(w.sent(), [
      ['i-0', 'i-3'],
      ['i-1', 'i-2'],
    ]);
  });

  it('keeps its failure limit for those that are held back', async () => {
    const w = world();
    w.service.jobs.push(jobOn(2));
    w.service.onWrite = () => {
      throw new BackupError('bad-request', 'no', { serviceCode: 'InstanceNotRunning', fate: 'refused' });
    };
    await w.start({ strategy: { kind: 'batches', size: 1 }, maxFailures: 1 });
    await w.hand.advance(minute);
    assert.equal(w.now().phase, 'ended');
    assert.equal(w.service.writes.length, 1);
  });

  it('reads again before each wave, with six calls for up to 500 clients', async () => {
    const w = world({ count: 4 });
    await w.start({ strategy: { kind: 'batches', size: 2 } });
    await w.hand.advance(5 * minute);
    assert.equal(w.sent().length, 2);
    const queries = w.service.protectionReads.map(({ call, query }) => [call, query] as const);
    assert.equal(queries.length, 12);
    const ids = queries.flatMap(([call, query]) =>
      call === 'hbr:DescribeBackupJobs2' ? [(query as { instanceIds?: unknown }).instanceIds] : [],
    );
    assert.deepEqual(ids, [
      ['i-0', 'i-1'],
      ['i-0', 'i-1'],
      ['i-2', 'i-3'],
      ['i-2', 'i-3'],
    ]);
  });
});

describe('a client of which nobody can say whether a backup runs', () => {
  it('is sent where the read is denied', async () => {
    const w = world();
    for (const call of ['hbr:DescribeBackupJobs2', 'hbr:DescribeRestoreJobs2'] as const) {
      w.service.failures.set(call, denied());
    }
    await w.start();
    assert.deepEqual(w.sent(), [['i-0', 'i-1', 'i-2']]);
  });

  it('is sent where the read was cut off, unless it found a job', async () => {
    const w = world();
    w.service.cutOff.add('hbr:DescribeBackupJobs2');
    w.service.jobs.push(jobOn(2));
    await w.start();
    assert.deepEqual(w.sent(), [['i-0', 'i-1']]);
    assert.deepEqual(w.held(), ['i-2']);
  });

  it('is sent 15 s later where the read is never answered', async () => {
    const w = world({ count: 1 });
    w.service.onProtectionRead.run = () => new Promise(() => undefined);
    await w.start();
    await w.hand.advance(14 * second);
    assert.deepEqual(w.sent(), []);
    await w.hand.advance(second);
    assert.deepEqual(w.sent(), [['i-0']]);
  });

  it('is not sent where the rollout is stopped during the read, and the operation ends at once', async () => {
    const w = world({ count: 1 });
    w.service.onProtectionRead.run = () => new Promise(() => undefined);
    await w.start();
    await w.window.operations.stop(w.now().id, 'rollout');
    await w.hand.advance(0);
    assert.equal(w.now().phase, 'ended');
    assert.deepEqual(w.sent(), []);
  });

  it('stays held back once a job was seen, until a reading shows that none runs', async () => {
    const w = world({ count: 1 });
    w.service.jobs.push(jobOn(0));
    await w.start();
    w.end('job-0');
    w.service.failures.set('hbr:DescribeBackupJobs2', denied());
    await w.hand.advance(20 * minute);
    assert.deepEqual(w.held(), ['i-0']);
    w.service.failures.clear();
    await w.hand.advance(minute);
    assert.deepEqual(w.sent(), [['i-0']]);
  });

  it('stays held back while its job is in a status that is not listed with those that run', async () => {
    for (const kind of ['backup', 'restore'] as const) {
      const w = world({ count: 1 });
      const job = jobOn(0, { kind, createdTime: 4_000_000_000 });
      w.service.jobs.push(job);
      await w.start();
      w.service.jobs[0] = { ...job, status: 'REHEARSING' };
      await w.hand.advance(20 * minute);
      assert.deepEqual(w.held(), ['i-0'], kind);
      w.service.jobs[0] = { ...job, status: 'COMPLETE' };
      await w.hand.advance(minute);
      assert.deepEqual(w.sent(), [['i-0']], kind);
    }
  });

  it('stays held back where a job was known when the user agreed', async () => {
    const w = world({ count: 1 });
    w.service.failures.set('hbr:DescribeBackupJobs2', denied());
    const job = { kind: 'backup', jobId: 'job-0', status: 'RUNNING', certain: true, stuck: false } as const;
    await w.start({ holdLimitMs: 10 * minute }, () => ({ work: { kind: 'running', jobs: [job] } }));
    assert.deepEqual(w.held(), ['i-0']);
    await w.hand.advance(11 * minute);
    assert.deepEqual(outcomesOf(w.now()), { 'i-0': 'not-sent: job-running' });
  });

  it('is held back for a status that no documentation has', async () => {
    const w = world({ count: 1 });
    // The service refuses to filter by statuses that its reference doesn't list.
    w.service.onProtectionRead.run = ({ query }) => {
      if (typeof query === 'object' && query && 'statuses' in query) {
        throw new BackupError('bad-request', 'no such status');
      }
    };
    w.service.jobs.push(jobOn(0, { status: 'REHEARSING', createdTime: 4_000_000_000 }));
    await w.start();
    assert.deepEqual(w.held(), ['i-0']);
  });
});

describe('a restore', () => {
  it('holds back the machine that receives it, and not the one that its files come from', async () => {
    const w = world();
    // The source of a restore isn't in its client and instance.
    w.service.jobs.push(jobOn(1, { kind: 'restore', jobId: 'r-1' }));
    await w.start();
    assert.deepEqual(w.sent(), [['i-0', 'i-2']]);
    assert.equal(w.now().machines[1]?.held?.jobs[0].kind, 'restore');
  });
});

describe('an instance without a client', () => {
  it('is never asked about', async () => {
    const w = world({ count: 2 });
    await w.start({ action: 'install' }, () => ({ fromStatus: 'NOT_INSTALLED' }));
    assert.equal(w.service.protectionReads.length, 0);
    assert.equal(w.sent().length, 1);
  });
});
