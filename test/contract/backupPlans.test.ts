import { strict as assert } from 'node:assert';
import { readRows, waiting, simulatedBackups } from '../support/simulatedBackups';

describe('what starts backups, as the service reports it', () => {
  const world = simulatedBackups();
  const { machines, sent } = world;

  describe('plans', () => {
    const plans = (edition: 'STANDARD' | 'BASIC', instanceIds?: readonly string[]) =>
      readRows(world.api.listPlans(world.scope, { edition, ...(instanceIds && { instanceIds }) }, waiting));

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
      const [client] = world.simulator.clients();
      const plan = world.simulator.putPlan({ InstanceId: instanceId, PlanName: 'nightly', Disabled: true });
      world.simulator.putPlan({ InstanceId: other });
      const basic = world.simulator.putPlan(
        { InstanceId: instanceId, PlanName: 'basic' },
        { edition: 'BASIC' },
      );
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
      for (const instanceId of machines(120)) world.simulator.putPlan({ InstanceId: instanceId });
      const { rows, complete } = await plans('STANDARD');
      assert.deepEqual([rows.length, complete, sent().length], [120, true, 2]);
    });
  });

  describe('policies and Essential Edition', () => {
    it('are asked for as documented, with machines as JSON text in the form', async () => {
      const { api, scope } = world;
      await readRows(api.listPolicies(scope, waiting));
      await readRows(api.listPolicyBindings(scope, { instanceIds: ['i-a', 'i-b'] }, waiting));
      await readRows(api.listEssentialInstances(scope, { instanceId: 'i-a' }, waiting));
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
      const policy = world.simulator.putPolicy({
        PolicyName: 'office hours',
        Rules: [
          { RuleId: 'rule-1', RuleType: 'BACKUP', Schedule: 'I|1790013600|P1D' },
          { RuleId: 'rule-2', RuleType: 'TRANSITION', Retention: 90 },
          { RuleId: 'rule-3', RuleType: 'BACKUP', Schedule: 'I|1790013600|P1W' },
          { RuleId: 'rule-4', RuleType: 'REPLICATION', Retention: 7 },
        ],
      });
      world.simulator.putBinding({ PolicyId: policy.PolicyId, DataSourceId: one, Disabled: true });
      world.simulator.putBinding({ PolicyId: policy.PolicyId, DataSourceId: other });
      world.simulator.putBinding({ PolicyId: policy.PolicyId, DataSourceId: one, SourceType: 'UDM_ECS' });
      const { api, scope } = world;
      assert.deepEqual((await readRows(api.listPolicies(scope, waiting))).rows, [
        {
          policyId: policy.PolicyId,
          name: 'office hours',
          schedules: ['I|1790013600|P1D', 'I|1790013600|P1W'],
          retentionDays: 90,
        },
      ]);
      const bindings = await readRows(api.listPolicyBindings(scope, { instanceIds: [one] }, waiting));
      assert.deepEqual(
        bindings.rows.map(({ policyId, instanceId, disabled }) => [policyId, instanceId, disabled]),
        [[policy.PolicyId, one, true]],
      );
    });

    it('are read to the last token, or cut off at the bound of pages', async () => {
      const ids = machines(230);
      for (const instanceId of ids) world.simulator.putEssential(instanceId);
      const { api, scope } = world;
      const all = await readRows(api.listEssentialInstances(scope, {}, waiting));
      assert.deepEqual([[...all.rows].sort(), all.complete, sent().length], [[...ids].sort(), true, 3]);
      const cut = await readRows(api.listEssentialInstances(scope, {}, { ...waiting, mostPages: 2 }));
      assert.deepEqual([cut.rows.length, cut.complete], [200, false]);
      const one = await readRows(api.listEssentialInstances(scope, { instanceId: ids[7] ?? '' }, waiting));
      assert.deepEqual(one.rows, [ids[7]]);
    });

    it('leave out machines that another edition protects', async () => {
      const [plain = '', essential = ''] = machines(2);
      world.simulator.putPlan({ InstanceId: plain });
      world.simulator.putEssential(essential);
      const { api, scope } = world;
      assert.deepEqual((await readRows(api.listEssentialInstances(scope, {}, waiting))).rows, [essential]);
      assert.deepEqual(
        (await readRows(api.listEssentialInstances(scope, { instanceId: plain }, waiting))).rows,
        [],
      );
    });
  });
});
