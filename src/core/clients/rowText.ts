import { t } from '@vscode/l10n';
import { attentionInWords } from './attention';
import { isUnprotected, nameOf } from '../service/clientFacts';
import { uninstalled, updateAvailable, type ClientNode, type GroupNode } from './clientTree';
import type { Icon } from '../kernel/icon';
import type { BackupClient } from '../service/model';
import { plainText } from '../kernel/plainText';
import type { OperationAction } from '../service/actions';
import { statusInWords } from '../service/words';

/** What a row of the client tree says. Every text is safe to show. */
export interface RowText {
  readonly label: string;
  /** Short facts behind the label. */
  readonly description: string;
  /** The row as one sentence for a screen reader. */
  readonly sentence: string;
  readonly icon: Icon;
}

const failed: Icon = { id: 'error', color: 'list.errorForeground' };
const busy: Icon = { id: 'sync~spin' };
const unwatched: Icon = { id: 'eye-closed' };
const updatable: Icon = { id: 'arrow-circle-up', color: 'notificationsInfoIcon.foreground' };
const stale: Icon = { id: 'warning', color: 'list.warningForeground' };
const unfamiliar: Icon = { id: 'question', color: 'list.warningForeground' };

// Each state has a shape of its own; colour repeats it for those who see it. The three failures share the cross, since
// the same is to be done about them: look and try again.
const statusIcons: ReadonlyMap<string, Icon> = new Map([
  ['INSTALL_FAILED', failed],
  ['UPGRADE_FAILED', failed],
  ['UNINSTALL_FAILED', failed],
  ['STOPPED', { id: 'stop-circle', color: 'list.warningForeground' }],
  ['UNKNOWN', { id: 'debug-disconnect', color: 'list.warningForeground' }],
  ['DEACTIVATED', { id: 'circle-slash', color: 'list.warningForeground' }],
  ['INSTALLING', busy],
  ['UPGRADING', busy],
  ['UNINSTALLING', busy],
  [updateAvailable, updatable],
  ['ACTIVATED', { id: 'pass-filled', color: 'testing.iconPassed' }],
  ['REGISTERED', { id: 'pass', color: 'testing.iconPassed' }],
  ['NOT_INSTALLED', { id: 'circle-large-outline', color: 'disabledForeground' }],
  [uninstalled, { id: 'circle-large-outline', color: 'disabledForeground' }],
]);

/** Texts and icon of a group or client. `staleMinutes` is the limit that attention was judged by. */
export function rowTextOf(node: GroupNode | ClientNode, staleMinutes: number): RowText {
  return node.kind === 'group' ? groupText(node) : clientText(node, staleMinutes);
}

/** "2.4.1 → 2.4.5" where a newer version exists, else the version; undefined while none is installed. */
export function versionsInWords(client: BackupClient, outdated: boolean): string | undefined {
  if (!client.clientVersion) return undefined;
  const version = plainText(client.clientVersion);
  return outdated && client.maxClientVersion ? `${version} → ${plainText(client.maxClientVersion)}` : version;
}

/** A zone id, or words for "none". */
export function zoneInWords(zoneId: string | undefined): string {
  return zoneId ? plainText(zoneId) : t('No zone');
}

function groupText(group: GroupNode): RowText {
  const label = group.dimension === 'zone' ? zoneInWords(group.value) : groupStatusInWords(group.value);
  const count = group.clients.length;
  return {
    label,
    description: String(count),
    sentence: count === 1 ? t('{0}, 1 client', label) : t('{0}, {1} clients', label, count),
    icon: group.dimension === 'zone' ? { id: 'location' } : (statusIcons.get(group.value) ?? unfamiliar),
  };
}

function groupStatusInWords(status: string): string {
  if (status === updateAvailable) return t('Update available');
  if (status === uninstalled) return t('Uninstalled');
  return statusInWords(status) || t('No status');
}

function clientText(node: ClientNode, staleMinutes: number): RowText {
  const { client, outdated, attention } = node;
  const label = plainText(nameOf(client)) || plainText(node.key);
  const versions = client.leftover ? undefined : versionsInWords(client, outdated);
  const unprotected = isUnprotected(client) && t('unprotected');
  // The mark before the address: a narrow side bar cuts the end off.
  const goesOn = node.unwatched && unwatchedInWords(node.unwatched);
  const facts = [goesOn, versions, unprotected, client.privateIpV4 && plainText(client.privateIpV4)];
  const update =
    outdated && client.clientVersion && client.maxClientVersion
      ? t('update available {0} to {1}', plainText(client.clientVersion), plainText(client.maxClientVersion))
      : versions && t('version {0}', versions);
  const sentence = [
    label,
    goesOn,
    groupStatusInWords(client.leftover ? uninstalled : client.status),
    update,
    client.zoneId ? t('zone {0}', plainText(client.zoneId)) : t('no zone'),
    unprotected,
    attention && attentionInWords(attention, staleMinutes),
  ];
  return {
    label,
    description: joined(facts, ' · '),
    sentence: joined(sentence, ', '),
    icon: clientIcon(node),
  };
}

/** A client may still be changed by an operation that nobody watches any more. */
function unwatchedInWords(action: OperationAction): string {
  switch (action) {
    case 'install':
      return t('installing, not watched');
    case 'upgrade':
      return t('upgrading, not watched');
    case 'uninstall':
      return t('uninstalling, not watched');
    case 'settings':
      return t('settings changing, not watched');
  }
}

function clientIcon(node: ClientNode): Icon {
  const { client, outdated, attention } = node;
  if (node.unwatched) return unwatched;
  if (node.busy) return busy;
  if (attention === 'heartbeat-stale') return stale;
  if (client.status === 'ACTIVATED' && outdated) return updatable;
  return statusIcons.get(client.leftover ? uninstalled : client.status) ?? unfamiliar;
}

function joined(parts: readonly (string | false | undefined)[], separator: string): string {
  return parts.filter(Boolean).join(separator);
}
