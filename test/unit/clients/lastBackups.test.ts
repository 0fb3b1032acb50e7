import { deniedInWords } from '../../../src/core/clients/backups/deniedInWords';
import { strict as assert } from 'node:assert';
import type { BackupSettings } from '../../../src/core/clients/backups/backupSettings';
import { backupSettingsOf } from '../../../src/core/clients/backups/backupSettings';
import { createLastBackups, type LastBackups } from '../../../src/core/clients/backups/lastBackups';
import type { InventoryState } from '../../../src/core/clients/inventory';
import type { Listing } from '../../../src/core/clients/listing';
import { Emitter } from '../../../src/core/kernel/events';
import { keyClients } from '../../../src/core/service/clientFacts';
import { BackupError } from '../../../src/core/service/errors';
import type { BackupClient } from '../../../src/core/service/model';
import type { BackupPlan, Job } from '../../../src/core/service/protection';
import { scopeKey, type Scope } from '../../../src/core/service/scope';
import { aClient, aScope } from '../../support/builders';
import { createFakeProtection, type FakeProtection } from '../../support/fakeProtection';
import { createHandClock, type HandClock } from '../../support/handClock';
import { settle } from '../../support/handService';
import { createKeptLog } from '../../support/operationBuilders';

const hour = 3600;
const day = 24 * hour;
const minuteMs = 60_000;

interface HandListing extends Listing {
  readonly inventory: { state: InventoryState; refresh(): Promise<void> };
}

describe('last backups of listed clients', () => {
  const sessionChanges = new Emitter<void>();
  const keyChanges = new Emitter<string>();
  const settingChanges = new Emitter<void>();
  const lookingChanges = new Emitter<void>();
  let clock: HandClock;
  let api: FakeProtection;
  let listings: readonly HandListing[];
  let isLooking: boolean;
  let settings: BackupSettings;
  let backups: LastBackups;
  let now: number;

  beforeEach(() => {
    forgotten = 0;
    clock = createHandClock();
    now = Math.floor(clock.now() / 1000);
    api = createFakeProtection();
    isLooking = true;
    settings = { read: true, overdueHours: 0 };
    listings = [listingOf([machine(1), machine(2), machine(3)])];
    api.plans.push(planOf(1), planOf(2), planOf(3));
  });
  afterEach(() => backups.dispose());

  /** Opens the listings; what they read is there when it resolves. */
  const start = async (): Promise<void> => {
    backups = createLastBackups({
      ...{ api, clock, log: createKeptLog(), serviceNow: () => clock.now() },
      session: {
        get listings() {
          return listings;
        },
        onDidChange: sessionChanges.event,
      },
      keys: { onDidChange: keyChanges.event },
      settings: {
        get current() {
          return settings;
        },
        onDidChange: settingChanges.event,
      },
      looking: {
        get current() {
          return isLooking;
        },
        onDidChange: lookingChanges.event,
      },
    });
    await settle();
  };

  const machine = (n: number, fields: Partial<BackupClient> = {}): BackupClient =>
    aClient({ instanceId: `i-${n}`, clientId: `c-${n}`, ...fields });
  const listingOf = (clients: readonly BackupClient[], scope: Scope = aScope()): HandListing => ({
    key: scopeKey(scope),
    scope,
    profile: { id: scope.profileId, name: 'production', regionId: scope.regionId },
    amongTypes: false,
    state: 'ready',
    inventory: {
      refresh: () => Promise.resolve(),
      state: {
        scope,
        clients: keyClients(clients),
        phase: 'ready',
        received: clients.length,
        total: clients.length,
        listedAt: clock.now(),
        changedWhileReading: false,
        error: undefined,
      },
    },
  });
  const planOf = (n: number, fields: Partial<BackupPlan> = {}): BackupPlan => ({
    ...{ planId: `plan-${n}`, instanceId: `i-${n}`, edition: 'STANDARD', schedule: 'I|1631685600|P1D' },
    ...{ disabled: false, createdTime: now - 90 * day },
    ...fields,
  });
  const jobOf = (n: number, age: number, fields: Partial<Job> = {}): Job => ({
    ...{ kind: 'backup', jobId: `job-${n}-${age}`, status: 'COMPLETE', edition: 'STANDARD' },
    ...{ instanceId: `i-${n}`, clientId: `c-${n}`, completeTime: now - age },
    ...fields,
  });
  const facts = (at = 0) => {
    const [listing] = listings.slice(at);
    assert.ok(listing);
    return backups.factsOf(listing);
  };
  const overdue = (): readonly string[] => [...facts().overdue];
  const known = (): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      [...facts().lastBackups].map(([key, last]) => [
        key,
        last.kind === 'at' ? last.asOf - last.at : last.kind,
      ]),
    );
  const change = async (): Promise<void> => {
    sessionChanges.fire();
    await settle();
    await settle();
  };
  const listAgain = async (listing = listings[0]): Promise<void> => {
    assert.ok(listing);
    listing.inventory.state = { ...listing.inventory.state, listedAt: clock.now() };
    await change();
  };
  /** How many of the first reads no longer count. */
  let forgotten: number;
  const calls = (): readonly string[] =>
    api.protectionReads.slice(forgotten).map(({ call, query }) => {
      const {
        edition = '',
        instanceIds,
        completedSince,
      } = query as {
        edition?: string;
        instanceIds?: readonly string[];
        completedSince?: number;
      };
      return [call.slice(4), edition, instanceIds?.length, completedSince && 'since']
        .filter(Boolean)
        .join(' ');
    });
  const forget = (): void => {
    forgotten = api.protectionReads.length;
  };
  const denied = () => new BackupError('permission-denied', 'no');

  it('are read when a list is there and somebody looks', async () => {
    isLooking = false;
    const [listing] = listings;
    assert.ok(listing);
    listing.inventory.state = { ...listing.inventory.state, phase: 'loading' };
    await start();
    isLooking = true;
    lookingChanges.fire();
    await settle();
    assert.deepEqual(calls(), []);
    listing.inventory.state = { ...listing.inventory.state, phase: 'ready' };
    isLooking = false;
    await change();
    assert.deepEqual(calls(), []);
    isLooking = true;
    lookingChanges.fire();
    await settle();
    assert.notDeepEqual(calls(), []);
  });

  it('are read for a page that is open while nobody looks at the view', async () => {
    isLooking = false;
    await start();
    assert.deepEqual(calls(), []);
    backups.readDue();
    await settle();
    assert.notDeepEqual(calls(), []);
  });

  it('are overdue after twice the interval of the plan, however old the last one is', async () => {
    api.jobs.push(jobOf(1, 3 * hour), jobOf(2, 9 * day), jobOf(2, 12 * day));
    await start();
    assert.deepEqual(known(), { 'i-1': 3 * hour, 'i-2': 9 * day, 'i-3': 'none' });
    assert.deepEqual(overdue(), ['i-2', 'i-3']);
    assert.deepEqual(calls(), [
      'DescribeBackupPlans STANDARD 3',
      'DescribeBackupPlans BASIC 3',
      'DescribeBackupJobs2 STANDARD 3',
      'DescribeBackupJobs2 BASIC 1',
    ]);
  });

  it('of Essential Edition count, and its plans do', async () => {
    api.plans.splice(0, Infinity, planOf(1, { edition: 'BASIC' }));
    listings = [listingOf([machine(1, { backupStatus: 'UNPROTECTED' })])];
    api.jobs.push(jobOf(1, 3 * day, { edition: 'BASIC' }));
    await start();
    assert.deepEqual(known(), { 'i-1': 3 * day });
    assert.deepEqual(overdue(), ['i-1']);
  });

  it('are overdue only where backups are configured, and judged by the policy where there is no plan', async () => {
    api.plans.length = 0;
    listings = [listingOf([machine(1), machine(2), machine(3, { backupStatus: 'UNPROTECTED' }), machine(4)])];
    api.policies.push({ policyId: 'po-1', schedules: ['I|1631685600|P1W'] });
    api.bindings.push({ policyId: 'po-1', instanceId: 'i-1', disabled: false });
    api.bindings.push({ policyId: 'po-1', instanceId: 'i-4', disabled: true });
    api.jobs.push(jobOf(1, 5 * day), jobOf(2, 5 * day), jobOf(3, 5 * day), jobOf(4, 5 * day));
    await start();
    assert.deepEqual(overdue(), ['i-2']);
    assert.ok(calls().includes('DescribePolicyBindings 3'), calls().join());
  });

  it('are judged by the policy where all plans are suspended, whatever the limit is', async () => {
    api.plans.splice(0, Infinity, planOf(1, { disabled: true }), planOf(2, { disabled: true }), planOf(3));
    api.policies.push({ policyId: 'po-1', schedules: ['I|1631685600|P1D'] });
    api.bindings.push({ policyId: 'po-1', instanceId: 'i-1', disabled: false });
    api.jobs.push(jobOf(1, 5 * day), jobOf(2, 5 * day), jobOf(3, 5 * hour));
    for (const overdueHours of [0, 30]) {
      settings = { read: true, overdueHours };
      forget();
      await start();
      assert.deepEqual(overdue(), ['i-1'], String(overdueHours));
      assert.ok(calls().includes('DescribePolicyBindings 2'), calls().join());
      backups.dispose();
    }
  });

  it('follow the setting at once, without another call', async () => {
    api.jobs.push(jobOf(1, 3 * hour), jobOf(2, 30 * hour), jobOf(3, 30 * hour));
    await start();
    assert.deepEqual(overdue(), []);
    forget();
    settings = { read: true, overdueHours: 24 };
    settingChanges.fire();
    assert.deepEqual(overdue(), ['i-2', 'i-3']);
    assert.deepEqual(calls(), []);
    settings = { read: false, overdueHours: 24 };
    settingChanges.fire();
    assert.deepEqual([overdue(), known()], [[], {}]);
    await listAgain();
    assert.deepEqual(calls(), []);
  });

  it('are read again after ten minutes, plans after six hours, and both sooner when the user refreshes', async () => {
    api.jobs.push(jobOf(1, hour), jobOf(2, hour), jobOf(3, hour));
    const recent = ['DescribeBackupJobs2 STANDARD 3'];
    const plans = ['DescribeBackupPlans STANDARD 3', 'DescribeBackupPlans BASIC 3'];
    await start();
    const after = async (minutes: number, refresh = false): Promise<readonly string[]> => {
      forget();
      await clock.advance(minutes * minuteMs);
      if (refresh) backups.readAgain();
      await listAgain();
      return calls();
    };
    assert.deepEqual(await after(5), []);
    assert.deepEqual(await after(5), recent);
    assert.deepEqual(await after(1, true), [...plans, ...recent]);
    assert.deepEqual(await after(1, true), recent);
    assert.deepEqual(await after(6 * 60), [...plans, ...recent]);
  });

  it('are read of the list that the user refreshes, although the one before was read meanwhile', async () => {
    isLooking = false;
    await start();
    const read = async (): Promise<number> => {
      forget();
      await listAgain();
      return calls().length;
    };
    // As the command palette closes, the view is looked at again, and its list is read before the new one is there.
    backups.readAgain();
    isLooking = true;
    lookingChanges.fire();
    await settle();
    assert.notEqual(calls().length, 0);
    await clock.advance(minuteMs);
    assert.notEqual(await read(), 0);
    await clock.advance(minuteMs);
    assert.equal(await read(), 0);
  });

  it('are not known, and nothing is overdue, where reading was cut off or failed', async () => {
    api.jobs.push(jobOf(1, hour));
    // The page says that there's more, and the next one has no row of the other two.
    api.cutOff.add('hbr:DescribeBackupJobs2');
    await start();
    assert.deepEqual(known(), { 'i-1': hour, 'i-2': 'unknown', 'i-3': 'unknown' });
    assert.deepEqual(overdue(), []);
    assert.equal(calls().filter((one) => one.startsWith('DescribeBackupJobs2')).length, 2);
    assert.equal(deniedInWords(backups.denied), '');
  });

  it('stay known where a later reading fails', async () => {
    api.jobs.push(jobOf(1, hour), jobOf(2, 9 * day), jobOf(3, hour));
    await start();
    api.failures.set('hbr:DescribeBackupJobs2', new BackupError('service-failed', 'down'));
    await clock.advance(10 * minuteMs);
    await listAgain();
    assert.deepEqual(known(), { 'i-1': hour, 'i-2': 9 * day, 'i-3': hour });
    assert.deepEqual(overdue(), ['i-2']);
  });

  it('are not judged without their plans, unless only the permission is missing', async () => {
    api.jobs.push(jobOf(1, hour), jobOf(2, 9 * day), jobOf(3, hour));
    api.failures.set('hbr:DescribeBackupPlans', new BackupError('service-failed', 'down'));
    await start();
    assert.deepEqual(overdue(), []);
    api.failures.set('hbr:DescribeBackupPlans', denied());
    await clock.advance(10 * minuteMs);
    await listAgain();
    assert.deepEqual(overdue(), ['i-2']);
    assert.equal(
      deniedInWords(backups.denied),
      "Couldn't tell how often clients are backed up: you don't have the hbr:DescribeBackupPlans permission.",
    );
  });

  it('are off where they are denied, with the action named once, until the user refreshes or the credentials change', async () => {
    listings = [listingOf([machine(1)]), listingOf([machine(2)], aScope({ regionId: 'cn-beijing' }))];
    api.failures.set('hbr:DescribeBackupJobs2', denied());
    api.failures.set('hbr:DescribeBackupPlans', denied());
    await start();
    assert.equal(
      deniedInWords(backups.denied),
      "Couldn't tell when clients were last backed up: you don't have the hbr:DescribeBackupPlans and hbr:DescribeBackupJobs2 permissions.",
    );
    forget();
    await clock.advance(60 * minuteMs);
    for (const listing of listings) await listAgain(listing);
    assert.deepEqual(calls(), []);
    backups.readAgain();
    for (const listing of listings) await listAgain(listing);
    assert.ok(calls().length > 0 && backups.denied.length === 2, calls().join());
    forget();
    for (const listing of listings) await listAgain(listing);
    assert.deepEqual(calls(), []);
    api.failures.clear();
    keyChanges.fire('another profile');
    await settle();
    assert.deepEqual(calls(), []);
    keyChanges.fire('profile-1');
    await settle();
    assert.ok(calls().length >= 8, calls().join());
    assert.deepEqual(backups.denied, []);
  });

  it('are of machines of another account only where the service names it', async () => {
    const crossAccount = { type: 'CROSS_ACCOUNT', userId: '99', roleName: 'backup' } as const;
    listings = [listingOf([machine(1), machine(2), machine(3)], aScope({ crossAccount }))];
    api.jobs.push(jobOf(1, 9 * day, { crossAccountId: '99' }), jobOf(2, hour));
    await start();
    assert.deepEqual(known(), { 'i-1': 9 * day, 'i-2': 'unknown', 'i-3': 'unknown' });
    assert.deepEqual(overdue(), ['i-1']);
  });

  it('are not read of clients outside ECS', async () => {
    listings = [listingOf([machine(1)], aScope({ clientType: 'LOCAL_CLIENT' }))];
    await start();
    assert.deepEqual(calls(), []);
  });

  it('end with the listing', async () => {
    let aborted = false;
    api.onProtectionRead.run = () => new Promise<void>(() => undefined);
    const listPlans = api.listPlans.bind(api);
    api.listPlans = (scope, query, waiting) => {
      waiting.signal.addEventListener('abort', () => (aborted = true));
      return listPlans(scope, query, waiting);
    };
    await start();
    listings = [];
    await change();
    assert.equal(aborted, true);
    assert.deepEqual(clock.dueTimes(), []);
  });

  it('are not taken from a page that begins with older ones', async () => {
    const created = (n: number, age: number) => jobOf(n, age, { createdTime: now - age });
    api.jobs.push(
      created(1, 9 * day),
      created(2, 8 * day),
      ...Array.from({ length: 99 }, () => created(3, hour)),
    );
    await start();
    assert.deepEqual(known(), { 'i-1': 'unknown', 'i-2': 'unknown', 'i-3': 'unknown' });
  });

  it('of 10,000 clients take about one call per 99, however often some are backed up', async () => {
    const fleet = Array.from({ length: 10_000 }, (_, n) => machine(n));
    listings = [listingOf(fleet)];
    api.plans.splice(0, Infinity, ...fleet.map((_, n) => planOf(n)));
    // One in ten is backed up each hour, thirty haven't been for days, all others are backed up at some time of the day.
    const agesOf = (n: number): readonly number[] => {
      if (n < 30) return [9, 10, 11].map((days) => days * day);
      if (n % 10 === 0) return Array.from({ length: 24 }, (_, h) => h * hour + n);
      return [0, 1].map((days) => days * day + 60 + ((n * 7919) % day));
    };
    const jobsOf = new Map(
      fleet.map(({ instanceId }, n) => [instanceId, agesOf(n).map((age) => jobOf(n, age))]),
    );
    api.onProtectionRead.run = ({ query }) => {
      const { instanceIds = [] } = query as { instanceIds?: readonly string[] };
      const asked = instanceIds.flatMap((id) => jobsOf.get(id) ?? []);
      api.jobs.splice(0, Infinity, ...asked.sort((x, y) => (y.completeTime ?? 0) - (x.completeTime ?? 0)));
    };
    await start();
    const jobCalls = calls().filter((one) => one.startsWith('DescribeBackupJobs2')).length;
    assert.ok(jobCalls > 101 && jobCalls < 120, `${jobCalls} calls`);
    assert.equal(api.pagesRead, jobCalls + 102 + 1);
    assert.deepEqual(
      overdue(),
      fleet.slice(0, 30).map(({ instanceId }) => instanceId),
    );
    assert.deepEqual(known()['i-0'], 9 * day);
  });

  it('that a reading did not reach are read first by the next one', async () => {
    const fleet = Array.from({ length: 600 }, (_, n) => machine(n));
    listings = [listingOf(fleet)];
    api.jobs.push(...fleet.map((_, n) => jobOf(n, hour + n)));
    let jobCalls = 0;
    api.onProtectionRead.run = ({ call }) => {
      if (call === 'hbr:DescribeBackupJobs2' && ++jobCalls > 3)
        throw new BackupError('throttled', 'slow down');
    };
    const unknown = () => fleet.filter((_, n) => facts().lastBackups.get(`i-${n}`)?.kind === 'unknown');
    await start();
    assert.deepEqual([unknown().length, overdue().length], [600 - 3 * 99, 0]);
    api.onProtectionRead.run = () => undefined;
    forget();
    await clock.advance(10 * minuteMs);
    await listAgain();
    assert.equal(unknown().length, 0);
    const first = api.protectionReads[forgotten];
    assert.deepEqual((first?.query as { instanceIds?: readonly string[] }).instanceIds?.[0], `i-${3 * 99}`);
  });

  it('read their settings whatever was written there', () => {
    const of = (values: Readonly<Record<string, unknown>>) => backupSettingsOf((name) => values[name]);
    assert.deepEqual(of({}), { read: true, overdueHours: 0 });
    assert.deepEqual(of({ readLastBackups: false, overdueBackupHours: 36 }), {
      read: false,
      overdueHours: 36,
    });
    assert.deepEqual(of({ readLastBackups: 'no', overdueBackupHours: -1 }), { read: true, overdueHours: 0 });
    assert.deepEqual(of({ overdueBackupHours: 1e9 }).overdueHours, 8760);
  });
});
