import { asLeftover } from '../service/clientFacts';
import type { BackupClient } from '../service/model';
import { idSpaceOf } from '../service/scope';
import type { MachineProgress, Operation } from './operation';
import type { Scope } from '../service/scope';

/**
 * Finds clients that are still listed although an operation uninstalled them: the service keeps them as STOPPED. A
 * newer heartbeat or another status means that the client is back.
 */
export class Leftovers {
  // An operation never changes in place.
  readonly #removals = new WeakMap<Operation, ReadonlyMap<string, number>>();

  /** Keys of the clients of a scope that are left over. */
  keysOf(
    operations: readonly Operation[],
    scope: Scope,
    clients: ReadonlyMap<string, BackupClient>,
  ): ReadonlySet<string> {
    const space = idSpaceOf(scope);
    const removals = operations
      .filter((one) => one.action === 'uninstall' && idSpaceOf(one.scope) === space)
      .map((operation) => this.#removalsOf(operation));
    const keys = new Set<string>();
    if (removals.length === 0) return keys;
    for (const [key, client] of clients) {
      if (client.status !== 'STOPPED') continue;
      const { lastHeartBeatTime: beat = 0 } = client;
      if (removals.some((removed) => beat <= (removed.get(idOf(client)) ?? -1))) keys.add(key);
    }
    return keys;
  }

  /** The last heartbeat (UNIX seconds) of each client that an operation uninstalled, by its id. */
  #removalsOf(operation: Operation): ReadonlyMap<string, number> {
    const known = this.#removals.get(operation);
    if (known) return known;
    const removals = new Map(
      operation.machines
        .filter(({ outcome }) => outcome === 'done')
        .map((progress) => [idOf(progress.machine), lastBeatOf(progress, operation)]),
    );
    this.#removals.set(operation, removals);
    return removals;
  }
}

/** The same clients, with the ones marked that are left over. */
export function markLeftovers(
  operations: readonly Operation[],
  scope: Scope,
  clients: readonly BackupClient[],
): readonly BackupClient[] {
  const byIndex = new Map(clients.map((client, n) => [String(n), client]));
  const keys = new Leftovers().keysOf(operations, scope, byIndex);
  return clients.map((client, n) => (keys.has(String(n)) ? asLeftover(client) : client));
}

/** Older releases recorded no heartbeat. Then none since the end of the operation counts. */
function lastBeatOf({ lastHeartBeatTime }: MachineProgress, { endedAt = 0 }: Operation): number {
  return lastHeartBeatTime ?? Math.floor(endedAt / 1000);
}

/** By its ClientId: another client on the same instance is a different one. */
function idOf({ instanceId, clientId }: Pick<BackupClient, 'instanceId' | 'clientId'>): string {
  return clientId ? `client ${clientId}` : `instance ${instanceId ?? ''}`;
}
