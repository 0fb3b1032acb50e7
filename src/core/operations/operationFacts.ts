import { clientOf } from '../clients/readClients';
import type { BackupClient } from '../service/model';
import type { Scope } from '../service/scope';
import { idSpaceOf } from '../service/scope';
import { countsOf, type MachineProgress, type Operation, type OperationCall } from './operation';
import { outcomes } from './outcomes';
import { plainText } from '../kernel/plainText';

/** True if an operation has ended, was tracked to its end, and not every client is done. */
export function hasProblems(operation: Operation): boolean {
  if (operation.phase !== 'ended' || operation.watchingStopped) return false;
  return endedTaskFailed(operation) || operation.machines.some(({ outcome }) => outcomes[outcome].problem);
}

/** True if the user stopped tracking an operation before all its clients had a result. */
export function canResumeTracking({ phase, watchingStopped, foreign, machines }: Operation): boolean {
  if (phase !== 'ended' || !watchingStopped) return false;
  // A task that was tracked by its ID might not have named its clients yet.
  return (
    machines.some(({ outcome }) => outcome === 'unwatched') || (foreign === true && machines.length === 0)
  );
}

/** Every known request ID of an operation, safe to show, each once, in the order of the calls. */
export function requestIdsOf(operation: Operation): readonly string[] {
  return [...new Set(operation.calls.flatMap(requestIdsOfCall))];
}

/** The request IDs of a call and of the last query of its task, safe to show. */
export function requestIdsOfCall(call: OperationCall): readonly string[] {
  return [call.requestId ?? call.failure?.requestId ?? '', call.task?.requestId ?? '']
    .map((id) => plainText(id))
    .filter((id) => id !== '');
}

/** An operation with one of its clients. */
interface OperationOnClient {
  readonly operation: Operation;
  readonly progress: MachineProgress;
}

/**
 * The operations that have a client, through any profile, the newest first. Found by its IDs: keys change when a client is
 * added to an instance or removed from it.
 */
export function operationsOf(
  operations: readonly Operation[],
  scope: Scope,
  client: BackupClient,
): readonly OperationOnClient[] {
  const space = idSpaceOf(scope);
  return operations
    .filter((operation) => idSpaceOf(operation.scope) === space)
    .flatMap((operation) => {
      const progress = operation.machines.find(({ machine }) => clientOf(machine, [client]) !== undefined);
      return progress ? [{ operation, progress }] : [];
    })
    .sort((a, b) => b.operation.startedAt - a.operation.startedAt);
}

/** The newest operation that has a client, and the key of the client in it; undefined if there is none. */
export function lastOperationOf(
  operations: readonly Operation[],
  scope: Scope,
  client: BackupClient,
): { readonly operation: Operation; readonly machineKey: string } | undefined {
  const [last] = operationsOf(operations, scope, client);
  return last && { operation: last.operation, machineKey: last.progress.machine.key };
}

/** A task that was tracked by its ID might end before it names a client. */
function endedTaskFailed(operation: Operation): boolean {
  return countsOf(operation).total === 0 && operation.calls.some(({ task }) => task?.end !== 'completed');
}
