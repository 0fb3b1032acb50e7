import { strict as assert } from 'node:assert';
import { createInventory, type Inventory } from '../../src/core/clients/inventory';
import { reachIn } from '../../src/core/clients/reach';
import type { Operation } from '../../src/core/operations/operation';
import type { Action } from '../../src/core/service/actions';
import { startSimulator, type Simulator } from '../../simulator/main';
import { aDraft } from '../support/draftBuilders';
import { createHandClock } from '../support/handClock';
import { createMemoryDisk } from '../support/memoryRecords';
import { createKeptLog, openWindow, type OperationsWindow } from '../support/operationBuilders';
import { realClock } from '../support/realClock';
import { createSimulatedApi, type Simulated } from '../support/simulated';

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
    inventory = createInventory({ scope, api, listings: undefined, clock: realClock, log: createKeptLog() });
    await inventory.refresh();
    simulator.clearJournal();
  });

  afterEach(async () => {
    inventory.dispose();
    window.operations.dispose();
    simulated.api.dispose();
    await simulator.dispose();
  });

  /** Does it to some clients, and answers the ids as they came over the wire. */
  async function idsOf(action: Action, ...clientIds: readonly string[]): Promise<unknown> {
    const { scope } = simulated;
    const chosen = [...inventory.state.clients]
      .map(([key, client]) => ({ key, client }))
      .filter(({ client }) => clientIds.includes(client.clientId ?? ''));
    const { plan } = aDraft(action, [], {
      label: { scope, profileName: 'p', demo: false },
      requested: chosen,
      listed: reachIn(inventory.state),
    });
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
});
