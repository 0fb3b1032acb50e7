import { strict as assert } from 'node:assert';
import {
  recordedSettingsOf,
  settingsBefore,
  type RecordedSettings,
} from '../../src/core/operations/recordedSettings';
import type { Operation, Plan } from '../../src/core/operations/operation';
import type { BackupClient, ClientSettingsChange } from '../../src/core/service/model';
import { startSimulator, type Simulator } from '../../simulator/main';
import { neverCancelled } from '../support/apiBuilders';
import { createInstantClock } from '../support/handClock';
import { createMemoryDisk } from '../support/memoryRecords';
import { aPlan, openWindow } from '../support/operationBuilders';
import { createSimulatedApi, type Simulated } from '../support/simulated';

const password = 'correct horse & battery=staple';

describe('settings of a client', () => {
  let simulator: Simulator;
  let simulated: Simulated;
  let recent: string;
  let old: string;

  beforeEach(async () => {
    simulator = await startSimulator({ clients: 0 });
    simulated = createSimulatedApi(simulator);
    recent = simulator.insertClient({ InstanceId: 'i-recent', ClientVersion: '2.13.0' }).ClientId;
    old = simulator.insertClient({ InstanceId: 'i-old', ClientVersion: '2.4.5' }).ClientId;
    simulator.clearJournal();
  });
  afterEach(async () => {
    simulated.api.dispose();
    await simulator.dispose();
  });

  const update = (clientId: string, change: ClientSettingsChange) =>
    simulated.api.updateClientSettings(simulated.scope, clientId, change, neverCancelled);

  async function read(clientId: string): Promise<BackupClient | undefined> {
    for await (const { clients } of simulated.api.listClients(
      simulated.scope,
      { clientIds: [clientId] },
      neverCancelled,
    )) {
      return clients[0];
    }
    return undefined;
  }

  it('all reach the service, and the list shows them', async () => {
    const shown: ClientSettingsChange = {
      useHttps: true,
      dataNetworkType: 'PUBLIC',
      dataProxySetting: 'CUSTOM',
      proxyHost: 'proxy.example.com',
      proxyPort: 65_535,
      proxyUser: 'backup',
      maxCpuCore: 999,
      maxWorker: 0,
      maxMemory: 1024 ** 4,
      alertOnPartialComplete: false,
    };
    const { requestId } = await update(recent, { ...shown, proxyPassword: password });
    assert.equal(requestId, simulator.journal()[0]?.requestId);
    assert.deepEqual((await read(recent))?.settings, shown);
  });

  it('that are not named stay as they are', async () => {
    await update(recent, { maxCpuCore: 4, useHttps: true });
    await update(recent, { maxWorker: 2 });
    const settings = (await read(recent))?.settings;
    assert.deepEqual([settings?.maxCpuCore, settings?.maxWorker, settings?.useHttps], [4, 2, true]);
  });

  it('travel in the form alone: nothing stands in the URL, and no log line names the password', async () => {
    await update(recent, {
      dataProxySetting: 'CUSTOM',
      proxyHost: 'p',
      proxyPort: 1,
      proxyPassword: password,
    });
    const [call] = simulator.journal();
    assert.deepEqual(call?.inQuery, []);
    assert.deepEqual(Object.keys(call.parameters).sort(), [
      'ClientId',
      'DataProxySetting',
      'ProxyHost',
      'ProxyPassword',
      'ProxyPort',
    ]);
    const told = simulated.logged.join('\n');
    assert.ok(told.includes('UpdateClientSettings'));
    for (const form of [password, encodeURIComponent(password)]) assert.ok(!told.includes(form));
  });

  it('never go over plain http to another computer', async () => {
    const elsewhere = createSimulatedApi(simulator, { endpoint: 'http://hbr.example.com' });
    await assert.rejects(
      elsewhere.api.updateClientSettings(elsewhere.scope, recent, { useHttps: true }, neverCancelled),
      { code: 'wrong-endpoint', fate: 'not-run' },
    );
    elsewhere.api.dispose();
    assert.equal(simulator.journal().length, 0);
  });

  it('out of range are refused by name, and nothing is sent', async () => {
    const refused: readonly (readonly [ClientSettingsChange, RegExp])[] = [
      [{ maxCpuCore: -1 }, /^maxCpuCore: a whole number from 0 to 999$/],
      [{ maxCpuCore: 1000 }, /^maxCpuCore/],
      [{ maxWorker: 1.5 }, /^maxWorker/],
      [{ maxMemory: 1024 ** 4 + 1 }, /^maxMemory/],
      [{ proxyPort: 0 }, /^proxyPort: a whole number from 1 to 65535$/],
      [{ proxyPort: 65_536 }, /^proxyPort/],
      [{ proxyPort: NaN }, /^proxyPort/],
      [{ proxyHost: ' ' }, /^proxyHost/],
      [{ proxyUser: '' }, /^proxyUser/],
      [{ proxyPassword: '' }, /^proxyPassword/],
      [{}, /^change: at least 1/],
    ];
    for (const [change, message] of refused) {
      await assert.rejects(update(recent, change), { code: 'invalid-input', fate: 'not-run', message });
    }
    await assert.rejects(update(' ', { useHttps: true }), { code: 'invalid-input' });
    assert.equal(simulator.journal().length, 0);
  });

  it('of another account cannot be named, so nothing is sent', async () => {
    const [account] = simulator.crossAccounts;
    assert.ok(account);
    const crossAccount = { type: 'CROSS_ACCOUNT', userId: account.accountId, roleName: 'r' } as const;
    await assert.rejects(
      simulated.api.updateClientSettings(
        { ...simulated.scope, crossAccount },
        recent,
        { useHttps: true },
        neverCancelled,
      ),
      { code: 'invalid-input', fate: 'not-run' },
    );
    assert.equal(simulator.journal().length, 0);
  });

  it('that a client is too old for are refused by the service', async () => {
    await assert.rejects(update(old, { maxMemory: 1024 ** 3 }), {
      code: 'bad-request',
      fate: 'refused',
      serviceCode: 'BadRequest',
    });
  });

  it('of a client that does not exist are not found', async () => {
    await assert.rejects(update('c-missing', { useHttps: true }), { code: 'not-found', fate: 'refused' });
  });

  it('may be forbidden, and the permission that is missing is named', async () => {
    simulator.setFaults([{ action: 'UpdateClientSettings', fault: 'denied' }]);
    await assert.rejects(update(recent, { useHttps: true }), {
      code: 'permission-denied',
      ramAction: 'hbr:UpdateClientSettings',
    });
  });

  it('are sent once when the answer is lost: whoever asked reads the client again', async () => {
    simulator.setFaults([{ action: 'UpdateClientSettings', fault: 'resetAfter' }]);
    await assert.rejects(update(recent, { maxCpuCore: 7 }), { code: 'connection-lost', fate: 'ambiguous' });
    const calls = simulator.journal().filter(({ action }) => action === 'UpdateClientSettings');
    assert.equal(calls.length, 1);
    assert.equal((await read(recent))?.settings?.maxCpuCore, 7);
  });
});

describe('settings of thirty clients under faults', () => {
  let simulator: Simulator;
  let simulated: Simulated;

  beforeEach(async () => {
    simulator = await startSimulator({ clients: 0 });
    simulated = createSimulatedApi(simulator);
    for (let number = 1; number <= 30; number++) simulator.insertClient({ InstanceId: `i-${number}` });
    // Now the list shows settings of all: where it shows none, a lost answer stays open.
    assert.ok((await change(1)).machines.every(({ outcome }) => outcome === 'done'));
    simulator.clearJournal();
  });
  afterEach(async () => {
    simulated.api.dispose();
    await simulator.dispose();
  });

  async function planTo(settings: RecordedSettings): Promise<Plan> {
    const clients: BackupClient[] = [];
    for await (const page of simulated.api.listClients(simulated.scope, {}, neverCancelled)) {
      clients.push(...page.clients);
    }
    const plan = aPlan('settings', clients);
    const before = new Map(
      clients.map((client) => [client.clientId, settingsBefore(client, settings)] as const),
    );
    return {
      ...plan,
      ...{ settings, scope: simulated.scope },
      machines: plan.machines.map((machine) => ({
        ...machine,
        namedBy: 'client',
        fromSettings: before.get(machine.clientId) ?? {},
      })),
    };
  }

  /** Changes all of them, as far as it goes, and answers the operation when it has ended. */
  async function change(maxCpuCore: number): Promise<Operation> {
    const plan = await planTo(recordedSettingsOf({ maxCpuCore }));
    const { operations } = openWindow(
      simulated.api,
      createInstantClock(Date.now()),
      createMemoryDisk().window(),
    );
    const ended = new Promise<Operation>((resolve) => operations.onDidEnd(resolve));
    await operations.start(plan, { maxCpuCore });
    const operation = await ended;
    operations.dispose();
    return operation;
  }

  it('are carried out at most once each, and each outcome told is what the service has', async () => {
    simulator.setFaults([
      { action: 'UpdateClientSettings', nth: [2, 20], fault: 'resetAfter' },
      { action: 'UpdateClientSettings', nth: [5, 22], fault: 'resetBefore' },
      { action: 'UpdateClientSettings', nth: [8, 9, 10, 11, 12], fault: 'throttle' },
      { action: 'UpdateClientSettings', nth: 15, fault: 'serverError', executes: true },
      { action: 'UpdateClientSettings', nth: 17, fault: 'truncate' },
      { action: 'UpdateClientSettings', nth: 25, fault: 'error', code: 'ResourceNotFound', status: 404 },
    ]);
    const { machines } = await change(3);
    const executed = simulator
      .journal()
      .filter(({ action, executed: ran }) => action === 'UpdateClientSettings' && ran)
      .map(({ parameters }) => parameters['ClientId']);
    assert.equal(new Set(executed).size, executed.length, 'no client twice');
    for (const { machine, outcome, reason } of machines) {
      const ran = executed.includes(machine.clientId ?? '');
      assert.equal(outcome === 'done', ran, `${machine.key}: ${outcome}, ${reason ?? ''}`);
    }
    assert.ok(machines.some(({ outcome }) => outcome === 'refused'));
    assert.ok(machines.filter(({ outcome }) => outcome === 'done').length > 20);
  });

  it('end with the first refusal that all others would meet too', async () => {
    simulator.setFaults([{ action: 'UpdateClientSettings', fault: 'denied' }]);
    const { machines } = await change(3);
    const calls = simulator.journal().filter(({ action }) => action === 'UpdateClientSettings');
    assert.equal(calls.length, 1);
    assert.equal(machines.filter(({ outcome }) => outcome === 'not-sent').length, machines.length - 1);
  });
});
