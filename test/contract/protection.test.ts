import { strict as assert } from 'node:assert';
import { createSimulatedApi, createPatientClock, type Simulated } from '../support/simulated';
import { startSimulator, type FaultRule, type JournalEntry, type Simulator } from '../../simulator/main';
import { isCancelled } from '../../src/core/service/errors';
import type { Job, JobQuery, Rows, RowsEnd } from '../../src/core/service/protection';
import { neverCancelled } from '../support/apiBuilders';

const waiting = { ...neverCancelled, mostPages: 50 };
const standard = { kind: 'backup', edition: 'STANDARD' } as const;
const restores = { kind: 'restore', edition: 'STANDARD' } as const;
const unfinished = ['CREATED', 'QUEUED', 'RUNNING', 'CANCELING'];

interface Read<T> extends RowsEnd {
  readonly rows: readonly T[];
}

async function read<T>(reading: Rows<T>): Promise<Read<T>> {
  const rows: T[] = [];
  for (;;) {
    const step = await reading.next();
    if (step.done === true) return { rows, ...step.value };
    rows.push(...step.value);
  }
}

describe('what backs machines up, as the service reports it', () => {
  let simulator: Simulator;
  let simulated: Simulated;
  let nowMs: number;

  beforeEach(async () => {
    nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
    simulator = await startSimulator({ clients: 0, clock: { nowMs: () => nowMs } });
    simulated = createSimulatedApi(simulator, { clock: createPatientClock(() => nowMs) });
  });
  afterEach(async () => {
    simulated.api.dispose();
    await simulator.dispose();
  });

  const nowS = (): number => Math.floor(nowMs / 1000);
  const pass = (seconds: number): void => {
    nowMs += seconds * 1000;
  };
  const sent = (): readonly JournalEntry[] => simulator.journal();
  const jobs = (query: JobQuery, mostPages = 50) =>
    read(simulated.api.listJobs(simulated.scope, query, { ...waiting, mostPages }));
  const statusOf = async (jobId: string) =>
    (await jobs(standard)).rows.find((job) => job.jobId === jobId)?.status;
  const faulty = (action: string, ...rules: readonly Omit<FaultRule, 'action'>[]) =>
    simulator.setFaults(rules.map((rule) => ({ action, ...rule })));
  const machines = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => {
      const { InstanceId } = simulator.insertClient({ InstanceId: `i-bp1demo${1000 + index}` });
      return InstanceId;
    });
  /** Completed backups, each a minute older than the one before. */
  const history = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => {
      const row = { InstanceId: `i-${index}`, Status: 'COMPLETE', CreatedTime: nowS() - (index + 1) * 60 };
      return simulator.putJob(row).JobId;
    });

  describe('jobs', () => {
    it('are asked for by kind and edition, with their filters in the form', async () => {
      await jobs({
        ...standard,
        statuses: unfinished,
        instanceIds: ['i-a', 'i-b'],
        createdSince: 1_700_000_000,
        completedSince: 1_700_000_001,
      });
      await jobs({
        ...restores,
        edition: 'BASIC',
        statuses: ['RUNNING'],
        createdSince: 5,
        completedSince: 7,
      });
      const [backup, restore] = sent();
      assert.deepEqual(backup?.parameters, {
        SourceType: 'ECS_FILE',
        Edition: 'STANDARD',
        SortDirection: 'DESCEND',
        PageNumber: '1',
        PageSize: '99',
        'Filters.1.Key': 'InstanceId',
        'Filters.1.Operator': 'IN',
        'Filters.1.Values.1': 'i-a',
        'Filters.1.Values.2': 'i-b',
        'Filters.2.Key': 'Status',
        'Filters.2.Operator': 'IN',
        'Filters.2.Values.1': 'CREATED',
        'Filters.2.Values.2': 'QUEUED',
        'Filters.2.Values.3': 'RUNNING',
        'Filters.2.Values.4': 'CANCELING',
        'Filters.3.Key': 'CreatedTime',
        'Filters.3.Operator': 'GREATER_THAN_OR_EQUAL',
        'Filters.3.Values.1': '1700000000',
        'Filters.4.Key': 'CompleteTime',
        'Filters.4.Operator': 'GREATER_THAN_OR_EQUAL',
        'Filters.4.Values.1': '1700000001',
      });
      assert.deepEqual([backup.action, restore?.action], ['DescribeBackupJobs2', 'DescribeRestoreJobs2']);
      assert.deepEqual(restore?.parameters, {
        RestoreType: 'ECS_FILE',
        Edition: 'BASIC',
        PageNumber: '1',
        PageSize: '99',
        'Filters.1.Key': 'Status',
        'Filters.1.Operator': 'IN',
        'Filters.1.Values.1': 'RUNNING',
        'Filters.2.Key': 'CompleteTime',
        'Filters.2.Operator': 'GREATER_THAN_OR_EQUAL',
        'Filters.2.Values.1': '7',
      });
      for (const { inQuery } of [backup, restore]) {
        assert.deepEqual(
          inQuery.filter((name) => name.startsWith('Filters')),
          [],
        );
      }
    });

    it('come with everything that is shown of them', async () => {
      const [instanceId = ''] = machines(1);
      const [client] = simulator.clients();
      const backup = simulator.putJob(
        { InstanceId: instanceId, PlanId: 'plan-1', CreatedTime: nowS() - 250, StartTime: nowS() - 240 },
        { endsInSeconds: 720 },
      );
      const restore = simulator.putRestore({
        ...{ TargetInstanceId: instanceId, SourceInstanceId: 'i-source', Status: 'QUEUED' },
      });
      assert.deepEqual((await jobs(standard)).rows, [
        {
          kind: 'backup',
          edition: 'STANDARD',
          jobId: backup.JobId,
          status: 'RUNNING',
          clientId: client?.ClientId,
          instanceId,
          planId: 'plan-1',
          percent: 25,
          createdTime: nowS() - 250,
          startTime: nowS() - 240,
          updatedTime: nowS(),
        },
      ]);
      assert.deepEqual((await jobs(restores)).rows, [
        {
          kind: 'restore',
          edition: 'STANDARD',
          jobId: restore.RestoreId,
          status: 'QUEUED',
          clientId: client?.ClientId,
          instanceId,
          percent: 0,
          createdTime: nowS(),
          startTime: nowS(),
          updatedTime: nowS(),
        },
      ]);
    });

    it('are found by machine, status, and time, and only those of the edition', async () => {
      const [one = '', other = ''] = machines(2);
      const running = simulator.putJob({ InstanceId: one });
      const queued = simulator.putJob({ InstanceId: other, Status: 'QUEUED' });
      const old = simulator.putJob({ InstanceId: one, Status: 'COMPLETE', CreatedTime: nowS() - 90_000 });
      const essential = simulator.putJob({ InstanceId: one }, { edition: 'BASIC' });
      const found = async (query: JobQuery) => (await jobs(query)).rows.map(({ jobId }) => jobId).sort();
      const all = [running.JobId, queued.JobId, old.JobId];
      assert.deepEqual(await found(standard), all.sort());
      assert.deepEqual(await found({ ...standard, edition: 'BASIC' }), [essential.JobId]);
      assert.deepEqual(
        await found({ ...standard, statuses: unfinished }),
        [running.JobId, queued.JobId].sort(),
      );
      assert.deepEqual(await found({ ...standard, instanceIds: [other] }), [queued.JobId]);
      assert.deepEqual(await found({ ...standard, instanceIds: [one], statuses: ['COMPLETE'] }), [old.JobId]);
      const yesterday = nowS() - 86_400;
      assert.deepEqual(
        await found({ ...standard, createdSince: yesterday }),
        [running.JobId, queued.JobId].sort(),
      );
      assert.deepEqual(
        await found({ ...standard, statuses: ['COMPLETE'], completedSince: nowS() - 89_400 }),
        [old.JobId],
      );
      assert.deepEqual(
        await found({ ...standard, statuses: ['COMPLETE'], completedSince: nowS() - 89_399 }),
        [],
      );
    });

    it('are read page by page, newest first, each once', async () => {
      const ids = history(250);
      const { rows, complete } = await jobs(standard);
      assert.deepEqual(
        rows.map(({ jobId }) => jobId),
        ids,
      );
      assert.equal(complete, true);
      assert.deepEqual(
        sent()
          .map(({ parameters }) => parameters['PageNumber'])
          .sort(),
        ['1', '2', '3'],
      );
    });

    it('are cut off at the bound of pages, and say so', async () => {
      const ids = history(199);
      const cut = await jobs(standard, 2);
      assert.deepEqual([cut.rows.length, cut.complete, sent().length], [198, false, 2]);
      simulator.clearJournal();
      const whole = await jobs(standard, 3);
      assert.deepEqual([whole.rows.length, whole.complete, sent().length], [ids.length, true, 3]);
    });

    it('are asked for no further once the caller has left, and not at all once it cancelled', async () => {
      history(990);
      for await (const page of simulated.api.listJobs(simulated.scope, standard, waiting)) {
        assert.equal(page.length, 99);
        break;
      }
      assert.equal(sent().length, 1);
      const cancelled = AbortSignal.abort();
      const reading = simulated.api.listJobs(simulated.scope, standard, { signal: cancelled, mostPages: 9 });
      await assert.rejects(reading.next(), isCancelled);
      assert.equal(sent().length, 1);
    });

    it('are found on 500 machines with one call', async () => {
      const ids = Array.from({ length: 500 }, (_, index) => `i-bp1machine${10_000 + index}`);
      const last = simulator.putJob({ InstanceId: ids[499] ?? '' });
      simulator.putJob({ InstanceId: 'i-another' });
      const { rows } = await jobs({ ...standard, instanceIds: ids, statuses: unfinished });
      assert.deepEqual(
        rows.map(({ jobId }) => jobId),
        [last.JobId],
      );
      assert.equal(sent().length, 1);
    });

    it('are not asked for with what the service would reject', async () => {
      const ids = Array.from({ length: 501 }, (_, index) => `i-${index}`);
      const wrong: readonly JobQuery[] = [
        { ...standard, instanceIds: ids },
        { ...standard, instanceIds: [] },
        { ...standard, statuses: [] },
        { ...standard, createdSince: 1.5 },
        { ...restores, instanceIds: ['i-a'] },
      ];
      for (const query of wrong) await assert.rejects(jobs(query), { code: 'invalid-input' });
      await assert.rejects(jobs(standard, 0), { code: 'invalid-input' });
      assert.equal(sent().length, 0);
    });

    it('that slipped past because others ended are found in a second reading', async () => {
      const ids = Array.from({ length: 150 }, (_, index) => {
        const row = { InstanceId: `i-${index}`, CreatedTime: nowS() - index - 1 };
        return simulator.putJob(row).JobId;
      });
      const stop = simulator.onRequest(({ parameters }) => {
        if (parameters['PageNumber'] === '1') return;
        stop();
        simulator.updateJob(ids[3] ?? '', { Status: 'COMPLETE' });
      });
      const { rows, complete } = await jobs({ ...standard, statuses: unfinished });
      assert.deepEqual(rows.map(({ jobId }) => jobId).sort(), [...ids].sort());
      assert.equal(complete, true);
      assert.equal(sent().length, 4);
    });
  });

  describe('a job', () => {
    it('waits, runs, and ends as time passes', async () => {
      const { JobId } = simulator.putJob(
        { InstanceId: 'i-a', CreatedTime: nowS(), StartTime: nowS() + 60 },
        { endsInSeconds: 160, endsAs: 'PARTIAL_COMPLETE' },
      );
      const seen: unknown[] = [];
      for (const seconds of [0, 60, 50, 50]) {
        pass(seconds);
        const [job] = (await jobs(standard)).rows;
        seen.push([job?.status, job?.percent, job?.completeTime]);
      }
      assert.deepEqual(seen, [
        ['QUEUED', 0, undefined],
        ['RUNNING', 0, undefined],
        ['RUNNING', 50, undefined],
        ['PARTIAL_COMPLETE', 100, nowS()],
      ]);
      assert.deepEqual((await jobs({ ...standard, statuses: unfinished })).rows, []);
      assert.equal(await statusOf(JobId), 'PARTIAL_COMPLETE');
    });

    it('is started by a plan when it is due, and the plan names it', async () => {
      const [instanceId = ''] = machines(1);
      const plan = simulator.putPlan(
        { InstanceId: instanceId, Schedule: `I|${nowS() + 30}|PT1H` },
        { backupSeconds: 600 },
      );
      assert.deepEqual((await jobs(standard)).rows, []);
      pass(40);
      const [job] = (await jobs({ ...standard, statuses: unfinished })).rows;
      assert.deepEqual([job?.instanceId, job?.planId], [instanceId, plan.PlanId]);
      const plansNow = () => read(simulated.api.listPlans(simulated.scope, { edition: 'STANDARD' }, waiting));
      const [going] = (await plansNow()).rows;
      assert.deepEqual([going?.latestStartedJobId, going?.latestFinishedJobId], [job?.jobId, undefined]);
      pass(600);
      const [ended] = (await plansNow()).rows;
      assert.equal(ended?.latestFinishedJobId, job?.jobId);
    });

    it('fails when the client is uninstalled, and so do those that would have followed', async () => {
      const [instanceId = '', untouched = ''] = machines(2);
      const { JobId } = simulator.putJob({ InstanceId: instanceId });
      const other = simulator.putJob({ InstanceId: untouched });
      const restore = simulator.putRestore({ TargetInstanceId: instanceId });
      simulator.putPlan(
        { InstanceId: instanceId, Schedule: `I|${nowS() + 3600}|P1D` },
        { backupSeconds: 600 },
      );
      await simulated.api.uninstallClients(
        simulated.scope,
        { instanceIds: [instanceId], clientIds: [] },
        neverCancelled,
      );
      assert.equal(await statusOf(JobId), 'FAILED');
      assert.equal(await statusOf(other.JobId), 'RUNNING');
      const [stopped] = (await jobs(restores)).rows;
      assert.deepEqual([stopped?.jobId, stopped?.status], [restore.RestoreId, 'FAILED']);
      pass(3700);
      const [later] = (await jobs({ ...standard, instanceIds: [instanceId], createdSince: nowS() - 200 }))
        .rows;
      assert.deepEqual([later?.status, later?.errorMessage], ['FAILED', 'The client is not installed.']);
    });

    it('may be said to have failed because the client was deleted', async () => {
      const [instanceId = ''] = machines(1);
      const { JobId } = simulator.putJob({ InstanceId: instanceId });
      faulty('UninstallBackupClients', { fault: 'clientDeleted' });
      await simulated.api.uninstallClients(
        simulated.scope,
        { instanceIds: [instanceId], clientIds: [] },
        neverCancelled,
      );
      assert.equal(await statusOf(JobId), 'CLIENT_DELETED');
    });
  });

  describe('plans', () => {
    const plans = (edition: 'STANDARD' | 'BASIC', instanceIds?: readonly string[]) =>
      read(
        simulated.api.listPlans(simulated.scope, { edition, ...(instanceIds && { instanceIds }) }, waiting),
      );

    it('are asked for by machine, without an operator', async () => {
      await plans('BASIC', ['i-a']);
      assert.deepEqual(sent()[0]?.parameters, {
        SourceType: 'ECS_FILE',
        Edition: 'BASIC',
        PageNumber: '1',
        PageSize: '99',
        'Filters.1.Key': 'instanceId',
        'Filters.1.Values.1': 'i-a',
      });
    });

    it('come with schedule, retention, and whether they are suspended', async () => {
      const [instanceId = '', other = ''] = machines(2);
      const [client] = simulator.clients();
      const plan = simulator.putPlan({ InstanceId: instanceId, PlanName: 'nightly', Disabled: true });
      simulator.putPlan({ InstanceId: other });
      const basic = simulator.putPlan({ InstanceId: instanceId, PlanName: 'basic' }, { edition: 'BASIC' });
      assert.deepEqual((await plans('STANDARD', [instanceId])).rows, [
        {
          planId: plan.PlanId,
          edition: 'STANDARD',
          name: 'nightly',
          instanceId,
          clientId: client?.ClientId,
          schedule: plan.Schedule,
          retentionDays: 30,
          disabled: true,
          createdTime: plan.CreatedTime,
        },
      ]);
      assert.deepEqual(
        (await plans('BASIC')).rows.map(({ planId, edition }) => [planId, edition]),
        [[basic.PlanId, 'BASIC']],
      );
    });

    it('are read page by page', async () => {
      for (const instanceId of machines(120)) simulator.putPlan({ InstanceId: instanceId });
      const { rows, complete } = await plans('STANDARD');
      assert.deepEqual([rows.length, complete, sent().length], [120, true, 2]);
    });
  });

  describe('policies and Essential Edition', () => {
    it('are asked for as documented, with machines as JSON text in the form', async () => {
      const { api, scope } = simulated;
      await read(api.listPolicies(scope, waiting));
      await read(api.listPolicyBindings(scope, { instanceIds: ['i-a', 'i-b'] }, waiting));
      await read(api.listEssentialInstances(scope, { instanceId: 'i-a' }, waiting));
      assert.deepEqual(
        sent().map(({ action, parameters, inQuery }) => [action, parameters, [...inQuery].sort()]),
        [
          ['DescribePoliciesV2', { MaxResults: '100' }, []],
          [
            'DescribePolicyBindings',
            { SourceType: 'ECS_FILE', DataSourceIds: '["i-a","i-b"]', MaxResults: '100' },
            ['SourceType'],
          ],
          [
            'ListProtectedResources',
            { SourceType: 'ECS_FILE', CreatedByProduct: 'BASIC', ResourceId: 'i-a', MaxResults: '100' },
            ['CreatedByProduct', 'MaxResults', 'ResourceId', 'SourceType'],
          ],
        ],
      );
    });

    it('come with the schedules of a policy and the machines that it backs up', async () => {
      const [one = '', other = ''] = machines(2);
      const policy = simulator.putPolicy({
        PolicyName: 'office hours',
        Rules: [
          { RuleId: 'rule-1', RuleType: 'BACKUP', Schedule: 'I|1790013600|P1D' },
          { RuleId: 'rule-2', RuleType: 'TRANSITION', Retention: 90 },
          { RuleId: 'rule-3', RuleType: 'BACKUP', Schedule: 'I|1790013600|P1W' },
          { RuleId: 'rule-4', RuleType: 'REPLICATION', Retention: 7 },
        ],
      });
      simulator.putBinding({ PolicyId: policy.PolicyId, DataSourceId: one, Disabled: true });
      simulator.putBinding({ PolicyId: policy.PolicyId, DataSourceId: other });
      simulator.putBinding({ PolicyId: policy.PolicyId, DataSourceId: one, SourceType: 'UDM_ECS' });
      const { api, scope } = simulated;
      assert.deepEqual((await read(api.listPolicies(scope, waiting))).rows, [
        {
          policyId: policy.PolicyId,
          name: 'office hours',
          schedules: ['I|1790013600|P1D', 'I|1790013600|P1W'],
          retentionDays: 90,
        },
      ]);
      const bindings = await read(api.listPolicyBindings(scope, { instanceIds: [one] }, waiting));
      assert.deepEqual(
        bindings.rows.map(({ policyId, instanceId, disabled }) => [policyId, instanceId, disabled]),
        [[policy.PolicyId, one, true]],
      );
    });

    it('are read to the last token, or cut off at the bound of pages', async () => {
      const ids = machines(230);
      for (const instanceId of ids) simulator.putEssential(instanceId);
      const { api, scope } = simulated;
      const all = await read(api.listEssentialInstances(scope, {}, waiting));
      assert.deepEqual([[...all.rows].sort(), all.complete, sent().length], [[...ids].sort(), true, 3]);
      const cut = await read(api.listEssentialInstances(scope, {}, { ...waiting, mostPages: 2 }));
      assert.deepEqual([cut.rows.length, cut.complete], [200, false]);
      const one = await read(api.listEssentialInstances(scope, { instanceId: ids[7] ?? '' }, waiting));
      assert.deepEqual(one.rows, [ids[7]]);
    });

    it('leave out machines that another edition protects', async () => {
      const [plain = '', essential = ''] = machines(2);
      simulator.putPlan({ InstanceId: plain });
      simulator.putEssential(essential);
      const { api, scope } = simulated;
      assert.deepEqual((await read(api.listEssentialInstances(scope, {}, waiting))).rows, [essential]);
      assert.deepEqual(
        (await read(api.listEssentialInstances(scope, { instanceId: plain }, waiting))).rows,
        [],
      );
    });
  });

  describe('a read that the service refuses', () => {
    const reads = (): readonly (readonly [string, () => Promise<unknown>])[] => {
      const { api, scope } = simulated;
      return [
        ['DescribeBackupJobs2', () => jobs(standard)],
        ['DescribeRestoreJobs2', () => jobs(restores)],
        ['DescribeBackupPlans', () => read(api.listPlans(scope, { edition: 'BASIC' }, waiting))],
        ['DescribePoliciesV2', () => read(api.listPolicies(scope, waiting))],
        ['DescribePolicyBindings', () => read(api.listPolicyBindings(scope, {}, waiting))],
        ['ListProtectedResources', () => read(api.listEssentialInstances(scope, {}, waiting))],
      ];
    };

    it('names the missing permission, with whichever status it comes', async () => {
      for (const [action, make] of reads()) {
        faulty(action, { fault: 'denied' });
        await assert.rejects(make(), { code: 'permission-denied', ramAction: `hbr:${action}` });
        faulty(action, { fault: 'businessFailure', code: 'NoPermission' });
        await assert.rejects(make(), { code: 'permission-denied', ramAction: `hbr:${action}` });
      }
    });

    it('is not taken for an empty one where the answer has no list', async () => {
      const [instanceId = ''] = machines(1);
      simulator.putJob({ InstanceId: instanceId });
      simulator.putRestore({ TargetInstanceId: instanceId });
      simulator.putPlan({ InstanceId: instanceId }, { edition: 'BASIC' });
      const { PolicyId } = simulator.putPolicy();
      simulator.putBinding({ PolicyId, DataSourceId: instanceId });
      simulator.putEssential(instanceId);
      for (const [action, make] of reads()) {
        for (const as of ['missing', 'null'] as const) {
          faulty(action, { fault: 'dialect', as });
          await assert.rejects(make(), { code: 'unexpected-reply' });
        }
      }
    });

    it('fails as any other where the status filter is refused, and finds nothing where it is not understood', async () => {
      simulator.putJob({ InstanceId: 'i-a' });
      faulty('DescribeBackupJobs2', { fault: 'unfinishedRefused' });
      await assert.rejects(jobs({ ...standard, statuses: unfinished }), { code: 'bad-request' });
      faulty('DescribeBackupJobs2', { fault: 'unfinishedHidden' });
      assert.deepEqual(await jobs({ ...standard, statuses: unfinished }), { rows: [], complete: true });
      assert.equal((await jobs(standard)).rows.length, 1);
    });
  });

  describe('an answer in another dialect', () => {
    let usual: readonly Job[];

    beforeEach(async () => {
      simulator.putJob({ InstanceId: 'i-a', ClientId: 'c-a', PlanId: 'plan-a', CreatedTime: nowS() - 50 });
      usual = (await jobs(standard)).rows;
      assert.equal(usual.length, 1);
    });

    const inDialect = async (as: NonNullable<FaultRule['as']>) => {
      faulty('DescribeBackupJobs2', { fault: 'dialect', as });
      return jobs(standard);
    };

    it('says the same', async () => {
      const same = [
        ...(['bare', 'codeNumber', 'plain', 'single', 'noTotal', 'text', 'twice'] as const),
        ...(['milliseconds', 'foreign'] as const),
      ];
      for (const as of same) {
        assert.deepEqual(await inDialect(as), { rows: usual, complete: true }, as);
      }
    });

    it('leaves out what it does not say, and keeps progress within bounds', async () => {
      const [job] = usual;
      assert.ok(job);
      const without = (...names: readonly string[]) =>
        Object.fromEntries(Object.entries(job).filter(([name]) => !names.includes(name)));
      assert.deepEqual((await inDialect('sparse')).rows, [without('percent')]);
      assert.deepEqual((await inDialect('emptyIds')).rows, [without('planId', 'clientId')]);
      assert.deepEqual((await inDialect('overflow')).rows, [{ ...job, percent: 100 }]);
      assert.deepEqual((await inDialect('futureStatus')).rows, [{ ...job, status: 'THROTTLED' }]);
    });

    it('is not understood where the list is gone although there are rows', async () => {
      await assert.rejects(inDialect('null'), { code: 'unexpected-reply' });
      await assert.rejects(inDialect('missing'), { code: 'unexpected-reply' });
    });

    it('is empty where the list is gone and there are no rows', async () => {
      for (const as of ['null', 'missing', 'plain'] as const) {
        faulty('DescribeRestoreJobs2', { fault: 'dialect', as });
        assert.deepEqual(await jobs(restores), { rows: [], complete: true }, as);
      }
    });

    it('without a count is read until a page is not full', async () => {
      history(240);
      assert.equal((await inDialect('noTotal')).rows.length, 241);
    });

    it('of policies, bindings, plans, and protected machines says the same too', async () => {
      const { api, scope } = simulated;
      const [instanceId = ''] = machines(1);
      simulator.putPlan({ InstanceId: instanceId });
      const { PolicyId } = simulator.putPolicy();
      simulator.putBinding({ PolicyId, DataSourceId: instanceId });
      simulator.putEssential(instanceId);
      const all = async () => [
        await read(api.listPlans(scope, { edition: 'STANDARD' }, waiting)),
        await read(api.listPolicies(scope, waiting)),
        await read(api.listPolicyBindings(scope, {}, waiting)),
        await read(api.listEssentialInstances(scope, {}, waiting)),
      ];
      const expected = await all();
      for (const as of [
        'bare',
        'codeNumber',
        'plain',
        'nested',
        'single',
        'noTotal',
        'text',
        'twice',
      ] as const) {
        faulty('*', { fault: 'dialect', as });
        assert.deepEqual(await all(), expected, as);
      }
      faulty('*', { fault: 'dialect', as: 'milliseconds' });
      assert.deepEqual(await all(), expected);
      // A policy has no region or edition of its own.
      const [plans, , , essential] = expected;
      faulty('*', { fault: 'dialect', as: 'foreign' });
      const [foreignPlans, , , foreignEssential] = await all();
      assert.deepEqual([foreignPlans, foreignEssential], [plans, essential]);
    });
  });
});
