import { chunksOf } from '../kernel/chunks';
import { hasId } from '../service/clientFacts';
import type { BackupClient } from '../service/model';
import { rowsPerPage, type BackupApi, type MachineIds } from '../service/api';
import type { Waiting } from '../kernel/waiting';
import type { Scope } from '../service/scope';

/** IDs of one client, with its key. */
export interface MachineRef {
  readonly key: string;
  readonly instanceId?: string | undefined;
  readonly clientId?: string | undefined;
  /** `instance`: any client of the instance, now or after an install. Absent: the client with this ClientId. */
  readonly namedBy?: 'instance' | 'client';
}

/** Result of reading clients by ID. */
export interface ClientReading {
  readonly scope: Scope;
  /** All clients that were found, each once. */
  readonly clients: readonly BackupClient[];
  /** Keys for which the service lists no client. Empty when the list changed while it was being read. */
  readonly missingKeys: readonly string[];
  readonly changedWhileReading: boolean;
}

/**
 * Reads clients again by their IDs, in as few calls as possible. One without an ID isn't read, and never missing. Throws
 * the BackupError of the first call that fails: after half a reading, clients would look missing.
 */
export async function readClients(
  api: Pick<BackupApi, 'listClients'>,
  scope: Scope,
  machines: readonly MachineRef[],
  waiting: Waiting,
): Promise<ClientReading> {
  const asked = machines.filter((machine) => hasId(machine));
  // The InstanceId of a client that isn't on ECS is a fingerprint, which no query knows.
  const byInstance = ({ instanceId, clientId }: MachineRef): boolean =>
    Boolean(instanceId) && (scope.clientType === 'ECS_CLIENT' || !clientId);
  const { clients, changedWhileReading } = await readByIds(
    api,
    scope,
    {
      instanceIds: asked.flatMap((machine) => (byInstance(machine) ? (machine.instanceId ?? []) : [])),
      clientIds: asked.flatMap((machine) => (byInstance(machine) ? [] : (machine.clientId ?? []))),
    },
    waiting,
  );
  const missing = changedWhileReading
    ? []
    : asked.filter((machine) => clientOf(machine, clients) === undefined);
  return { scope, clients, missingKeys: missing.map(({ key }) => key), changedWhileReading };
}

/**
 * All clients with these IDs; any number of IDs, with duplicates. An InstanceId finds all clients of the instance.
 * Throws the BackupError of the first call that fails.
 */
export async function readByIds(
  api: Pick<BackupApi, 'listClients'>,
  scope: Scope,
  { instanceIds, clientIds }: MachineIds,
  waiting: Waiting,
): Promise<{ readonly clients: readonly BackupClient[]; readonly changedWhileReading: boolean }> {
  const clients: BackupClient[] = [];
  let changedWhileReading = false;
  const queries = [
    ...chunksOf([...new Set(instanceIds)], rowsPerPage).map((ids) => ({ instanceIds: ids })),
    ...chunksOf([...new Set(clientIds)], rowsPerPage).map((ids) => ({ clientIds: ids })),
  ];
  for (const query of queries) {
    const pages = api.listClients(scope, query, waiting);
    let step = await pages.next();
    for (; !step.done; step = await pages.next()) clients.push(...step.value.clients);
    changedWhileReading ||= step.value.changedWhileReading;
  }
  return { clients, changedWhileReading };
}

/**
 * The client with the ClientId. With `namedBy: 'instance'` or without a ClientId, else the newest client of the
 * instance: an install creates a new ClientId.
 */
export function clientOf(machine: MachineRef, clients: readonly BackupClient[]): BackupClient | undefined {
  const { instanceId, clientId, namedBy } = machine;
  const same = clientId && clients.find((client) => client.clientId === clientId);
  if (same) return same;
  if (!instanceId || (clientId && namedBy !== 'instance')) return undefined;
  return clients
    .filter((client) => client.instanceId === instanceId)
    .reduce<BackupClient | undefined>(
      (newest, client) => ((client.updatedTime ?? 0) > (newest?.updatedTime ?? -1) ? client : newest),
      undefined,
    );
}
