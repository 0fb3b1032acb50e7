import type { BackupClient } from '../model';
import type { BackupApi, Waiting } from '../ports';
import type { Scope } from '../scope';

/** Ids that name one machine, with the key it is known by. */
export interface MachineRef {
  readonly key: string;
  readonly instanceId?: string | undefined;
  readonly clientId?: string | undefined;
}

/** What reading clients by id told. */
export interface ClientReading {
  readonly scope: Scope;
  /** All clients that came, each once. */
  readonly clients: readonly BackupClient[];
  /** Keys that were asked for and for which the service lists no client. Empty when rows moved while reading. */
  readonly missingKeys: readonly string[];
}

// As many as one page holds: the service states no limit for ids in a query.
const idsPerRead = 99;

/**
 * Reads machines again by their ids, in as few calls as pages allow. Throws the BackupError of the first call that
 * fails: half a reading would tell of machines that are missing.
 */
export async function readClients(
  api: Pick<BackupApi, 'listClients'>,
  scope: Scope,
  machines: readonly MachineRef[],
  waiting: Waiting,
): Promise<ClientReading> {
  const byInstance = machines.filter(({ instanceId }) => Boolean(instanceId));
  const byClient = machines.filter(({ instanceId, clientId }) => !instanceId && Boolean(clientId));
  const clients: BackupClient[] = [];
  let moved = false;
  const queries = [
    ...batchesOf(byInstance.flatMap(({ instanceId }) => instanceId ?? [])).map((ids) => ({
      instanceIds: ids,
    })),
    ...batchesOf(byClient.flatMap(({ clientId }) => clientId ?? [])).map((ids) => ({ clientIds: ids })),
  ];
  for (const query of queries) {
    const pages = api.listClients(scope, query, waiting);
    let step = await pages.next();
    for (; !step.done; step = await pages.next()) clients.push(...step.value.clients);
    moved ||= step.value.changedWhileReading;
  }
  const missing = moved ? [] : machines.filter((machine) => clientOf(machine, clients) === undefined);
  return { scope, clients, missingKeys: missing.map(({ key }) => key) };
}

/** The client of a machine: the same ClientId, else the same instance (the newest, if it has several). */
export function clientOf(machine: MachineRef, clients: readonly BackupClient[]): BackupClient | undefined {
  const same = machine.clientId && clients.find((client) => client.clientId === machine.clientId);
  if (same) return same;
  // An install gives the machine a new ClientId.
  const onInstance = clients.filter(
    ({ instanceId }) => Boolean(instanceId) && instanceId === machine.instanceId,
  );
  return onInstance.reduce<BackupClient | undefined>(
    (newest, client) => ((client.updatedTime ?? 0) > (newest?.updatedTime ?? -1) ? client : newest),
    undefined,
  );
}

function batchesOf(ids: readonly string[]): readonly (readonly string[])[] {
  const unique = [...new Set(ids)];
  return Array.from({ length: Math.ceil(unique.length / idsPerRead) }, (_, batch) =>
    unique.slice(batch * idsPerRead, (batch + 1) * idsPerRead),
  );
}
