import { CancelledError, throwIfCancelled } from '../kernel/cancelled';
import type { OperationRun } from './operationRun';
import { failuresIn } from './waves';

/** True while calls can be sent. Rejects with a cancel if this window may no longer send them. */
export async function maySend(run: OperationRun): Promise<boolean> {
  const { journal, alive } = run;
  throwIfCancelled(alive);
  const { sendingStopped, maxFailures, machines, calls } = journal.operation;
  if (sendingStopped) return false;
  if (maxFailures > 0 && failuresIn(machines, calls) >= maxFailures) {
    await stopSending(run, 'failure-limit');
    return false;
  }
  if (!(await run.isOurs())) throw new CancelledError();
  throwIfCancelled(alive);
  if (!run.isReadOnly()) return true;
  await stopSending(run, 'stopped');
  return false;
}

/** Records why no further call goes out. Does nothing where none is left. */
export async function stopSending({ journal }: OperationRun, reason: string): Promise<void> {
  if (!journal.operation.machines.some(({ outcome }) => outcome === 'waiting')) return;
  await journal.note({ type: 'sendingStopped', reason });
}
