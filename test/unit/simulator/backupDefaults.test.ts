import { strict as assert } from 'node:assert';
import type { Simulator } from '../../../simulator/main';
import { ask, record, records, refused, simulators, type Running } from './caller';

type Query = Readonly<Record<string, string>>;

const filterOf = (key: string, ...values: readonly string[]): Query =>
  Object.fromEntries([
    ['Filters.1.Key', key],
    ...values.map((value, index) => [`Filters.1.Values.${index + 1}`, value]),
  ]) as Query;

/** One machine with something of each kind. */
function putOneOfEach(simulator: Simulator) {
  const { InstanceId, ClientId } = simulator.insertClient({ InstanceId: 'i-a' });
  const policy = simulator.putPolicy();
  simulator.putEssential(InstanceId);
  return {
    ...{ InstanceId, ClientId, policy },
    job: simulator.putJob({ InstanceId, PlanId: 'plan-a' }),
    restore: simulator.putRestore({ TargetInstanceId: InstanceId, SourceInstanceId: 'i-b' }),
    plan: simulator.putPlan({ InstanceId }),
    binding: simulator.putBinding({ PolicyId: policy.PolicyId, DataSourceId: InstanceId }),
  };
}

describe('the lists of backups that the simulator answers with', () => {
  const start = simulators();
  const lists = [
    ['DescribeBackupJobs2', 'BackupJobs', 'BackupJob'],
    ['DescribeRestoreJobs2', 'RestoreJobs', 'RestoreJob'],
    ['DescribeBackupPlans', 'BackupPlans', 'BackupPlan'],
    ['DescribePoliciesV2', 'Policies', undefined],
    ['DescribePolicyBindings', 'PolicyBindings', undefined],
    ['ListProtectedResources', 'ProtectedResources', undefined],
  ] as const;
  const rowsOf = async (running: Running, action: string, query: Query = {}) => {
    const [, name = '', wrapper] = lists.find(([each]) => each === action) ?? [];
    const list = (await ask(running, action, query))[name];
    return records(wrapper === undefined ? list : record(list)[wrapper]);
  };

  it('are wrapped or plain as documented, also without a row', async () => {
    const running = await start({ clients: 0 });
    for (const [action, name, wrapper] of lists) {
      const answer = await ask(running, action);
      assert.deepEqual(answer[name], wrapper === undefined ? [] : { [wrapper]: [] }, action);
      assert.equal(answer['TotalCount'], 0, action);
    }
    putOneOfEach(running.simulator);
    for (const [action, name, wrapper] of lists) {
      const answer = await ask(running, action);
      assert.equal(records(wrapper === undefined ? answer[name] : record(answer[name])[wrapper]).length, 1);
      assert.equal(answer['TotalCount'], 1, action);
    }
    for (const action of ['DescribeBackupJobs2', 'DescribeBackupPlans']) {
      const [row] = await rowsOf(running, action);
      assert.deepEqual(row?.['Paths'], { Path: ['/srv'] }, action);
    }
    const [policy] = await rowsOf(running, 'DescribePoliciesV2');
    assert.deepEqual(
      records(policy?.['Rules']).map((rule) => rule['RuleType']),
      ['BACKUP', 'TRANSITION'],
    );
  });

  it('are those of the standard edition where none is named', async () => {
    const running = await start({ clients: 0 });
    const { simulator } = running;
    const made = (['STANDARD', 'BASIC'] as const).map((edition) => ({
      edition,
      JobId: simulator.putJob({ InstanceId: 'i-a' }, { edition }).JobId,
      RestoreId: simulator.putRestore({ TargetInstanceId: 'i-a' }, { edition }).RestoreId,
      PlanId: simulator.putPlan({ InstanceId: 'i-a', PlanName: edition }, { edition }).PlanId,
    }));
    const [standard, basic] = made;
    const idFields = [
      ['DescribeBackupJobs2', 'JobId'],
      ['DescribeRestoreJobs2', 'RestoreId'],
      ['DescribeBackupPlans', 'PlanId'],
    ] as const;
    for (const [action, id] of idFields) {
      const found = async (query: Query) => (await rowsOf(running, action, query)).map((row) => row[id]);
      assert.deepEqual(await found({}), [standard?.[id]], action);
      assert.deepEqual(await found({ Edition: 'STANDARD' }), [standard?.[id]], action);
      assert.deepEqual(await found({ Edition: 'BASIC' }), [basic?.[id]], action);
    }
  });

  it('are filtered by each key that the list has', async () => {
    const running = await start({ clients: 0 });
    const { InstanceId, ClientId, policy, job, restore, plan, binding } = putOneOfEach(running.simulator);
    const keys: readonly (readonly [string, string, string])[] = [
      ['DescribeBackupJobs2', 'InstanceId', InstanceId],
      ['DescribeBackupJobs2', 'ClientId', ClientId],
      ['DescribeBackupJobs2', 'Status', job.Status],
      ['DescribeBackupJobs2', 'PlanId', 'plan-a'],
      ['DescribeBackupJobs2', 'JobId', job.JobId],
      ['DescribeBackupJobs2', 'VaultId', job.VaultId],
      ['DescribeBackupJobs2', 'CreatedTime', String(job.CreatedTime)],
      ['DescribeRestoreJobs2', 'InstanceId', InstanceId],
      ['DescribeRestoreJobs2', 'targetInstanceId', InstanceId],
      ['DescribeRestoreJobs2', 'Status', restore.Status],
      ['DescribeRestoreJobs2', 'JobId', restore.RestoreId],
      ['DescribeRestoreJobs2', 'VaultId', restore.VaultId],
      ['DescribeBackupPlans', 'planId', plan.PlanId],
      ['DescribeBackupPlans', 'vaultId', plan.VaultId],
      ['DescribeBackupPlans', 'instanceId', InstanceId],
      ['DescribeBackupPlans', 'planName', plan.PlanName],
      ['DescribePolicyBindings', 'PolicyId', policy.PolicyId],
      ['DescribePolicyBindings', 'DataSourceId', binding.DataSourceId],
      ['DescribePolicyBindings', 'DataSourceType', 'ECS_FILE'],
    ];
    for (const [action, key, value] of keys) {
      const found = async (wanted: string) => (await rowsOf(running, action, filterOf(key, wanted))).length;
      assert.equal(await found(value), 1, `${action} ${key}`);
      assert.equal(await found('another'), 0, `${action} ${key}`);
    }
    const bySource = await rowsOf(running, 'DescribeRestoreJobs2', filterOf('InstanceId', 'i-b'));
    assert.deepEqual(bySource, []);
  });

  it('take 5 filters and 500 values at most, and those of bindings 100 and 10', async () => {
    const running = await start({ clients: 0 });
    const filters = (key: string, count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, n) => [
          [`Filters.${n + 1}.Key`, key],
          [`Filters.${n + 1}.Values.1`, 'a'],
        ]).flat(),
      ) as Query;
    const values = (key: string, count: number) =>
      filterOf(key, ...Array.from({ length: count }, (_, n) => `a-${n}`));
    const most: readonly (readonly [string, string, number, number])[] = [
      ['DescribeBackupJobs2', 'InstanceId', 5, 500],
      ['DescribeRestoreJobs2', 'InstanceId', 5, 500],
      ['DescribeBackupPlans', 'instanceId', 5, 500],
      ['DescribePolicyBindings', 'DataSourceId', 100, 10],
    ];
    for (const [action, key, mostFilters, mostValues] of most) {
      await ask(running, action, {}, { form: filters(key, mostFilters) });
      await ask(running, action, {}, { form: values(key, mostValues) });
      for (const form of [filters(key, mostFilters + 1), values(key, mostValues + 1)]) {
        assert.equal(await refused(running, action, {}, { form }), '400 BadRequest', action);
      }
    }
  });

  it('have ten rows a page where fewer or no number is asked for, and a token until the last one', async () => {
    const running = await start({ clients: 0 });
    for (let n = 0; n < 12; n++) {
      running.simulator.putEssential(`i-${n}`);
      running.simulator.putJob({ InstanceId: `i-${n}` });
    }
    assert.equal((await rowsOf(running, 'DescribeBackupJobs2')).length, 10);
    for (const query of [{}, { MaxResults: '3' }] as const) {
      const first = await ask(running, 'ListProtectedResources', query);
      const token = first['NextToken'];
      assert.ok(typeof token === 'string' && token !== '');
      assert.deepEqual([records(first['ProtectedResources']).length, first['MaxResults']], [10, 10]);
      const last = await ask(running, 'ListProtectedResources', { ...query, NextToken: token });
      assert.deepEqual([records(last['ProtectedResources']).length, last['NextToken']], [2, '']);
    }
  });
});
