import { clientOf } from '../clients/readClients';
import type { BackupClient } from '../service/model';
import type { Scope } from '../service/scope';
import { idSpaceOf } from '../service/scope';
import { countsOf, type Operation, type OperationCall } from './operation';
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

/**
 * The newest operation that has a client, through any profile, and the key of the client in it; undefined if there is
 * none. Keys change when a client is added to an instance or removed from it.
 */
export function lastOperationOf(
  operations: readonly Operation[],
  scope: Scope,
  client: BackupClient,
): { readonly operation: Operation; readonly machineKey: string } | undefined {
  const space = idSpaceOf(scope);
  const newest = [...operations].sort((a, b) => b.startedAt - a.startedAt);
  for (const operation of newest) {
    if (idSpaceOf(operation.scope) !== space) continue;
    const found = operation.machines.find(({ machine }) => clientOf(machine, [client]) !== undefined);
    if (found) return { operation, machineKey: found.machine.key };
  }
  return undefined;
}

/** A task that was tracked by its ID might end before it names a client. */
function endedTaskFailed(operation: Operation): boolean {
  return countsOf(operation).total === 0 && operation.calls.some(({ task }) => task?.end !== 'completed');
}
