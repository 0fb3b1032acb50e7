import { actions } from './actions';
import type { BackupClient } from './model';
import { compareVersions } from './versions';

const busyStatuses: ReadonlySet<string> = new Set(
  [actions.install, actions.upgrade, actions.uninstall].map(({ busyStatus }) => busyStatus),
);

/** True while the service installs, upgrades or uninstalls the client. */
export function isBusy(client: BackupClient): boolean {
  return busyStatuses.has(client.status);
}

/** False for container and on-premises clients, whatever their instance ID looks like. */
export function isOnEcs({ clientType }: Pick<BackupClient, 'clientType'>): boolean {
  return clientType !== 'CONTAINER_CLIENT' && clientType !== 'LOCAL_CLIENT';
}

/** True for a client that is installed: something can run on it, which a change can interrupt. */
export function isInstalled({ status, leftover }: BackupClient): boolean {
  return status !== 'NOT_INSTALLED' && !leftover;
}

/** True when the service has a newer version than the one that is installed; a leftover record has none. */
export function isOutdated(client: BackupClient): boolean {
  const { clientVersion, maxClientVersion, leftover } = client;
  // Most have the latest, which needs no parsing.
  if (leftover || clientVersion === maxClientVersion) return false;
  return Boolean(clientVersion && maxClientVersion && compareVersions(clientVersion, maxClientVersion) < 0);
}

/** True when the service says that nothing backs the client up. Says nothing of a status it does not know. */
export function isUnprotected(client: BackupClient): boolean {
  return client.backupStatus === 'UNPROTECTED';
}

/** What a client is called: InstanceName, else Hostname, InstanceId, ClientId. As the service sent it. */
export function nameOf(client: BackupClient): string {
  return client.instanceName || client.hostname || client.instanceId || client.clientId || '?';
}

/**
 * One key a client, stable within a scope: InstanceId for ECS clients, with ClientId where two clients share it;
 * ClientId for the others. Names, states and versions take no part, so a client keeps its key while it changes. Of
 * clients without any id nothing is known to be the same, so each has a key of its own.
 */
export function keyClients(clients: Iterable<BackupClient>): Map<string, BackupClient> {
  const byMachine = new Map<string, BackupClient>();
  // Few machines have several clients, so only they have a list.
  const several = new Map<string, BackupClient[]>();
  const nameless = new Map<string, BackupClient[]>();
  for (const client of clients) {
    if (!hasId(client)) {
      const key = tracesOf(client);
      nameless.set(key, [...(nameless.get(key) ?? []), client]);
      continue;
    }
    const key = machineKeyOf(client);
    const first = byMachine.get(key);
    const others = several.get(key);
    if (!others && (!first || first.clientId === client.clientId)) {
      byMachine.set(key, client);
      continue;
    }
    const same = others ?? (first ? [first] : []);
    const before = same.findIndex((one) => one.clientId === client.clientId);
    if (before < 0) same.push(client);
    else same[before] = client;
    several.set(key, same);
  }
  const keyed = several.size === 0 ? byMachine : new Map<string, BackupClient>();
  if (several.size > 0) {
    for (const [key, client] of byMachine) {
      const same = several.get(key);
      if (same) for (const one of same) keyed.set(sharedKeyOf(one), one);
      else keyed.set(key, client);
    }
  }
  for (const [key, same] of nameless) {
    for (const [n, client] of same.entries()) keyed.set(n === 0 ? key : `${key}+${n}`, client);
  }
  return keyed;
}

/** Its key while no other client has the same. */
export function loneKeyOf(client: BackupClient): string {
  return hasId(client) ? machineKeyOf(client) : tracesOf(client);
}

/** Its key while it shares its machine. */
export function sharedKeyOf(client: BackupClient): string {
  return `${machineKeyOf(client)}+${client.clientId ?? ''}`;
}

/** True for a client that can be asked for and acted on: it has an id of either kind. */
export function hasId({
  instanceId,
  clientId,
}: {
  readonly instanceId?: string | undefined;
  readonly clientId?: string | undefined;
}): boolean {
  return Boolean(instanceId) || Boolean(clientId);
}

/** What changes least of a client without ids. */
function tracesOf({ hostname, privateIpV4, createdTime }: BackupClient): string {
  return ['?', hostname, privateIpV4, createdTime].filter(Boolean).join(' ');
}

/** What names the machine: InstanceId for ECS clients, ClientId for the others; two clients may share it. */
export function machineKeyOf(client: BackupClient): string {
  const { clientType, instanceId, clientId } = client;
  return (clientType === 'ECS_CLIENT' ? instanceId || clientId : clientId || instanceId) || '?';
}

/** The client as every rule about it sees it. */
export function asLeftover(client: BackupClient): BackupClient {
  return { ...client, leftover: true };
}
