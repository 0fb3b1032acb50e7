import { chunksOf } from '../kernel/chunks';
import { hasId } from '../service/clientFacts';
import type { BackupClient } from '../service/model';
import { rowsPerPage, type BackupApi, type MachineIds } from '../service/api';
import type { Waiting } from '../kernel/waiting';
import type { Scope } from '../service/scope';

/** Ids that name one machine, with the key it is known by. */
export interface MachineRef {
  readonly key: string;
  readonly instanceId?: string | undefined;
  readonly clientId?: string | undefined;
  /** `instance`: whichever client is on the instance, now or after an install. Absent: the client with this ClientId. */
  readonly namedBy?: 'instance' | 'client';
}

/** What reading clients by id told. */
export interface ClientReading {
  readonly scope: Scope;
  /** All clients that came, each once. */
  readonly clients: readonly BackupClient[];
  /** Keys that were asked for and for which the service lists no client. Empty when rows moved while reading. */
  readonly missingKeys: readonly string[];
  readonly changedWhileReading: boolean;
}

/**
 * Reads machines again by their ids, in as few calls as pages allow. One without any id is not asked for, and never
 * missing. Throws the BackupError of the first call that fails: half a reading would tell of machines that are missing.
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
 * All clients with these ids, of which any number may be given, also one twice. By InstanceId come all clients of the
 * instance. Throws the BackupError of the first call that fails.
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
 * The client of a machine: the one with its ClientId. Where the instance names the machine, or there is no ClientId,
 * the newest client of the instance: an install gives a machine a new ClientId.
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
