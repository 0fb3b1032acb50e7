import { strict as assert } from 'node:assert';
import type { FaultRule } from '../../simulator/main';
import type { Job } from '../../src/core/service/protection';
import {
  readRows,
  standardBackups,
  standardRestores,
  unfinished,
  waiting,
  simulatedBackups,
} from '../support/simulatedBackups';

describe('what is known of backups when the service answers otherwise', () => {
  const world = simulatedBackups();
  const { faulty, history, jobs, machines, nowS } = world;

  describe('a read that the service refuses', () => {
    const reads = (): readonly (readonly [string, () => Promise<unknown>])[] => {
      const { api, scope } = world;
      return [
        ['DescribeBackupJobs2', () => jobs(standardBackups)],
        ['DescribeRestoreJobs2', () => jobs(standardRestores)],
        ['DescribeBackupPlans', () => readRows(api.listPlans(scope, { edition: 'BASIC' }, waiting))],
        ['DescribePoliciesV2', () => readRows(api.listPolicies(scope, waiting))],
        ['DescribePolicyBindings', () => readRows(api.listPolicyBindings(scope, {}, waiting))],
        ['ListProtectedResources', () => readRows(api.listEssentialInstances(scope, {}, waiting))],
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
      world.simulator.putJob({ InstanceId: instanceId });
      world.simulator.putRestore({ TargetInstanceId: instanceId });
      world.simulator.putPlan({ InstanceId: instanceId }, { edition: 'BASIC' });
      const { PolicyId } = world.simulator.putPolicy();
      world.simulator.putBinding({ PolicyId, DataSourceId: instanceId });
      world.simulator.putEssential(instanceId);
      for (const [action, make] of reads()) {
        for (const as of ['missing', 'null'] as const) {
          faulty(action, { fault: 'dialect', as });
          await assert.rejects(make(), { code: 'unexpected-reply' });
        }
      }
    });

    it('fails as any other where the status filter is refused, and finds nothing where it is not understood', async () => {
      world.simulator.putJob({ InstanceId: 'i-a' });
      faulty('DescribeBackupJobs2', { fault: 'unfinishedRefused' });
      await assert.rejects(jobs({ ...standardBackups, statuses: unfinished }), { code: 'bad-request' });
      faulty('DescribeBackupJobs2', { fault: 'unfinishedHidden' });
      assert.deepEqual(await jobs({ ...standardBackups, statuses: unfinished }), {
        rows: [],
        complete: true,
      });
      assert.equal((await jobs(standardBackups)).rows.length, 1);
    });
  });

  describe('an answer in another dialect', () => {
    let usual: readonly Job[];

    beforeEach(async () => {
      world.simulator.putJob({
        InstanceId: 'i-a',
        ClientId: 'c-a',
        PlanId: 'plan-a',
        CreatedTime: nowS() - 50,
      });
      usual = (await jobs(standardBackups)).rows;
      assert.equal(usual.length, 1);
    });

    const inDialect = async (as: NonNullable<FaultRule['as']>) => {
      faulty('DescribeBackupJobs2', { fault: 'dialect', as });
      return jobs(standardBackups);
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
        assert.deepEqual(await jobs(standardRestores), { rows: [], complete: true }, as);
      }
    });

    it('without a count is read until a page is not full', async () => {
      history(240);
      assert.equal((await inDialect('noTotal')).rows.length, 241);
    });

    it('of policies, bindings, plans, and protected machines says the same too', async () => {
      const { api, scope } = world;
      const [instanceId = ''] = machines(1);
      world.simulator.putPlan({ InstanceId: instanceId });
      const { PolicyId } = world.simulator.putPolicy();
      world.simulator.putBinding({ PolicyId, DataSourceId: instanceId });
      world.simulator.putEssential(instanceId);
      const all = async () => [
        await readRows(api.listPlans(scope, { edition: 'STANDARD' }, waiting)),
        await readRows(api.listPolicies(scope, waiting)),
        await readRows(api.listPolicyBindings(scope, {}, waiting)),
        await readRows(api.listEssentialInstances(scope, {}, waiting)),
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
