import type { OperationFact } from '../../src/core/operations/operationRecord';
import { createFakeService } from './fakeService';
import { createHandClock } from './handClock';
import { createMemoryDisk } from './memoryRecords';
import { aPlan, openWindow, outdatedClients } from './operationBuilders';

/** A window that finds an operation in the records: an uninstall with one task for each client, all due at once. */
export function windowWithDueTasks(count: number) {
  const clock = createHandClock();
  const service = createFakeService(outdatedClients(count));
  const disk = createMemoryDisk();
  const plan = aPlan('uninstall', [...service.clients.values()]);
  const facts: readonly OperationFact[] = [
    { type: 'operation', id: 'op-1', plan, timeScale: 1 },
    ...plan.machines.flatMap(({ key }, n): readonly OperationFact[] => [
      { type: 'intent', call: String(n), machineKeys: [key] },
      { type: 'answer', call: String(n), requestId: 'R-1', taskId: `t-${n}`, refusals: [] },
    ]),
  ];
  const at = clock.now() - 60_000;
  disk.write('op-1', facts.map((fact) => `${JSON.stringify({ v: 1, at, ...fact })}\n`).join(''));
  const { operations } = openWindow(service, clock, disk.window());
  return { clock, service, operations };
}
