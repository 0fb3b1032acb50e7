import { strict as assert } from 'node:assert';
import { createStsApi } from '../../src/api/sts';
import type { BackupClient } from '../../src/core/service/model';
import type { ClientQuery } from '../../src/core/service/api';
import type { CrossAccount, Scope } from '../../src/core/service/scope';
import type { ServiceFilter } from '../../src/core/service/serviceFilter';
import { startSimulator, type JournalEntry, type Simulator } from '../../simulator/main';
import { neverCancelled } from '../support/apiBuilders';
import { createPatientClock, createSimulatedApi, type Simulated } from '../support/simulated';

describe('parameters that reach the service', () => {
  let simulator: Simulator;
  let simulated: Simulated;
  let role: CrossAccount;
  let directory: CrossAccount;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 250 });
    simulated = createSimulatedApi(simulator);
    const [first, second] = simulator.crossAccounts;
    assert.ok(first && second);
    role = { type: 'CROSS_ACCOUNT', userId: first.accountId, roleName: first.roleName };
    directory = { type: 'CROSS_ACCOUNT_BY_RD', userId: second.accountId };
  });
  beforeEach(() => simulator.clearJournal());
  afterAll(async () => {
    simulated.api.dispose();
    await simulator.dispose();
  });

  const sent = (): readonly JournalEntry[] => simulator.journal();
  const withinAccount = (crossAccount: CrossAccount): Scope => ({ ...simulated.scope, crossAccount });
  const machines = (count: number, status: string, accountId?: string): string[] =>
    simulator
      .machines(simulator.regionId, accountId)
      .clients()
      .filter(({ Status }) => Status === status)
      .slice(0, count)
      .map(({ InstanceId }) => InstanceId);

  function assertSentFor({ type, userId, roleName }: CrossAccount): void {
    const parameters = sent()[0]?.parameters ?? {};
    const { CrossAccountType, CrossAccountUserId, CrossAccountRoleName } = parameters;
    assert.deepEqual([CrossAccountType, CrossAccountUserId, CrossAccountRoleName], [type, userId, roleName]);
  }

  async function list(query: ClientQuery, scope = simulated.scope): Promise<BackupClient[]> {
    const found: BackupClient[] = [];
    for await (const page of simulated.api.listClients(scope, query, neverCancelled))
      found.push(...page.clients);
    return found;
  }

  describe('of DescribeBackupClients', () => {
    it('ClientType: each kind of client has a list of its own', async () => {
      for (const clientType of ['ECS_CLIENT', 'CONTAINER_CLIENT', 'LOCAL_CLIENT'] as const) {
        const found = await list({}, { ...simulated.scope, clientType });
        assert.ok(found.length > 0);
        assert.equal(found.length, simulator.clients(clientType).length);
        assert.ok(found.every((client) => client.clientType === clientType));
      }
    });

    it('PageNumber and PageSize: 99 rows a page, each page once', async () => {
      const found = await list({});
      const pages = sent().map(({ parameters }) => parameters['PageNumber']);
      assert.deepEqual([...pages].sort(), ['1', '2', '3']);
      assert.ok(sent().every(({ parameters }) => parameters['PageSize'] === '99'));
      assert.deepEqual(
        found.map(({ instanceId }) => instanceId).sort(),
        simulator
          .clients()
          .map(({ InstanceId }) => InstanceId)
          .sort(),
      );
    });

    it('ClientIds', async () => {
      const wanted = simulator
        .clients()
        .map(({ ClientId }) => ClientId)
        .filter((id) => id !== '')
        .slice(3, 6);
      const found = await list({ clientIds: wanted });
      assert.deepEqual(found.map(({ clientId }) => clientId).sort(), [...wanted].sort());
      assert.deepEqual(sent()[0]?.inQuery.includes('ClientIds'), false);
    });

    it('InstanceIds', async () => {
      const wanted = simulator
        .clients()
        .slice(7, 9)
        .map(({ InstanceId }) => InstanceId);
      const found = await list({ instanceIds: wanted });
      assert.deepEqual(found.map(({ instanceId }) => instanceId).sort(), [...wanted].sort());
    });

    it('CrossAccountType, CrossAccountUserId, CrossAccountRoleName: machines of another account', async () => {
      for (const crossAccount of [role, directory]) {
        simulator.clearJournal();
        const found = await list({}, withinAccount(crossAccount));
        const theirs = simulator.machines(simulator.regionId, crossAccount.userId);
        assert.equal(found.length, theirs.clients().length);
        assertSentFor(crossAccount);
      }
    });
  });

  describe('of DescribeBackupClients for a filter', () => {
    const narrowed = (filter: ServiceFilter, clientType = simulated.scope.clientType) =>
      list({}, { ...simulated.scope, clientType, filter });
    const named = (rows: readonly { readonly InstanceId: string }[]) =>
      rows.map(({ InstanceId }) => InstanceId).sort();
    const found = async (listed: Promise<readonly BackupClient[]>) =>
      (await listed).map(({ instanceId }) => instanceId ?? '').sort();

    it('Tag: clients that have each tag, in the form; a key alone means any value', async () => {
      const tagged = simulator.clients().filter(({ Tags }) => Tags?.some(({ Key }) => Key === 'env'));
      const { Value: value = '' } = tagged[0]?.Tags?.find(({ Key }) => Key === 'env') ?? {};
      const own = tagged.filter(({ Tags }) => Tags?.some((tag) => tag.Key === 'env' && tag.Value === value));
      assert.ok(own.length > 0 && own.length < tagged.length && tagged.length < simulator.clients().length);
      assert.deepEqual(await found(narrowed({ tags: [{ key: 'env', value }] })), named(own));
      assert.deepEqual(await found(narrowed({ tags: [{ key: 'env', value: '' }] })), named(tagged));
      assert.ok(sent().every(({ inQuery }) => inQuery.every((name) => !name.startsWith('Tag'))));
      const team = own[0]?.Tags?.find(({ Key }) => Key === 'team');
      assert.ok(team);
      const both = own.filter(({ Tags }) =>
        Tags?.some(({ Key, Value }) => Key === team.Key && Value === team.Value),
      );
      const tags = [
        { key: 'env', value },
        { key: team.Key, value: team.Value },
      ];
      assert.deepEqual(await found(narrowed({ tags })), named(both));
    });

    it('Tag: a key and a value of other scripts and of characters with a meaning in a form', async () => {
      const own = simulator.clients().filter(({ Tags }) => Tags?.some(({ Key }) => Key === '环境'));
      assert.ok(own.length > 0);
      const tags = [{ key: '环境', value: '生产 & 测试' }];
      assert.deepEqual(await found(narrowed({ tags })), named(own));
    });

    it('ClusterId: container clients of one cluster, in the query', async () => {
      const all = simulator.clients('CONTAINER_CLIENT');
      const clusterId = all[0]?.ClusterId ?? '';
      const elsewhere = simulator.insertClient({
        ...{ ClientType: 'CONTAINER_CLIENT', ClusterId: 'cl-other', InstanceId: 'i-other' },
      });
      assert.ok(all.length > 0 && elsewhere.ClusterId !== clusterId);
      assert.deepEqual(await found(narrowed({ clusterId }, 'CONTAINER_CLIENT')), named(all));
      assert.ok(sent().every(({ inQuery }) => inQuery.includes('ClusterId')));
      await assert.rejects(narrowed({ clusterId }), { code: 'invalid-input' });
    });

    it('Filters: 100 instances, in the query; one that has no client is left out', async () => {
      const wanted = named(simulator.clients()).slice(0, 99);
      assert.deepEqual(await found(narrowed({ instanceIds: [...wanted, 'i-none'] })), wanted);
      assert.ok(sent().every(({ inQuery }) => inQuery.includes('Filters.1.Values.100')));
      simulator.clearJournal();
      await assert.rejects(narrowed({ instanceIds: [...wanted, 'i-none', 'i-more'] }), {
        code: 'invalid-input',
      });
      assert.equal(sent().length, 0);
    });

    it('no part of it where clients are named by ID', async () => {
      const { InstanceId: instanceId = '' } = simulator.clients()[5] ?? {};
      const filter = { tags: [{ key: 'env', value: 'nowhere' }], instanceIds: ['i-none'] };
      const byId = await list({ instanceIds: [instanceId] }, { ...simulated.scope, filter });
      assert.deepEqual(
        byId.map((client) => client.instanceId),
        [instanceId],
      );
    });
  });

  describe('of InstallBackupClients', () => {
    it('InstanceIds: a task is made, and the machines that are left out are named', async () => {
      const ready = new Set(
        simulator
          .instances()
          .filter(({ status, assistantRunning }) => status === 'Running' && assistantRunning)
          .map(({ instanceId }) => instanceId),
      );
      const fine = machines(250, 'STOPPED').find((id) => ready.has(id));
      assert.ok(fine);
      const submission = await simulated.api.installClients(
        simulated.scope,
        [fine, 'i-missing'],
        neverCancelled,
      );
      assert.match(submission.taskId ?? '', /^t-/);
      assert.deepEqual(submission.refusals, [{ instanceId: 'i-missing', errorCode: 'InstanceNotExists' }]);
      assert.equal(sent()[0]?.parameters['InstanceIds'], JSON.stringify([fine, 'i-missing']));
      const task = await simulated.api.getTask(simulated.scope, submission.taskId ?? '', neverCancelled);
      assert.equal(task.state, 'created');
    });

    it('a single id: what is wrong with the machine is the failure of the call', async () => {
      await assert.rejects(simulated.api.installClients(simulated.scope, ['i-missing'], neverCancelled), {
        code: 'not-found',
        serviceCode: 'InstanceNotExists',
        fate: 'refused',
      });
    });

    it('CrossAccountType, CrossAccountUserId, CrossAccountRoleName', async () => {
      for (const crossAccount of [role, directory]) {
        simulator.clearJournal();
        const ids = machines(1, 'STOPPED', crossAccount.userId);
        const wanted = ids.length > 0 ? ids : ['i-missing', 'i-missing-too'];
        await simulated.api.installClients(withinAccount(crossAccount), wanted, neverCancelled);
        assertSentFor(crossAccount);
      }
    });

    it('more than twenty ids are never sent', async () => {
      const ids = Array.from({ length: 21 }, (_, index) => `i-${index}`);
      await assert.rejects(simulated.api.installClients(simulated.scope, ids, neverCancelled), {
        code: 'invalid-input',
      });
      assert.equal(sent().length, 0);
    });
  });

  describe('of UpgradeBackupClients', () => {
    const outdated = () =>
      simulator
        .clients()
        .filter((row) => row.Status === 'ACTIVATED' && row.ClientVersion !== row.MaxClientVersion);

    it('InstanceIds and ClientIds: machines of both lists are upgraded', async () => {
      const [first, second] = outdated();
      assert.ok(first && second);
      const submission = await simulated.api.upgradeClients(
        simulated.scope,
        { instanceIds: [first.InstanceId], clientIds: [second.ClientId] },
        neverCancelled,
      );
      assert.match(submission.taskId ?? '', /^t-/);
      assert.deepEqual(submission.refusals, []);
      const busy = await list({ instanceIds: [first.InstanceId, second.InstanceId] });
      assert.deepEqual(
        busy.map(({ status }) => status),
        ['UPGRADING', 'UPGRADING'],
      );
    });

    it('InstanceIds alone', async () => {
      const [row] = outdated();
      assert.ok(row);
      await simulated.api.upgradeClients(
        simulated.scope,
        { instanceIds: [row.InstanceId], clientIds: [] },
        neverCancelled,
      );
      assert.deepEqual(sent()[0]?.parameters, { InstanceIds: JSON.stringify([row.InstanceId]) });
    });

    it('ClientIds alone', async () => {
      const [row] = outdated();
      assert.ok(row);
      await simulated.api.upgradeClients(
        simulated.scope,
        { instanceIds: [], clientIds: [row.ClientId] },
        neverCancelled,
      );
      assert.deepEqual(sent()[0]?.parameters, { ClientIds: JSON.stringify([row.ClientId]) });
    });

    it('CrossAccountType, CrossAccountUserId, CrossAccountRoleName', async () => {
      for (const crossAccount of [role, directory]) {
        simulator.clearJournal();
        const ids = machines(2, 'ACTIVATED', crossAccount.userId);
        const call = { instanceIds: ids, clientIds: [] };
        await simulated.api.upgradeClients(withinAccount(crossAccount), call, neverCancelled);
        assertSentFor(crossAccount);
      }
    });

    it('more than a hundred ids are never sent', async () => {
      const ids = (prefix: string, count: number) =>
        Array.from({ length: count }, (_, at) => `${prefix}-${at}`);
      const call = { instanceIds: ids('i', 50), clientIds: ids('c', 51) };
      await assert.rejects(simulated.api.upgradeClients(simulated.scope, call, neverCancelled), {
        code: 'invalid-input',
      });
      assert.equal(sent().length, 0);
    });
  });

  it('of DescribeTask: an unknown TaskId is not found', async () => {
    await assert.rejects(simulated.api.getTask(simulated.scope, 't-unknown', neverCancelled), {
      code: 'not-found',
      serviceCode: 'TaskNotFound',
    });
  });

  it('of GetCallerIdentity: none; it says whose key it is', async () => {
    const sts = createStsApi({
      ...{ clock: createPatientClock(), log: { write: () => undefined } },
      ...{ random: () => 0.5, userAgent: 'contract-tests' },
    });
    const { accessKeyId, accessKeySecret, endpoint } = simulator;
    const accessKey = () => Promise.resolve({ accessKeyId, accessKeySecret });
    const identity = await sts.getCallerIdentity(endpoint, accessKey, neverCancelled);
    assert.equal(identity.accountId, simulator.accountId);
    sts.dispose();
  });

  it('of every call: a temporary key brings its token along', async () => {
    const key = simulator.issueTemporaryKey(600);
    const temporary = createSimulatedApi(simulator, { accessKey: () => Promise.resolve(key) });
    const { profileId, regionId } = temporary.scope;
    assert.ok((await temporary.api.listRegions(profileId, regionId, neverCancelled)).length > 0);
    temporary.api.dispose();
  });
});
