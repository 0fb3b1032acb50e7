import { t } from '@vscode/l10n';
import type { Icon } from '../kernel/icon';
import { listOf, numberInWords } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import type { OperationAction } from '../service/actions';
import { isUnprotected, nameOf } from '../service/clientFacts';
import type { BackupClient } from '../service/model';
import { clientsInWords, statusInWords } from '../service/words';
import { attentionInWords } from './attention';
import { isUpgradeAvailable } from './capabilities';
import { uninstalled, upgradeAvailable, type ClientNode, type GroupNode } from './clientTree';

/** What a row of the client tree shows. Every text is safe to show. */
export interface RowText {
  readonly label: string;
  /** Short facts after the label. */
  readonly description: string;
  /** The row for a screen reader. */
  readonly sentence: string;
  readonly icon: Icon;
}

const failed: Icon = { id: 'error', color: 'list.errorForeground' };
const busy: Icon = { id: 'sync~spin' };
const untracked: Icon = { id: 'eye-closed' };
const upgradable: Icon = { id: 'arrow-circle-up', color: 'notificationsInfoIcon.foreground' };
const stale: Icon = { id: 'warning', color: 'list.warningForeground' };
const unfamiliar: Icon = { id: 'question', color: 'list.warningForeground' };

// Each status has a shape of its own, so color isn't needed to tell them apart. The three failures share one: what to
// do about them is the same.
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
  [upgradeAvailable, upgradable],
  ['ACTIVATED', { id: 'pass-filled', color: 'testing.iconPassed' }],
  ['REGISTERED', { id: 'pass', color: 'testing.iconPassed' }],
  ['NOT_INSTALLED', { id: 'circle-large-outline', color: 'disabledForeground' }],
  [uninstalled, { id: 'circle-large-outline', color: 'disabledForeground' }],
]);

/** Texts and icon of a group or client. `staleMinutes` is the limit that its attention was judged by. */
export function rowTextOf(node: GroupNode | ClientNode, staleMinutes: number): RowText {
  return node.kind === 'group' ? groupText(node) : clientText(node, staleMinutes);
}

/** "2.4.1 → 2.4.5" where a newer version exists, else the version; undefined while none is installed. */
export function versionsInWords(client: BackupClient, outdated: boolean): string | undefined {
  if (!client.clientVersion) return undefined;
  const version = plainText(client.clientVersion);
  return outdated && client.maxClientVersion ? `${version} → ${plainText(client.maxClientVersion)}` : version;
}

/** The ID of a zone, or "No zone". */
export function zoneInWords(zoneId: string | undefined): string {
  return zoneId ? plainText(zoneId) : t({ message: 'No zone', comment: ['A client without a zone.'] });
}

function groupText(group: GroupNode): RowText {
  const label = group.dimension === 'zone' ? zoneInWords(group.value) : groupStatusInWords(group.value);
  const count = group.clients.length;
  return {
    label,
    description: numberInWords(count),
    sentence: listOf([label, clientsInWords(count)]),
    icon: group.dimension === 'zone' ? { id: 'location' } : (statusIcons.get(group.value) ?? unfamiliar),
  };
}

function groupStatusInWords(status: string): string {
  if (status === upgradeAvailable) {
    return t({ message: 'Upgrade available', comment: ['Active clients for which a newer version exists.'] });
  }
  if (status === uninstalled) return t({ message: 'Uninstalled', comment: ['Status of a backup client.'] });
  return statusInWords(status) || t({ message: 'No status', comment: ['The service sent no status.'] });
}

function clientText(node: ClientNode, staleMinutes: number): RowText {
  const { client, outdated, attention } = node;
  const label = plainText(nameOf(client)) || plainText(node.key);
  const versions = client.leftover ? undefined : versionsInWords(client, outdated);
  const unprotected = isUnprotected(client);
  const change = node.unwatched && untrackedInWords(node.unwatched);
  // What's unusual comes first: a narrow side bar cuts off the end.
  const facts = [
    change,
    versions,
    unprotected && t({ message: 'unprotected', comment: ['Backup status of a client, in its row.'] }),
    client.privateIpV4 && plainText(client.privateIpV4),
  ];
  const sentence = [
    label,
    change,
    groupStatusInWords(client.leftover ? uninstalled : client.status),
    versionSentence(node),
    client.zoneId
      ? t({
          message: 'zone {zone}',
          args: { zone: plainText(client.zoneId) },
          comment: ['{zone}: its ID. Part of a sentence about a client'],
        })
      : t({ message: 'no zone', comment: ['A client without a zone.'] }),
    unprotected && t('no backups configured'),
    attention && attentionInWords(attention, staleMinutes),
  ];
  return {
    label,
    description: facts.filter(isText).join(' · '),
    sentence: listOf(sentence.filter(isText)),
    icon: clientIcon(node),
  };
}

function versionSentence({ client }: ClientNode): string | undefined {
  const { clientVersion, maxClientVersion, leftover } = client;
  if (leftover || !clientVersion) return undefined;
  const version = plainText(clientVersion);
  if (!maxClientVersion || !isUpgradeAvailable(client))
    return t({
      message: 'version {version}',
      args: { version },
      comment: ['Part of a sentence about a client'],
    });
  return t({
    message: 'upgrade available from {version} to {latest}',
    args: { version, latest: plainText(maxClientVersion) },
    comment: ['Part of a row, read by screen readers. Both are versions of a client.'],
  });
}

/** A client might still be changed by an operation that's no longer tracked. */
function untrackedInWords(action: OperationAction): string {
  switch (action) {
    case 'install':
      return t({ message: 'installing, not tracked', comment: ['State of a client, in its row.'] });
    case 'upgrade':
      return t({ message: 'upgrading, not tracked', comment: ['State of a client, in its row.'] });
    case 'uninstall':
      return t({ message: 'uninstalling, not tracked', comment: ['State of a client, in its row.'] });
    case 'settings':
      return t({ message: 'settings changing, not tracked', comment: ['State of a client, in its row.'] });
  }
}

function clientIcon(node: ClientNode): Icon {
  const { client, attention } = node;
  if (node.unwatched) return untracked;
  if (node.busy) return busy;
  if (attention === 'heartbeat-stale') return stale;
  if (isUpgradeAvailable(client)) return upgradable;
  return statusIcons.get(client.leftover ? uninstalled : client.status) ?? unfamiliar;
}

function isText(part: string | false | undefined): part is string {
  return typeof part === 'string' && part !== '';
}
