import type { BackupClient } from '../service/model';
import type { InventoryState } from './inventory';

/** Which clients are on the same instance, as far as is known. */
export interface Reach {
  /** True when no client of the instances can be missing. */
  readonly whole: boolean;
  /** The other clients on the instance of this one. */
  others(client: BackupClient): readonly BackupClient[];
  /** True when it's whole and there's no other client on the instance of this one. */
  isAlone(client: BackupClient): boolean;
}

const noClients: readonly BackupClient[] = [];

/** `whole`: no client of their instances is missing among `clients`. */
export function reachOf(clients: Iterable<BackupClient>, whole: boolean): Reach {
  // Nearly every instance has one client, and a list may have a hundred thousand of them.
  const first = new Map<string, BackupClient>();
  const further = new Map<string, readonly BackupClient[]>();
  for (const client of clients) {
    const { instanceId } = client;
    if (!instanceId) continue;
    if (first.has(instanceId)) further.set(instanceId, [...(further.get(instanceId) ?? []), client]);
    else first.set(instanceId, client);
  }
  const others = ({ instanceId = '', clientId = '' }: BackupClient): readonly BackupClient[] => {
    const one = first.get(instanceId);
    const more = further.get(instanceId);
    if (!one || (!more && (one.clientId ?? '') === clientId)) return noClients;
    return [one, ...(more ?? [])].filter((other) => (other.clientId ?? '') !== clientId);
  };
  return { whole, others, isAlone: (client) => whole && others(client).length === 0 };
}

/** Combines a list and a reading by ID: either might have a client that the other lacks. */
export function joinReach(listed: Reach, read: Reach): Reach {
  const whole = listed.whole || read.whole;
  const others = (client: BackupClient): readonly BackupClient[] => {
    const [known, found] = [listed.others(client), read.others(client)];
    if (known.length + found.length === 0) return noClients;
    const byId = [...known, ...found].map((other) => [other.clientId ?? '', other] as const);
    return [...new Map(byId).values()];
  };
  return { whole, others, isAlone: (client) => whole && others(client).length === 0 };
}

/** Nothing was listed: no client is known to be alone. */
export const nothingListed: Reach = reachOf([], false);

/**
 * From a listing. One that's still running, failed, or was cached might lack clients, and one with a filter lacks those
 * that don't meet it: another client of an instance may be among them.
 */
export function reachIn({
  scope,
  clients,
  phase,
  changedWhileReading,
}: Pick<InventoryState, 'scope' | 'clients' | 'phase' | 'changedWhileReading'>): Reach {
  return reachOf(clients.values(), phase === 'ready' && !changedWhileReading && scope.filter === undefined);
}
