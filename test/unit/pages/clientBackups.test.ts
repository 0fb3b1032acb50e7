import { strict as assert } from 'node:assert';
import { backupSection } from '../../../src/core/pages/client/backupFields';
import {
  readClientBackups,
  unreadable,
  type ClientBackups,
} from '../../../src/core/pages/client/readClientBackups';
import { ShownBackups } from '../../../src/core/pages/client/shownBackups';
import type { ShownClient } from '../../../src/core/pages/client/shownClient';
import { clientJson } from '../../../src/core/pages/client/clientJson';
import { buildClientTree } from '../../../src/core/clients/buildClientTree';
import { keyClients } from '../../../src/core/service/clientFacts';
import { BackupError } from '../../../src/core/service/errors';
import type { BackupClient } from '../../../src/core/service/model';
import type { JobQuery, ProtectionApi } from '../../../src/core/service/protection';
import { scopeKey, type Scope } from '../../../src/core/service/scope';
import { aClient, aScope } from '../../support/builders';
import { createFakeProtection } from '../../support/fakeProtection';
import { createHandClock } from '../../support/handClock';
import { createKeptLog } from '../../support/operationBuilders';
import { aJob, aPlan } from '../../support/protectionBuilders';

const client = aClient();
const own = { instanceId: 'i-bp1web01', clientId: 'c-0001' };
const other = aClient({ instanceId: 'i-bp1db01', clientId: 'c-0002', instanceName: 'db-01' });

function setUp(scope = aScope()) {
  const fake = createFakeProtection();
  const clock = createHandClock();
  const log = createKeptLog();
  const now = Math.floor(clock.now() / 1000);
  const deps = { api: fake, clock, log, serviceNow: () => clock.now() };
  const read = (who: BackupClient = client): Promise<ClientBackups> =>
    readClientBackups(deps, scope, who, { signal: new AbortController().signal });
  const section = async (who: BackupClient = client) =>
    backupSection('web-01', await read(who), {
      nowMs: clock.now(),
      isEcs: scope.clientType === 'ECS_CLIENT',
    });
  const fields = async () =>
    (await section()).fields.map(({ label, before = '', text, time }) =>
      time === undefined ? `${label}: ${text}` : `${label}: ${before}<${time / 1000 - now}>${text}`,
    );
  return { fake, clock, log, now, deps, read, section, fields };
}

describe('the backups of a client on its page', () => {
  it('are what runs, the newest backup, and plans and policies with their next run', async () => {
    const { fake, now, section, fields } = setUp();
    fake.jobs.push(
      aJob({ ...own, percent: 43 }),
      aJob({ ...own, jobId: 'job-0', status: 'COMPLETE', completeTime: now - 9000 }),
      aJob({ ...own, jobId: 'job-00', status: 'PARTIAL_COMPLETE', completeTime: now - 3600 }),
      aJob({ ...own, jobId: 'job-x', status: 'FAILED', completeTime: now - 60 }),
      aJob({ jobId: 'job-y', instanceId: 'i-9', status: 'COMPLETE', completeTime: now - 60 }),
    );
    fake.plans.push(
      aPlan({ ...own, schedule: `I|${now + 1500}|P1D` }),
      aPlan({ ...own, planId: 'plan-2', name: 'weekly', disabled: true }),
      aPlan({ ...own, planId: 'plan-3', name: '', schedule: 'W|1', edition: 'BASIC' }),
    );
    fake.policies.push({ policyId: 'po-1', name: 'gold', schedules: [`I|${now + 60}|PT1H`] });
    fake.bindings.push({ policyId: 'po-1', instanceId: own.instanceId, disabled: false });
    assert.deepEqual(await fields(), [
      'Running now: Backup, 43%',
      'Job ID: job-1',
      'Last backup: <-3600>, some files failed',
      'Backup plan: nightly, next backup <1500>, kept for 30 days',
      'Backup plan: weekly, suspended, kept for 30 days',
      'Backup plan: plan-3, schedule not recognized: W|1, kept for 30 days, Essential Edition',
      'Backup policy: gold, next backup <60>',
      'Essential Edition: Turned on for this instance',
    ]);
    const shown = await section();
    assert.equal(shown.note, '');
    assert.deepEqual(
      shown.fields.flatMap(({ copy, text, copied = text }) =>
        copy === undefined ? [] : [`${copy}: ${copied}`],
      ),
      [
        'Copy Job ID: job-1',
        ...['plan-1', 'plan-2', 'plan-3'].map((id) => `Copy Plan ID: ${id}`),
        'Copy Policy ID: po-1',
      ],
    );
    assert.equal(fake.protectionReads.length, 22);
  });

  it('are none found only where everything was read', async () => {
    const { fake, fields } = setUp();
    assert.deepEqual(await fields(), [
      'Running now: None found',
      'Last backup: None found',
      'Backup plans and policies: None found',
    ]);
    fake.cutOff.add('hbr:DescribeBackupJobs2');
    fake.cutOff.add('hbr:DescribePolicyBindings');
    assert.deepEqual(await fields(), [
      "Running now: Couldn't tell",
      "Last backup: Couldn't tell",
      "Backup plans and policies: Couldn't tell",
    ]);
  });

  it('say what could not be told and why, each missing permission once', async () => {
    const { fake, section } = setUp();
    fake.failures.set('hbr:DescribeBackupJobs2', new BackupError('permission-denied', 'no'));
    fake.failures.set('hbr:DescribeBackupPlans', new BackupError('permission-denied', 'no'));
    assert.equal(
      (await section()).note,
      "Couldn't tell whether backups are running and which backup plans apply: you don't have the hbr:DescribeBackupJobs2 and hbr:DescribeBackupPlans permissions.",
    );
    fake.failures.clear();
    fake.onProtectionRead.run = ({ query }) => {
      if ((query as Partial<JobQuery>).statuses?.includes('COMPLETE')) throw new Error('broken');
    };
    assert.equal((await section()).note, "Couldn't tell when the last backup completed: the request failed.");
  });

  it('have a last backup although there are older ones beyond the first page', async () => {
    const { fake, now, deps } = setUp();
    fake.jobs.push(aJob({ ...own, status: 'COMPLETE', completeTime: now - 60 }));
    const api: ProtectionApi = {
      ...fake,
      async *listJobs(scope, query, waiting) {
        const { complete } = yield* fake.listJobs(scope, query, waiting);
        return { complete: complete && query.statuses?.includes('COMPLETE') !== true };
      },
    };
    const waiting = { signal: new AbortController().signal };
    const { last, lastGaps } = await readClientBackups({ ...deps, api }, aScope(), client, waiting);
    assert.deepEqual(last, { kind: 'at', asOf: now, at: now - 60, partial: false });
    assert.deepEqual(lastGaps, []);
  });

  it('say what might be stuck, or of another client', async () => {
    const { fake, now, section } = setUp();
    fake.jobs.push(aJob({ ...own, clientId: 'c-0', startTime: now - 200_000 }));
    assert.equal(
      (await section()).note,
      "What's running on web-01 might not be its own: the client ID or the account doesn't match. " +
        "What's running on web-01 might be stuck: it reported nothing for a day.",
    );
  });

  it('are not asked for where the client is not on an ECS instance', async () => {
    const { fake, section } = setUp(aScope({ clientType: 'LOCAL_CLIENT' }));
    const { fields, empty } = await section();
    assert.deepEqual(fields, []);
    assert.equal(empty, 'Cloud Backup reports backups for clients on ECS instances only.');
    assert.deepEqual(fake.protectionReads, []);
  });

  it('are loading until they are read, and could not be told where reading breaks', () => {
    const at = { nowMs: 0, isEcs: true };
    assert.equal(backupSection('web-01', undefined, at).empty, 'Loading backups…');
    assert.deepEqual(backupSection('web-01', undefined, at).fields, []);
    const broken = backupSection('web-01', unreadable, at);
    assert.ok(broken.fields.every(({ text }) => text === "Couldn't tell"));
    assert.match(broken.note ?? '', /the request failed\.$/);
  });

  it('make hostile names of the service safe to show', async () => {
    const { fake, section } = setUp();
    const hostile = '$(check)\u202E\0 <img src=x>\n';
    fake.plans.push(aPlan({ ...own, name: hostile, planId: hostile }));
    fake.jobs.push(aJob({ ...own, jobId: hostile }));
    assert.doesNotMatch(JSON.stringify((await section()).fields), /\u202E|\\u0000|\\n/);
  });

  it("count in another account only if they're of that account", async () => {
    const scope = aScope({ crossAccount: { type: 'CROSS_ACCOUNT', userId: '2000' } });
    const { fake, now, read } = setUp(scope);
    fake.jobs.push(aJob({ ...own, status: 'COMPLETE', completeTime: now - 60 }));
    assert.equal((await read()).last.kind, 'unknown');
    fake.jobs.push(aJob({ ...own, status: 'COMPLETE', completeTime: now - 90, crossAccountId: '2000' }));
    assert.deepEqual((await read()).last, { kind: 'at', asOf: now, at: now - 90, partial: false });
  });
});

describe('reading the backups of the client that is shown', () => {
  function shownOf(who: BackupClient, listedAt: number, scope: Scope = aScope()): ShownClient {
    const clients = keyClients([who]);
    const { all } = buildClientTree({
      ...{ scope, clients, groupBy: [], nowMs: 0, staleMinutes: 0 },
      ...{ inOperation: new Map(), leftovers: new Set<string>(), unwatched: new Map() },
    });
    const [node] = all;
    assert.ok(node);
    const state = {
      ...{ scope, clients, phase: 'ready' as const, received: 1, total: 1, listedAt },
      ...{ changedWhileReading: false, error: undefined },
    };
    const { profileId: id, accountId, regionId } = scope;
    return {
      node,
      listing: {
        ...{ key: scopeKey(scope), scope, state: 'ready', amongTypes: false },
        profile: { id, name: 'production', accountId, regionId },
        inventory: { state, refresh: () => Promise.resolve() },
      },
    };
  }

  it('is done once for each reading of its list, and shows what was known meanwhile', async () => {
    const { fake, clock, deps } = setUp();
    let reads = 0;
    const shown = new ShownBackups(deps, () => reads++);
    assert.equal(shown.of(shownOf(client, 1)), undefined);
    assert.equal(shown.of(shownOf(client, 1)), undefined);
    await clock.advance(0);
    assert.equal(reads, 1);
    assert.equal(shown.of(shownOf(client, 1))?.work.kind, 'none');
    assert.equal(fake.protectionReads.length, 11);
    fake.jobs.push(aJob(own));
    assert.equal(shown.of(shownOf(client, 2))?.work.kind, 'none');
    await clock.advance(0);
    assert.equal(shown.of(shownOf(client, 2))?.work.kind, 'running');
  });

  it('never shows the backups of the client before, and cancels what was read of it', async () => {
    const { fake, clock, deps } = setUp();
    const shown = new ShownBackups(deps, () => undefined);
    fake.jobs.push(aJob(own));
    shown.of(shownOf(client, 1));
    assert.equal(shown.of(shownOf(other, 1)), undefined);
    await clock.advance(0);
    assert.equal(shown.of(shownOf(other, 1))?.work.kind, 'none');
    assert.equal(shown.of(shownOf(client, 1)), undefined);
  });

  it('shows that nothing is known where it breaks, and ends with the page', async () => {
    const { fake, clock, log, deps } = setUp();
    let reads = 0;
    const broken = {
      ...deps,
      serviceNow: () => {
        throw new Error('no clock');
      },
    };
    const shown = new ShownBackups(broken, () => reads++);
    shown.of(shownOf(client, 1));
    await clock.advance(0);
    assert.equal(shown.of(shownOf(client, 1)), unreadable);
    assert.ok(log.lines.some((line) => line.includes('no clock')));
    fake.onProtectionRead.run = () => new Promise<void>(() => undefined);
    const closed = new ShownBackups(deps, () => reads++);
    closed.of(shownOf(client, 1));
    closed.dispose();
    await clock.advance(60_000);
    assert.equal(reads, 1);
  });

  it('is in the JSON of the client, with what is not known and why', async () => {
    const { fake, now, read } = setUp();
    fake.jobs.push(aJob({ ...own, startTime: now - 60, percent: 43 }));
    fake.failures.set('hbr:DescribePoliciesV2', new BackupError('permission-denied', 'no'));
    const json = JSON.parse(clientJson(shownOf(client, 1), await read(), (text) => text)) as {
      readonly backups: Readonly<Record<string, unknown>>;
    };
    assert.deepEqual(json.backups, {
      running: 'running',
      jobs: [
        {
          ...{ kind: 'backup', jobId: 'job-1', status: 'RUNNING', certain: true, stuck: false },
          ...{ percent: 43, since: new Date((now - 60) * 1000).toISOString() },
        },
      ],
      lastBackup: { kind: 'none', asOf: new Date(now * 1000).toISOString() },
      planned: [],
      essentialEdition: false,
      couldNotTell: [{ call: 'hbr:DescribePoliciesV2', why: 'permission-denied' }],
    });
  });
});
