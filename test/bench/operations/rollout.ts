import { OperationFold } from '../../../src/core/operations/operationFold';
import type { OperationFact, OperationRecord } from '../../../src/core/operations/operationRecord';
import { aPlan, outdatedClients } from '../../support/operationBuilders';

const clientsPerCall = 20;

/** What the records of an uninstall of so many clients hold, in calls of 20, each task of which was read so often. */
export function factsOf(machines: number, readings: number, id = 'op-1'): readonly OperationFact[] {
  const plan = aPlan('uninstall', outdatedClients(machines));
  const keys = plan.machines.map(({ key }) => key);
  const calls = Array.from({ length: Math.ceil(machines / clientsPerCall) }, (_, n) => ({
    id: String(n + 1),
    keys: keys.slice(n * clientsPerCall, (n + 1) * clientsPerCall),
  }));
  const facts: OperationFact[] = [{ type: 'operation', id, plan, timeScale: 1 }];
  for (const { id: call, keys: machineKeys } of calls) {
    facts.push(
      { type: 'intent', call, machineKeys },
      { type: 'answer', call, requestId: `R-${call}`, taskId: `t-${call}`, refusals: [] },
    );
  }
  for (let reading = 1; reading <= readings; reading++) {
    for (const { id: call, keys: machineKeys } of calls) {
      facts.push({
        type: 'task',
        call,
        state: reading === readings ? 'completed' : 'created',
        progress: Math.min(99, reading * 3),
        machines: machineKeys.map((instanceId) => ({
          instanceId,
          clientStatus: 'UNINSTALLING',
          errorCode: '',
        })),
        requestId: `R-${call}-${reading}`,
      });
    }
  }
  for (const { keys: machineKeys } of calls) {
    facts.push({ type: 'machines', machines: machineKeys.map((key) => ({ key, outcome: 'done' })) });
  }
  return [...facts, { type: 'ended' }];
}

/** The same as a file has it: one record a second, the last one at `endMs`. */
export function recordsOf(facts: readonly OperationFact[], endMs: number): readonly OperationRecord[] {
  return facts.map((fact, n) => ({ v: 1, at: endMs - (facts.length - n) * 1000, ...fact }));
}

/** An operation after so many of its records, to be taken further. */
export function foldOf(records: readonly OperationRecord[]): OperationFold {
  const fold = new OperationFold();
  for (const record of records) fold.apply(record);
  return fold;
}
