import { nameOf } from '../../service/clientFacts';
import type { BackupClient } from '../../service/model';
import type { Scope } from '../../service/scope';

/** What is compared of a client, and what it's called when it's gone. */
export interface SeenClient {
  readonly name: string;
  readonly status: string;
  readonly version?: string | undefined;
  readonly clientId?: string | undefined;
}

/** The clients of a scope as the user last saw them. */
export interface SeenClients {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** By client key. */
  readonly clients: ReadonlyMap<string, SeenClient>;
}

/** Where they are kept. */
export interface SeenStore {
  read(scope: Scope): Promise<SeenClients | undefined>;
  write(scope: Scope, seen: SeenClients): Promise<void>;
  /** Removes those of a profile. */
  remove(profileId: string): Promise<void>;
}

/** How the clients of a listing differ from those that the user saw. */
export interface ClientChanges {
  /** When they were seen, in milliseconds since 1970. */
  readonly since: number;
  /** Client keys of the list. */
  readonly new: ReadonlySet<string>;
  /** Client keys of the list: another status or version. */
  readonly changed: ReadonlySet<string>;
  /** Client keys that the list no longer has. */
  readonly gone: ReadonlySet<string>;
  /** Names of those, as the service sent them. */
  readonly goneNames: readonly string[];
}

export function seenNow(clients: ReadonlyMap<string, BackupClient>, at: number): SeenClients {
  const seen = new Map<string, SeenClient>();
  for (const [key, client] of clients) seen.set(key, seenOf(client));
  return { at, clients: seen };
}

function seenOf(client: BackupClient): SeenClient {
  const { status, clientVersion: version, clientId } = client;
  return { name: nameOf(client), status, version, clientId };
}

/** What was seen, and besides it how one list differs from another that came before it. */
export function withSeen(
  seen: SeenClients,
  before: ReadonlyMap<string, BackupClient>,
  now: ReadonlyMap<string, BackupClient>,
): SeenClients {
  const old = differing(before, now);
  const current = differing(now, before);
  if (old.size === 0 && current.size === 0) return seen;
  const delta = changesBetween(seenNow(old, seen.at), current);
  const clients = new Map(seen.clients);
  const keyOfId = new Map([...clients].map(([key, { clientId }]) => [clientId, key]));
  // What was seen might have another key, so it's also found by its ClientId.
  const forget = (key: string, clientId: string | undefined): void => {
    clients.delete(key);
    if (clientId === undefined) return;
    const other = keyOfId.get(clientId);
    if (other !== undefined && clients.get(other)?.clientId === clientId) clients.delete(other);
  };
  for (const key of delta.gone) forget(key, old.get(key)?.clientId);
  for (const key of [...delta.new, ...delta.changed]) {
    const listed = current.get(key);
    if (!listed) continue;
    const client = seenOf(listed);
    forget(key, client.clientId);
    clients.set(key, client);
    keyOfId.set(client.clientId, key);
  }
  return { ...seen, clients };
}

/** Clients of a list that another one doesn't have, or has with something else that is compared. */
function differing(
  clients: ReadonlyMap<string, BackupClient>,
  others: ReadonlyMap<string, BackupClient>,
): ReadonlyMap<string, BackupClient> {
  const found = new Map<string, BackupClient>();
  for (const [key, client] of clients) {
    const other = others.get(key);
    const same =
      other === client ||
      (other?.clientId === client.clientId &&
        other?.status === client.status &&
        other.clientVersion === client.clientVersion);
    if (!same) found.set(key, client);
  }
  return found;
}

/** Compares a complete list with what was seen. */
export function changesBetween(seen: SeenClients, clients: ReadonlyMap<string, BackupClient>): ClientChanges {
  const added = new Set<string>();
  const changed = new Set<string>();
  const gone = new Map<string, SeenClient>();
  for (const [key, before] of seen.clients) {
    const client = clients.get(key);
    if (!client || client.clientId !== before.clientId) gone.set(key, before);
  }
  // The key of a client changes when another one comes to its instance or leaves it; its ClientId stays.
  const keyOfId = new Map([...gone].map(([key, { clientId }]) => [clientId, key]));
  for (const [key, client] of clients) {
    const { clientId, status, clientVersion } = client;
    const isSame = seen.clients.get(key)?.clientId === clientId;
    const seenKey = (isSame || clientId === undefined ? undefined : keyOfId.get(clientId)) ?? key;
    const before = seen.clients.get(seenKey);
    gone.delete(seenKey);
    if (!before) added.add(key);
    else if (before.status !== status || before.version !== clientVersion) changed.add(key);
  }
  return {
    since: seen.at,
    new: added,
    changed,
    gone: new Set(gone.keys()),
    goneNames: [...gone.values()].map(({ name }) => name),
  };
}
