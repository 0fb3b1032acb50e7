import { t } from '@vscode/l10n';
import { hasId, isBusy, isOutdated } from '../service/clientFacts';
import { clientStatuses, type BackupClient } from '../service/model';
import type { Action } from '../service/actions';

/**
 * Why an action is not offered for a client. The last eight are not seen in its row: another client is on its
 * instance, another operation has it, the pre-check found it out, or its id was pasted.
 */
export type Obstacle =
  | 'wrong-type'
  | 'no-instance'
  | 'busy'
  | 'uninstalled'
  | 'already-latest'
  | 'version-unknown'
  | 'already-installed'
  | 'not-installed'
  | 'removal-failed'
  | 'state-unfamiliar'
  | 'shared-instance'
  | 'not-told-apart'
  | 'in-operation'
  | 'no-such-instance'
  | 'instance-not-running'
  | 'assistant-silent'
  | 'not-an-id'
  | 'named-twice';

// The service publishes no such table; it has the last word, and its refusals are shown as they come.
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

/** What stands against an action on a client now; undefined when it may be asked for. Menus and commands ask here. */
export function obstacleTo(action: Action, client: BackupClient): Obstacle | undefined {
  // All three actions go through Cloud Assistant on an ECS instance (documented).
  if (client.clientType !== 'ECS_CLIENT') return 'wrong-type';
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

/** Why a status is not among the allowed ones, so that the words are true of it. */
function obstacleOfStatus(action: Action, status: string): Obstacle {
  if (status === 'UNINSTALL_FAILED') return 'removal-failed';
  if (!clientStatuses.some((known) => known === status)) return 'state-unfamiliar';
  return action === 'install' ? 'already-installed' : 'not-installed';
}

/** Words that a client's menu entries look for. */
export type Capability = 'installable' | 'upgradable' | 'uninstallable';

/** What may be asked for a client now, as menu words. */
export function capabilitiesOf(client: BackupClient): ReadonlySet<Capability> {
  const capabilities = new Set<Capability>();
  if (!obstacleTo('install', client)) capabilities.add('installable');
  if (!obstacleTo('upgrade', client)) capabilities.add('upgradable');
  if (!obstacleTo('uninstall', client)) capabilities.add('uninstallable');
  return capabilities;
}

/** Says in a few words why a client is left out, to stand behind its name. */
export function obstacleInWords(obstacle: Obstacle): string {
  switch (obstacle) {
    case 'wrong-type':
      return t('not on an ECS instance');
    case 'no-instance':
      return t('no instance ID');
    case 'busy':
      return t('already being changed');
    case 'uninstalled':
      return t('uninstalled');
    case 'already-latest':
      return t('already the latest version');
    case 'version-unknown':
      return t('version unknown');
    case 'already-installed':
      return t('already installed');
    case 'not-installed':
      return t('not installed');
    case 'removal-failed':
      return t('its removal failed');
    case 'state-unfamiliar':
      return t('in a state that this extension does not know');
    case 'shared-instance':
      return t('another client is on its instance');
    case 'not-told-apart':
      return t('no client ID, and other clients might be on its instance');
    case 'in-operation':
      return t('in another operation');
    case 'no-such-instance':
      return t('no such instance in this region');
    case 'instance-not-running':
      return t('the ECS instance is not running');
    case 'assistant-silent':
      return t('Cloud Assistant does not answer');
    case 'not-an-id':
      return t('not an instance ID');
    case 'named-twice':
      return t('named twice');
  }
}
