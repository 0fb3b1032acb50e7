import { strict as assert } from 'node:assert';
import { isCancelled } from '../../src/core/service/errors';
import type { JobQuery } from '../../src/core/service/protection';
import { neverCancelled } from '../support/apiBuilders';
import {
  readRows,
  standardBackups,
  standardRestores,
  unfinished,
  waiting,
  simulatedBackups,
} from '../support/simulatedBackups';

describe('backups and restores, as the service reports them', () => {
  const world = simulatedBackups();
  const { faulty, history, jobs, machines, nowS, pass, sent } = world;
  const statusOf = async (jobId: string) =>
    (await jobs(standardBackups)).rows.find((job) => job.jobId === jobId)?.status;

  describe('jobs', () => {
    it('are asked for by kind and edition, with their filters in the form', async () => {
      await jobs({
        ...standardBackups,
        statuses: unfinished,
        instanceIds: ['i-a', 'i-b'],
        createdSince: 1_700_000_000,
        completedSince: 1_700_000_001,
      });
      await jobs({
        ...standardRestores,
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
      const [client] = world.simulator.clients();
      const backup = world.simulator.putJob(
        { InstanceId: instanceId, PlanId: 'plan-1', CreatedTime: nowS() - 250, StartTime: nowS() - 240 },
        { endsInSeconds: 720 },
      );
      const restore = world.simulator.putRestore({
        ...{ TargetInstanceId: instanceId, SourceInstanceId: 'i-source', Status: 'QUEUED' },
      });
      assert.deepEqual((await jobs(standardBackups)).rows, [
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
      assert.deepEqual((await jobs(standardRestores)).rows, [
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
      const running = world.simulator.putJob({ InstanceId: one });
      const queued = world.simulator.putJob({ InstanceId: other, Status: 'QUEUED' });
      const old = world.simulator.putJob({
        InstanceId: one,
        Status: 'COMPLETE',
        CreatedTime: nowS() - 90_000,
      });
      const essential = world.simulator.putJob({ InstanceId: one }, { edition: 'BASIC' });
      const found = async (query: JobQuery) => (await jobs(query)).rows.map(({ jobId }) => jobId).sort();
      const all = [running.JobId, queued.JobId, old.JobId];
      assert.deepEqual(await found(standardBackups), all.sort());
      assert.deepEqual(await found({ ...standardBackups, edition: 'BASIC' }), [essential.JobId]);
      assert.deepEqual(
        await found({ ...standardBackups, statuses: unfinished }),
        [running.JobId, queued.JobId].sort(),
      );
      assert.deepEqual(await found({ ...standardBackups, instanceIds: [other] }), [queued.JobId]);
      assert.deepEqual(await found({ ...standardBackups, instanceIds: [one], statuses: ['COMPLETE'] }), [
        old.JobId,
      ]);
      const yesterday = nowS() - 86_400;
      assert.deepEqual(
        await found({ ...standardBackups, createdSince: yesterday }),
        [running.JobId, queued.JobId].sort(),
      );
      assert.deepEqual(
        await found({ ...standardBackups, statuses: ['COMPLETE'], completedSince: nowS() - 89_400 }),
        [old.JobId],
      );
      assert.deepEqual(
        await found({ ...standardBackups, statuses: ['COMPLETE'], completedSince: nowS() - 89_399 }),
        [],
      );
    });

    it('are read page by page, newest first, each once', async () => {
      const ids = history(250);
      const { rows, complete } = await jobs(standardBackups);
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
      const cut = await jobs(standardBackups, 2);
      assert.deepEqual([cut.rows.length, cut.complete, sent().length], [198, false, 2]);
      world.simulator.clearJournal();
      const whole = await jobs(standardBackups, 3);
      assert.deepEqual([whole.rows.length, whole.complete, sent().length], [ids.length, true, 3]);
    });

    it('are asked for no further once the caller has left, and not at all once it cancelled', async () => {
      history(990);
      for await (const page of world.api.listJobs(world.scope, standardBackups, waiting)) {
        assert.equal(page.length, 99);
        break;
      }
      assert.equal(sent().length, 1);
      const cancelled = AbortSignal.abort();
      const reading = world.api.listJobs(world.scope, standardBackups, { signal: cancelled, mostPages: 9 });
      await assert.rejects(reading.next(), isCancelled);
      assert.equal(sent().length, 1);
    });

    it('are found on 500 machines with one call', async () => {
      const ids = Array.from({ length: 500 }, (_, index) => `i-bp1machine${10_000 + index}`);
      const last = world.simulator.putJob({ InstanceId: ids[499] ?? '' });
      world.simulator.putJob({ InstanceId: 'i-another' });
      const { rows } = await jobs({ ...standardBackups, instanceIds: ids, statuses: unfinished });
      assert.deepEqual(
        rows.map(({ jobId }) => jobId),
        [last.JobId],
      );
      assert.equal(sent().length, 1);
    });

    it('are not asked for with what the service would reject', async () => {
      const ids = Array.from({ length: 501 }, (_, index) => `i-${index}`);
      const wrong: readonly JobQuery[] = [
        { ...standardBackups, instanceIds: ids },
        { ...standardBackups, instanceIds: [] },
        { ...standardBackups, statuses: [] },
        { ...standardBackups, createdSince: 1.5 },
        { ...standardRestores, instanceIds: ['i-a'] },
      ];
      for (const query of wrong) await assert.rejects(jobs(query), { code: 'invalid-input' });
      await assert.rejects(jobs(standardBackups, 0), { code: 'invalid-input' });
      assert.equal(sent().length, 0);
    });

    it('that slipped past because others ended are found in a second reading', async () => {
      const ids = Array.from({ length: 150 }, (_, index) => {
        const row = { InstanceId: `i-${index}`, CreatedTime: nowS() - index - 1 };
        return world.simulator.putJob(row).JobId;
      });
      const stop = world.simulator.onRequest(({ parameters }) => {
        if (parameters['PageNumber'] === '1') return;
        stop();
        world.simulator.updateJob(ids[3] ?? '', { Status: 'COMPLETE' });
      });
      const { rows, complete } = await jobs({ ...standardBackups, statuses: unfinished });
      assert.deepEqual(rows.map(({ jobId }) => jobId).sort(), [...ids].sort());
      assert.equal(complete, true);
      assert.equal(sent().length, 4);
    });
  });

  describe('a job', () => {
    it('waits, runs, and ends as time passes', async () => {
      const { JobId } = world.simulator.putJob(
        { InstanceId: 'i-a', CreatedTime: nowS(), StartTime: nowS() + 60 },
        { endsInSeconds: 160, endsAs: 'PARTIAL_COMPLETE' },
      );
      const seen: unknown[] = [];
      for (const seconds of [0, 60, 50, 50]) {
        pass(seconds);
        const [job] = (await jobs(standardBackups)).rows;
        seen.push([job?.status, job?.percent, job?.completeTime]);
      }
      assert.deepEqual(seen, [
        ['QUEUED', 0, undefined],
        ['RUNNING', 0, undefined],
        ['RUNNING', 50, undefined],
        ['PARTIAL_COMPLETE', 100, nowS()],
      ]);
      assert.deepEqual((await jobs({ ...standardBackups, statuses: unfinished })).rows, []);
      assert.equal(await statusOf(JobId), 'PARTIAL_COMPLETE');
    });

    it('is started by a plan when it is due, and the plan names it', async () => {
      const [instanceId = ''] = machines(1);
      const plan = world.simulator.putPlan(
        { InstanceId: instanceId, Schedule: `I|${nowS() + 30}|PT1H` },
        { backupSeconds: 600 },
      );
      assert.deepEqual((await jobs(standardBackups)).rows, []);
      pass(40);
      const [job] = (await jobs({ ...standardBackups, statuses: unfinished })).rows;
      assert.deepEqual([job?.instanceId, job?.planId], [instanceId, plan.PlanId]);
      const plansNow = () => readRows(world.api.listPlans(world.scope, { edition: 'STANDARD' }, waiting));
      const [going] = (await plansNow()).rows;
      assert.deepEqual([going?.latestStartedJobId, going?.latestFinishedJobId], [job?.jobId, undefined]);
      pass(600);
      const [ended] = (await plansNow()).rows;
      assert.equal(ended?.latestFinishedJobId, job?.jobId);
    });

    it('fails when the client is uninstalled, and so do those that would have followed', async () => {
      const [instanceId = '', untouched = ''] = machines(2);
      const { JobId } = world.simulator.putJob({ InstanceId: instanceId });
      const other = world.simulator.putJob({ InstanceId: untouched });
      const restore = world.simulator.putRestore({ TargetInstanceId: instanceId });
      world.simulator.putPlan(
        { InstanceId: instanceId, Schedule: `I|${nowS() + 3600}|P1D` },
        { backupSeconds: 600 },
      );
      await world.api.uninstallClients(
        world.scope,
        { instanceIds: [instanceId], clientIds: [] },
        neverCancelled,
      );
      assert.equal(await statusOf(JobId), 'FAILED');
      assert.equal(await statusOf(other.JobId), 'RUNNING');
      const [stopped] = (await jobs(standardRestores)).rows;
      assert.deepEqual([stopped?.jobId, stopped?.status], [restore.RestoreId, 'FAILED']);
      pass(3700);
      const [later] = (
        await jobs({ ...standardBackups, instanceIds: [instanceId], createdSince: nowS() - 200 })
      ).rows;
      assert.deepEqual([later?.status, later?.errorMessage], ['FAILED', 'The client is not installed.']);
    });

    it('may be said to have failed because the client was deleted', async () => {
      const [instanceId = ''] = machines(1);
      const { JobId } = world.simulator.putJob({ InstanceId: instanceId });
      faulty('UninstallBackupClients', { fault: 'clientDeleted' });
      await world.api.uninstallClients(
        world.scope,
        { instanceIds: [instanceId], clientIds: [] },
        neverCancelled,
      );
      assert.equal(await statusOf(JobId), 'CLIENT_DELETED');
    });
  });
});
