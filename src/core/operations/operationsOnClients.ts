import type { OperationsOnClients } from '../clients/treeModel';
import type { Event } from '../kernel/events';
import type { OperationAction } from '../service/actions';
import type { BackupClient } from '../service/model';
import { idSpaceOf, type Scope } from '../service/scope';
import { changesInOperations } from './busyMachines';
import { Leftovers } from './leftovers';
import type { Operation, PlannedMachine } from './operation';

/** What operations know about listed clients. */
export function operationsOnClients(operations: {
  list(): readonly Operation[];
  readonly onDidChange: Event<unknown>;
}): OperationsOnClients {
  const leftovers = new Leftovers();
  return {
    factsOf: ({ scope, inventory }) => {
      const known = operations.list();
      const { clients, listedAt } = inventory.state;
      return {
        inOperation: changesInOperations(known, scope, clients),
        leftovers: leftovers.keysOf(known, scope, clients),
        unwatched: unwatchedClients(known, scope, clients, listedAt),
      };
    },
    onDidChange: operations.onDidChange,
  };
}

/**
 * What might still be happening to clients although the user stopped tracking, by client key. A later listing, or a later
 * operation on the same client, overrides it.
 *
 * @param operations newest first
 * @param listedAt when the clients were listed, in milliseconds since 1970
 */
export function unwatchedClients(
  operations: readonly Operation[],
  scope: Scope,
  clients: ReadonlyMap<string, BackupClient>,
  listedAt = 0,
): ReadonlyMap<string, OperationAction> {
  const space = idSpaceOf(scope);
  const ofRegion = operations.filter((one) => idSpaceOf(one.scope) === space);
  const isOpen = ({ watchingStopped, endedAt }: Operation): boolean =>
    watchingStopped && (endedAt ?? Infinity) >= listedAt;
  const found = new Map<string, OperationAction>();
  if (!ofRegion.some(isOpen)) return found;
  const newest = new Map<string, OperationAction | undefined>();
  for (const operation of ofRegion) {
    for (const { machine, outcome } of operation.machines) {
      const isUnwatched = outcome === 'unwatched' && isOpen(operation);
      for (const id of idsOf(machine)) {
        if (!newest.has(id)) newest.set(id, isUnwatched ? operation.action : undefined);
      }
    }
  }
  for (const [key, client] of clients) {
    const action = idsOf(client).map((id) => newest.get(id))[0];
    if (action !== undefined) found.set(key, action);
  }
  return found;
}

/** By its ClientId if it has one: another client on the same instance is a different one. */
function idsOf({ instanceId, clientId }: Pick<PlannedMachine, 'instanceId' | 'clientId'>): readonly string[] {
  return clientId ? [`client ${clientId}`] : instanceId ? [`instance ${instanceId}`] : [];
}
