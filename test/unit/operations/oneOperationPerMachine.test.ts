import { strict as assert } from 'node:assert';
import { failureNotice } from '../../../src/core/interaction/failureNotice';
import { toBackupError } from '../../../src/core/service/errors';
import type { Plan } from '../../../src/core/operations/operation';
import type { LeaseStore } from '../../../src/core/operations/stores';
import { demoProfileId } from '../../../src/core/service/scope';
import type { Scope } from '../../../src/core/service/scope';
import { aScope } from '../../support/builders';
import { createFakeService } from '../../support/fakeService';
import { createHandClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import { aPlan, openWindow, outdatedClients } from '../../support/operationBuilders';

const second = 1000;
const minute = 60 * second;

function world(count = 2) {
  const clock = createHandClock();
  const clients = outdatedClients(count);
  const service = createFakeService(clients);
  const disk = createMemoryDisk();
  let ids = 0;
  const planAs = (scope: Partial<Scope> = {}, profileName = 'Production'): Plan => ({
    ...aPlan('upgrade', clients),
    scope: aScope(scope),
    profileName,
  });
  return {
    clock,
    clients,
    service,
    disk,
    planAs,
    open: (over = disk.window()) => openWindow(service, clock, over, { newId: () => `op-${++ids}` }),
  };
}

type World = ReturnType<typeof world>;

/** What the user is told about a start that was refused. */
async function refusalOf(start: Promise<unknown>): Promise<string> {
  try {
    await start;
  } catch (error) {
    const failure = toBackupError(error);
    assert.equal(failure.code, 'busy-elsewhere');
    return failureNotice(failure).message;
  }
  return assert.fail('the start was not refused');
}

const phasesIn = ({ operations }: ReturnType<World['open']>) => operations.list().map(({ phase }) => phase);

const settledIn = async (w: World, starts: readonly Promise<unknown>[], ms = 30 * second) => {
  const all = Promise.allSettled(starts);
  await w.clock.advance(ms);
  return (await all).map(({ status }) => status);
};

describe('a machine is in one operation only', () => {
  const crossAccount = { type: 'CROSS_ACCOUNT', userId: '2222000000000000', roleName: 'hbr' } as const;

  for (const [what, scope] of [
    ['two profiles of one account', { profileId: 'profile-2' }],
    ['a view of the account from another one', { profileId: 'profile-2', accountId: '2222', crossAccount }],
    ['a profile that was saved unverified', { accountId: '' }],
  ] as const) {
    it(`when it is seen through ${what}`, async () => {
      const w = world();
      const window = w.open();
      await window.operations.start(w.planAs());
      await w.clock.advance(3 * minute);
      const told = await refusalOf(window.operations.start(w.planAs(scope, 'Second')));
      assert.match(told, /^web-0 is already being upgraded.*“Production”.*3 min 0 s/);
      assert.equal(w.service.writes.length, 1);
    });
  }

  it('when the machines of another region or of demo data have the same ids, without those being refused', async () => {
    const w = world();
    const window = w.open();
    await window.operations.start(w.planAs());
    await window.operations.start(w.planAs({ regionId: 'cn-beijing' }));
    await window.operations.start({ ...w.planAs({ profileId: demoProfileId }), demo: true });
    await w.clock.advance(0);
    assert.equal(w.service.writes.length, 3);
  });

  it('when two windows start it at the same moment: one sends, and the other says who has it', async () => {
    const w = world();
    const [one, two] = [w.open(), w.open()];
    const starts = [one.operations.start(w.planAs()), two.operations.start(w.planAs({}, 'Other'))];
    const refused = refusalOf(Promise.all(starts));
    assert.deepEqual((await settledIn(w, starts)).sort(), ['fulfilled', 'rejected']);
    assert.match(await refused, /already being upgraded.*“(Production|Other)”/);
    assert.equal(w.service.writes.length, 1);
  });

  it('when the window that starts it never heard of the record of the other', async () => {
    const w = world();
    const one = w.open();
    const deaf = w.disk.window();
    const two = w.open({
      ...deaf,
      records: { ...deaf.records, onDidChange: () => ({ dispose: () => undefined }) },
    });
    await one.operations.start(w.planAs());
    await refusalOf(two.operations.start(w.planAs()));
    await w.clock.advance(0);
    assert.equal(w.service.writes.length, 1);
  });

  it('and is free again as soon as the disk says so, whatever this window heard', async () => {
    const w = world();
    const one = w.open();
    const deaf = w.disk.window();
    const two = w.open({
      ...deaf,
      records: { ...deaf.records, onDidChange: () => ({ dispose: () => undefined }) },
    });
    const { id } = await one.operations.start(w.planAs());
    await refusalOf(two.operations.start(w.planAs()));
    await one.operations.stop(id, 'tracking');
    await w.clock.advance(0);
    await two.operations.start(w.planAs());
  });
});

describe('the start of an operation', () => {
  it('waits while another window starts one in the region, and not for another region', async () => {
    const w = world();
    const other = w.disk.window();
    const lease = await other.leases.take('start-cn-hangzhou');
    const window = w.open();
    const start = window.operations.start(w.planAs());
    await window.operations.start(w.planAs({ regionId: 'cn-beijing' }));
    await w.clock.advance(5 * second);
    assert.equal(w.service.writes.length, 1);
    lease?.dispose();
    await w.clock.advance(second);
    await start;
    assert.equal(w.service.writes.length, 2);
  });

  it('does not wait for ever: a window that keeps its turn is named as the reason, and nothing is sent', async () => {
    const w = world();
    await w.disk.window().leases.take('start-cn-hangzhou');
    const start = refusalOf(w.open().operations.start(w.planAs()));
    await w.clock.advance(minute);
    assert.match(await start, /Another operation is being started in this region/);
    assert.equal(w.service.writes.length, 0);
    assert.deepEqual([...w.disk.open.keys()], []);
  });

  it('says that the disk failed when the records of others cannot be looked at, and sends nothing', async () => {
    const w = world();
    for (const fails of ['list', 'read'] as const) {
      const disk = w.disk.window();
      w.disk.write('20260101T000000000Z-other', '{}');
      const window = w.open({
        ...disk,
        records: { ...disk.records, [fails]: () => Promise.reject(new Error('EIO')) },
      });
      await assert.rejects(window.operations.start(w.planAs()), { code: 'storage-failed', fate: 'not-run' });
    }
    assert.equal(w.service.writes.length, 0);
    // Its turn was given back: the next start does not wait.
    await w.open().operations.start(w.planAs());
  });

  it('learns the end of what refused it, also where the disk sends no events', async () => {
    const w = world();
    await w.open().operations.start(w.planAs());
    const disk = w.disk.window();
    const deaf = w.open({
      ...disk,
      records: { ...disk.records, onDidChange: () => ({ dispose: () => undefined }) },
    });
    await refusalOf(deaf.operations.start(w.planAs()));
    assert.deepEqual(phasesIn(deaf), ['sending']);
    await w.clock.advance(30 * minute);
    assert.deepEqual(phasesIn(deaf), ['ended']);
  });

  it('is taken back when its turn ran out before the record was on the disk', async () => {
    const w = world();
    const slow = w.disk.window();
    const leases: LeaseStore = {
      take: async (name) => {
        const lease = await slow.leases.take(name);
        return lease && name.startsWith('start-')
          ? { ...lease, isHeld: () => Promise.resolve(false) }
          : lease;
      },
    };
    const window = w.open({ ...slow, leases });
    await refusalOf(window.operations.start(w.planAs()));
    await w.clock.advance(0);
    assert.equal(w.service.writes.length, 0);
    assert.deepEqual([...w.disk.open.keys()], []);
  });
});

describe('a task that is followed by its ID', () => {
  it('is one operation, through whichever profile of the region it is asked for', async () => {
    const w = world();
    w.service.onPoll = () => ({ name: 'UpgradeBackupClientsTask' });
    const [one, two] = [w.open(), w.open()];
    const request = { scope: aScope(), profileName: 'Production', demo: false, taskId: 't-1' };
    const first = await one.operations.track(request);
    const again = await one.operations.track({ ...request, scope: aScope({ profileId: 'profile-2' }) });
    const elsewhere = await two.operations.track({ ...request, scope: aScope({ profileId: 'profile-3' }) });
    assert.deepEqual([again.id, elsewhere.id], [first.id, first.id]);
  });
});
