import { t } from '@vscode/l10n';
import type { Action } from '../service/actions';
import { hasId, isBusy, isOnEcs, isOutdated } from '../service/clientFacts';
import { clientStatuses, type BackupClient } from '../service/model';

/**
 * Why an action isn't offered for a client, in a few words to be shown after its name. The first group can be seen in
 * the client; the others are found by comparing it with other clients and operations, or by the pre-check.
 */
const obstacles = {
  'wrong-type': () =>
    t({
      message: 'only possible for ECS clients',
      comment: ['Why a client is left out; shown after its name.'],
    }),
  'no-instance': () =>
    t({ message: 'no instance ID', comment: ['Why a client is left out; shown after its name.'] }),
  busy: () =>
    t({ message: 'already being changed', comment: ['Why a client is left out; shown after its name.'] }),
  uninstalled: () =>
    t({ message: 'uninstalled', comment: ['Why a client is left out; shown after its name.'] }),
  'already-latest': () =>
    t({
      message: 'already the latest version',
      comment: ['Why a client is left out; shown after its name.'],
    }),
  'version-unknown': () =>
    t({ message: 'version unknown', comment: ['Why a client is left out; shown after its name.'] }),
  'already-installed': () =>
    t({ message: 'already installed', comment: ['Why a client is left out; shown after its name.'] }),
  'not-installed': () =>
    t({ message: 'not installed', comment: ['Why a client is left out; shown after its name.'] }),
  'uninstall-failed': () =>
    t({ message: 'uninstall failed', comment: ['Why a client is left out; shown after its name.'] }),
  'unknown-status': () =>
    t({ message: 'in an unrecognized status', comment: ['Why a client is left out; shown after its name.'] }),

  'shared-instance': () =>
    t({
      message: 'another client is on its instance',
      comment: ['Why a client is left out; shown after its name.'],
    }),
  'not-told-apart': () =>
    t({
      message: 'no client ID, and other clients might be on its instance',
      comment: ['Why a client is left out; shown after its name.'],
    }),
  'in-operation': () =>
    t({ message: 'in another operation', comment: ['Why a client is left out; shown after its name.'] }),
  'no-such-instance': () =>
    t({
      message: 'no such instance in this region',
      comment: ['Why a client is left out; shown after its name.'],
    }),
  'instance-not-running': () =>
    t({
      message: "the ECS instance isn't running",
      comment: ['Why a client is left out; shown after its name.'],
    }),
  'assistant-silent': () =>
    t({
      message: "Cloud Assistant doesn't respond",
      comment: ['Why a client is left out; shown after its name.'],
    }),
  'job-running': () =>
    t({
      message: 'a backup or restore is running',
      comment: ['Why a client is left out; shown after its name.'],
    }),
  'essential-edition': () =>
    t({
      message: 'part of Essential Edition; cancel it in the Cloud Backup console',
      comment: ['Why a client is left out; shown after its name.'],
    }),
  'not-an-id': () =>
    t({ message: 'not an instance ID', comment: ['Why a client is left out; shown after its name.'] }),
} as const satisfies Readonly<Record<string, () => string>>;

export type Obstacle = keyof typeof obstacles;

/** Why a client is left out, in a few words to be shown after its name. */
export function obstacleInWords(obstacle: Obstacle): string {
  return obstacles[obstacle]();
}

// The service publishes no such table. What it rejects is shown with its reason.
const allowedStatuses: Readonly<Record<Action, ReadonlySet<string>>> = {
  install: new Set(['NOT_INSTALLED', 'INSTALL_FAILED', 'STOPPED', 'DEACTIVATED', 'UNKNOWN']),
  upgrade: new Set(['ACTIVATED', 'UPGRADE_FAILED', 'REGISTERED', 'DEACTIVATED', 'STOPPED', 'UNKNOWN']),
  uninstall: new Set([
    'ACTIVATED',
    'REGISTERED',
    'DEACTIVATED',
    'STOPPED',
    'UNKNOWN',
    'INSTALL_FAILED',
    'UPGRADE_FAILED',
    'UNINSTALL_FAILED',
  ]),
};

/**
 * Why an action isn't possible for a client now; undefined when it is. Menus and commands ask here. All three
 * go through Cloud Assistant, which is on ECS instances only (documented).
 */
export function obstacleTo(action: Action, client: BackupClient): Obstacle | undefined {
  if (!isOnEcs(client)) return 'wrong-type';
  if (action === 'install' && !client.instanceId) return 'no-instance';
  if (!hasId(client)) return 'no-instance';
  if (isBusy(client)) return 'busy';
  if (client.leftover && action !== 'install') return 'uninstalled';
  if (!allowedStatuses[action].has(client.status)) return obstacleOfStatus(action, client.status);
  if (action === 'upgrade' && !isOutdated(client)) {
    return client.clientVersion && client.maxClientVersion ? 'already-latest' : 'version-unknown';
  }
  return undefined;
}

function obstacleOfStatus(action: Action, status: string): Obstacle {
  if (status === 'UNINSTALL_FAILED') return 'uninstall-failed';
  if (!clientStatuses.some((known) => known === status)) return 'unknown-status';
  return action === 'install' ? 'already-installed' : 'not-installed';
}

/**
 * True when a newer version exists, the client can be upgraded, and it's active. A client that failed or stopped needs
 * attention first, and is listed under that.
 */
export function isUpgradeAvailable(client: BackupClient): boolean {
  return client.status === 'ACTIVATED' && obstacleTo('upgrade', client) === undefined;
}

/** Words that the menu entries of a client look for. */
export type Capability = 'installable' | 'upgradable' | 'uninstallable';

const capabilityOf: Readonly<Record<Action, Capability>> = {
  install: 'installable',
  upgrade: 'upgradable',
  uninstall: 'uninstallable',
};
const changes = ['install', 'upgrade', 'uninstall'] as const satisfies readonly Action[];

// Many clients share few sets, which are compared by identity first.
const capabilitySets: readonly ReadonlySet<Capability>[] = Array.from(
  { length: 2 ** changes.length },
  (_, bits) => new Set(changes.flatMap((action, i) => (bits & (1 << i) ? [capabilityOf[action]] : []))),
);

/** What can be done with a client now, as menu words; one of few sets. */
export function capabilitiesOf(client: BackupClient): ReadonlySet<Capability> {
  const bits = changes.reduce((sum, action, i) => (obstacleTo(action, client) ? sum : sum | (1 << i)), 0);
  return capabilitySets[bits] ?? new Set();
}
