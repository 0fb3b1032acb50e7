import { strict as assert } from 'node:assert';
import { createInventory, type Inventory } from '../../src/core/clients/inventory';
import { reachIn } from '../../src/core/clients/reach';
import { startPrecheck } from '../../src/core/change/precheck';
import { checked } from '../../src/core/change/review';
import type { Draft } from '../../src/core/change/draft';
import type { Operation } from '../../src/core/operations/operation';
import type { Action } from '../../src/core/service/actions';
import type { Scope } from '../../src/core/service/scope';
import { startSimulator, type Simulator } from '../../simulator/main';
import { neverCancelled } from '../support/apiBuilders';
import { aDraft } from '../support/draftBuilders';
import { createHandClock } from '../support/handClock';
import { createMemoryDisk } from '../support/memoryRecords';
import { createKeptLog, openWindow, type OperationsWindow } from '../support/operationBuilders';
import { realClock } from '../support/realClock';
import type { Waiting } from '../../src/core/kernel/waiting';
import { createSimulatedApi, type Simulated } from '../support/simulated';

type Work<T> = (report: () => void, waiting: Waiting) => Promise<T>;

describe('two clients on one instance', () => {
  let simulator: Simulator;
  let simulated: Simulated;
  let window: OperationsWindow;
  let inventory: Inventory;

  beforeEach(async () => {
    simulator = await startSimulator({ clients: 0 });
    simulated = createSimulatedApi(simulator);
    const { api, scope } = simulated;
    const row = { InstanceId: 'i-1', ClientVersion: '2.4.1', MaxClientVersion: '2.4.5' };
    simulator.insertClient({ ...row, ClientId: 'c-old', Status: 'UNKNOWN', BackupStatus: 'UNPROTECTED' });
    simulator.insertClient({ ...row, ClientId: 'c-live', Status: 'ACTIVATED', BackupStatus: 'PROTECTED' });
    simulator.insertClient({ ...row, InstanceId: 'i-2', ClientId: 'c-alone', Status: 'ACTIVATED' });
    window = openWindow(api, createHandClock(), createMemoryDisk().window());
    lookAround = notAtAll;
    await listAll(scope);
  });

  async function listAll(scope: Scope): Promise<void> {
    const { api } = simulated;
    inventory = createInventory({ scope, api, listings: undefined, clock: realClock, log: createKeptLog() });
    await inventory.refresh();
    simulator.clearJournal();
  }

  afterEach(async () => {
    inventory.dispose();
    window.operations.dispose();
    simulated.api.dispose();
    await simulator.dispose();
  });

  /** Does it to some clients, and answers the ids as they came over the wire. */
  async function idsOf(action: Action, ...clientIds: readonly string[]): Promise<unknown> {
    const { api } = simulated;
    const { scope } = inventory.state;
    const chosen = [...inventory.state.clients]
      .map(([key, client]) => ({ key, client }))
      .filter(({ client }) => clientIds.includes(client.clientId ?? ''));
    const draft = aDraft(action, [], {
      label: { scope, profileName: 'p', demo: false },
      requested: chosen,
      listed: reachIn(inventory.state),
    });
    const { plan } = await lookAround(draft, api);
    const answered = new Promise<Operation>((resolve) => {
      window.operations.onDidChange((operation) => {
        if (operation.calls[0]?.state === 'answered') resolve(operation);
      });
    });
    await window.operations.start(plan);
    await answered;
    const writes = simulator.journal().filter((call) => /^(Upgrade|Uninstall)/.test(call.action));
    return writes.map(({ parameters: { InstanceIds, ClientIds } }) => ({ InstanceIds, ClientIds }));
  }

  const states = () => Object.fromEntries(simulator.clients().map((row) => [row.ClientId, row.Status]));

  /** Reads what else is on the instances, where the list might lack it. */
  let lookAround: (draft: Draft, api: Simulated['api']) => Promise<Draft>;
  const notAtAll: typeof lookAround = (draft) => Promise.resolve(draft);
  const byInstance: typeof lookAround = async (draft, api) => {
    const log = createKeptLog();
    const serviceNow = () => realClock.now();
    const notices = {
      warn: () => undefined,
      progress: <T>(_title: string, _place: string, work: Work<T>) => work(() => undefined, neverCancelled),
    };
    const precheck = startPrecheck(
      { instances: api, protection: api, serviceNow, clock: realClock, log },
      draft.label.scope,
      [],
    );
    const questions = { manyLive: () => Promise.resolve(undefined) };
    return await checked({ questions, notices, api, serviceNow, log }, draft, precheck, neverCancelled);
  };

  it('are reached one by one: to uninstall the one leaves the other alone', async () => {
    assert.deepEqual(await idsOf('uninstall', 'c-old'), [{ InstanceIds: undefined, ClientIds: '["c-old"]' }]);
    assert.deepEqual(states(), { 'c-old': 'UNINSTALLING', 'c-live': 'ACTIVATED', 'c-alone': 'ACTIVATED' });
  });

  it('are both named by ClientId when both are meant, beside one that is alone', async () => {
    assert.deepEqual(await idsOf('upgrade', 'c-old', 'c-live', 'c-alone'), [
      { InstanceIds: '["i-2"]', ClientIds: '["c-old","c-live"]' },
    ]);
  });

  it('and one alone are all named by ClientId when the last listing failed', async () => {
    simulator.setFaults([{ action: 'DescribeBackupClients', fault: 'denied' }]);
    await inventory.refresh();
    simulator.setFaults([]);
    simulator.clearJournal();
    assert.deepEqual(await idsOf('uninstall', 'c-alone'), [
      { InstanceIds: undefined, ClientIds: '["c-alone"]' },
    ]);
  });

  describe('when only one of them has the tags that the list is narrowed to', () => {
    beforeEach(async () => {
      for (const id of ['c-live', 'c-alone']) {
        simulator.updateClient(id, { Tags: [{ Key: 'team', Value: 'shop' }] });
      }
      inventory.dispose();
      await listAll({ ...simulated.scope, filter: { tags: [{ key: 'team', value: 'shop' }] } });
      assert.equal(inventory.state.phase, 'ready');
      assert.deepEqual([...inventory.state.clients.values()].map(({ clientId }) => clientId).sort(), [
        'c-alone',
        'c-live',
      ]);
    });

    it('leave it to be named by ClientId: the list is no proof that it is alone', async () => {
      assert.deepEqual(await idsOf('uninstall', 'c-live', 'c-alone'), [
        { InstanceIds: undefined, ClientIds: '["c-live","c-alone"]' },
      ]);
      assert.equal(states()['c-old'], 'UNKNOWN');
    });

    it('are both found on the instance, so that the other one is not touched', async () => {
      lookAround = byInstance;
      assert.deepEqual(await idsOf('uninstall', 'c-live', 'c-alone'), [
        { InstanceIds: '["i-2"]', ClientIds: '["c-live"]' },
      ]);
      assert.equal(states()['c-old'], 'UNKNOWN');
    });
  });
});
