import { strict as assert } from 'node:assert';
import { foldOperation } from '../../../src/core/operations/operationFold';
import type { OperationFact } from '../../../src/core/operations/operationRecord';
import { aPlan, outdatedClients } from '../../support/operationBuilders';

/** What a rollout records: a plan, calls of 20, and readings of each task until it ends. */
function recordsOf(machines: number, readings: number): readonly object[] {
  const plan = aPlan('uninstall', outdatedClients(machines));
  const keys = plan.machines.map(({ key }) => key);
  const calls = Array.from({ length: Math.ceil(machines / 20) }, (_, n) => ({
    id: String(n + 1),
    keys: keys.slice(n * 20, (n + 1) * 20),
  }));
  const facts: OperationFact[] = [{ type: 'operation', id: 'op-1', plan, timeScale: 1 }];
  for (const { id: call, keys: machineKeys } of calls) {
    facts.push(
      { type: 'intent', call, machineKeys },
      { type: 'answer', call, requestId: `R-${call}`, taskId: `t-${call}`, refusals: [] },
    );
  }
  for (let reading = 1; reading <= readings; reading++) {
    for (const { id: call, keys: machineKeys } of calls) {
      const machines = machineKeys.map((instanceId) => ({
        instanceId,
        clientStatus: 'UNINSTALLING',
        errorCode: '',
      }));
      const state = reading === readings ? 'completed' : 'created';
      facts.push({
        type: 'task',
        call,
        state,
        progress: reading,
        machines,
        requestId: `R-${call}-${reading}`,
      });
    }
  }
  facts.push({ type: 'machines', machines: keys.map((key) => ({ key, outcome: 'done' })) });
  // As they come from the disk.
  return JSON.parse(JSON.stringify(facts.map((fact, n) => ({ v: 1, at: n, ...fact })))) as readonly object[];
}

/** The least time that a processor worked on it, in milliseconds: other programs take no part. */
function leastMs(work: () => void): number {
  return Math.min(
    ...Array.from({ length: 3 }, () => {
      const began = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(began);
      return (user + system) / 1000;
    }),
  );
}

describe('the records of 5,000 machines in 250 calls with 30 readings', () => {
  it('are read back within 300 ms', { timeout: 120_000 }, () => {
    const records = recordsOf(5_000, 30);
    const took = leastMs(() => {
      const operation = foldOperation(records);
      assert.equal(operation?.phase, 'confirming');
      assert.ok(operation.machines.every(({ outcome }) => outcome === 'done'));
    });
    assert.ok(took <= 300, `took ${Math.round(took)} ms`);
  });
});
