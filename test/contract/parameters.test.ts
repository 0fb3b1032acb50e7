import { strict as assert } from 'node:assert';
import { createStsApi } from '../../src/api/sts';
import type { BackupClient } from '../../src/core/service/model';
import type { ClientQuery } from '../../src/core/service/api';
import type { CrossAccount, Scope } from '../../src/core/service/scope';
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
