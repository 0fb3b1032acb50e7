import { strict as assert } from 'node:assert';
import { startSimulator, type Simulator } from '../../simulator/main';
import { neverCancelled } from '../support/apiBuilders';
import { createSimulatedApi, type Simulated } from '../support/simulated';

describe('uninstalling clients', () => {
  let simulator: Simulator;
  let simulated: Simulated;

  beforeAll(async () => {
    simulator = await startSimulator({ clients: 80 });
    simulated = createSimulatedApi(simulator);
  });
  beforeEach(() => simulator.clearJournal());
  afterAll(async () => {
    simulated.api.dispose();
    await simulator.dispose();
  });

  const ready = () => {
    const answering = new Set(
      simulator
        .instances()
        .filter(({ status, assistantRunning }) => status === 'Running' && assistantRunning)
        .map(({ instanceId }) => instanceId),
    );
    return simulator
      .clients()
      .filter(({ Status, InstanceId }) => Status === 'ACTIVATED' && answering.has(InstanceId));
  };
  const uninstall = (instanceIds: readonly string[], clientIds: readonly string[]) =>
    simulated.api.uninstallClients(simulated.scope, { instanceIds, clientIds }, neverCancelled);

  it('takes machines of both lists and makes one task', async () => {
    const [first, second] = ready();
    assert.ok(first && second);
    const submission = await uninstall([first.InstanceId], [second.ClientId]);
    assert.match(submission.taskId ?? '', /^t-/);
    assert.deepEqual(submission.refusals, []);
    const [call] = simulator.journal();
    assert.deepEqual(call?.parameters, {
      InstanceIds: JSON.stringify([first.InstanceId]),
      ClientIds: JSON.stringify([second.ClientId]),
    });
    const states = new Map(simulator.clients().map((row) => [row.ClientId, row.Status]));
    assert.deepEqual(
      [states.get(first.ClientId), states.get(second.ClientId)],
      ['UNINSTALLING', 'UNINSTALLING'],
    );
  });

  it('names the machines that are left out', async () => {
    const [row] = ready();
    assert.ok(row);
    const { refusals } = await uninstall([row.InstanceId, 'i-missing'], []);
    assert.deepEqual(refusals, [{ instanceId: 'i-missing', errorCode: 'InstanceNotExists' }]);
  });

  it('counts both lists together: more than twenty are never sent', async () => {
    const ids = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, at) => `${prefix}-${at}`);
    await assert.rejects(uninstall(ids('i', 11), ids('c', 10)), { code: 'invalid-input', fate: 'not-run' });
    await assert.rejects(uninstall([], []), { code: 'invalid-input', fate: 'not-run' });
    assert.equal(simulator.journal().length, 0);
  });

  it('may be forbidden, and the permission that is missing is named', async () => {
    simulator.setFaults([{ action: 'UninstallBackupClients', fault: 'denied' }]);
    await assert.rejects(uninstall(['i-1'], []), {
      code: 'permission-denied',
      ramAction: 'hbr:UninstallBackupClients',
    });
    simulator.setFaults([]);
  });

  it('is sent once when its answer is lost', async () => {
    const [row] = ready();
    assert.ok(row);
    simulator.setFaults([{ action: 'UninstallBackupClients', fault: 'resetAfter' }]);
    await assert.rejects(uninstall([row.InstanceId], []), { fate: 'ambiguous' });
    simulator.setFaults([]);
    assert.deepEqual(
      simulator.journal().map(({ action, executed }) => [action, executed]),
      [['UninstallBackupClients', true]],
    );
  });
});
