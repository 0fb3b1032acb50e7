import { t } from '@vscode/l10n';
import type { Icon } from '../kernel/icon';
import { listOf, numberInWords } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { overdueInRow } from '../protection/lastBackupWords';
import { actions, type OperationAction } from '../service/actions';
import { isUnprotected, nameOf } from '../service/clientFacts';
import type { BackupClient } from '../service/model';
import { clientsInWords, statusInWords } from '../service/words';
import { attentionInWords, needAttentionInWords } from './attention';
import { isUpgradeAvailable } from './capabilities';
import {
  attentionIcon,
  clientStateInWords,
  needsAttention,
  stateIcon,
  stateInWords,
  uninstalled,
  upgradeAvailable,
} from './clientState';
import type { ClientChange, ClientNode, GroupNode, RangeNode } from './clientTree';
import { traitsOf } from './grouping/dimensions';

/** What a row of the client tree shows. Every text is safe to show. */
export interface RowText {
  readonly label: string;
  /** Short facts after the label. */
  readonly description: string;
  /** The row for a screen reader. */
  readonly sentence: string;
  readonly icon: Icon;
}

const untracked: Icon = { id: 'eye-closed' };
const changing: Icon = { id: 'sync~spin' };
const waiting: Icon = { id: 'clock' };

/**
 * Texts and icon of a group, range, or client.
 *
 * @param staleMinutes the limit that attention was judged by
 * @param above the groups that the row is in: it doesn't repeat what they say
 */
export function rowTextOf(
  node: GroupNode | RangeNode | ClientNode,
  staleMinutes: number,
  above: readonly GroupNode[] = [],
): RowText {
  switch (node.kind) {
    case 'group':
      return groupText(node);
    case 'range':
      return rangeText(node, above);
    case 'client':
      return clientText(node, staleMinutes, above);
  }
}

/** What a group is called; safe to show. */
export function groupInWords({ dimension, value, single }: GroupNode): string {
  return single
    ? t({ message: 'One client each', comment: ['A group of clients that have nothing in common'] })
    : traitsOf(dimension).inWords(value);
}

/** "web-0001 … web-0250"; safe to show. */
export function rangeInWords({ clients }: RangeNode): string {
  const [first, last] = [clients[0], clients.at(-1)].map((node) => (node ? clientInWords(node) : ''));
  return first === last ? (first ?? '') : `${first ?? ''} … ${last ?? ''}`;
}

/** What the row of a client is called; safe to show. */
function clientInWords({ client, key }: ClientNode): string {
  return plainText(nameOf(client)) || plainText(key);
}

/** "2.4.1 → 2.4.5" where a newer version exists, else the version; undefined while none is installed. */
export function versionsInWords(client: BackupClient, outdated: boolean): string | undefined {
  if (!client.clientVersion) return undefined;
  const version = plainText(client.clientVersion);
  return outdated && client.maxClientVersion ? `${version} → ${plainText(client.maxClientVersion)}` : version;
}

function groupText(group: GroupNode): RowText {
  const label = groupInWords(group);
  const { total, attention } = group.counts;
  // Such a group's name says it.
  const troubled = attention > 0 && !isAboutAttention(group) && needAttentionInWords(attention);
  return {
    label,
    description: [numberInWords(total), group.latest && plainText(group.latest), troubled]
      .filter(isText)
      .join(' · '),
    sentence: listOf(
      [
        label,
        clientsInWords(total),
        group.latest &&
          t({
            message: 'latest version {version}',
            args: { version: plainText(group.latest) },
            comment: ['Part of a row about clients, read by screen readers'],
          }),
        troubled,
      ].filter(isText),
    ),
    icon: group.single ? { id: 'list-unordered' } : traitsOf(group.dimension).icon(group.value),
  };
}

function rangeText(range: RangeNode, above: readonly GroupNode[]): RowText {
  const label = rangeInWords(range);
  const { total, attention } = range.counts;
  const troubled = attention > 0 && !above.some(isAboutAttention) && needAttentionInWords(attention);
  return {
    label,
    description: [numberInWords(total), troubled].filter(isText).join(' · '),
    sentence: listOf([label, clientsInWords(total), troubled].filter(isText)),
    icon: { id: 'list-unordered' },
  };
}

function isAboutAttention({ dimension, value }: GroupNode): boolean {
  return dimension === 'attention' || (dimension === 'status' && value === needsAttention);
}

function clientText(node: ClientNode, staleMinutes: number, above: readonly GroupNode[]): RowText {
  const { client, outdated, attention, change, lastBackup } = node;
  const label = clientInWords(node);
  const latestIsAbove = above.some(({ latest }) => latest !== undefined);
  const versions = client.leftover ? undefined : versionsInWords(client, outdated && !latestIsAbove);
  const unprotected = isUnprotected(client);
  const changing = node.unwatched ? untrackedInWords(node.unwatched) : change && changeInWords(change);
  // What's unusual comes first: a narrow side bar cuts off the end.
  const facts = [
    changing ?? stateInRow(node, above),
    versions,
    unprotected && !above.some(({ dimension }) => dimension === 'protection') && t('no backups configured'),
    client.privateIpV4 && plainText(client.privateIpV4),
  ];
  const sentence = [
    label,
    changing,
    // While our operation changes it, what the list says is old.
    !change && stateInWords(client.leftover ? uninstalled : client.status),
    versionSentence(node),
    client.zoneId
      ? t({
          message: 'zone {zone}',
          args: { zone: plainText(client.zoneId) },
          comment: ['{zone}: its ID. Part of a sentence about a client'],
        })
      : t({ message: 'no zone', comment: ['A client without a zone.'] }),
    unprotected && t('no backups configured'),
    attention && attentionInWords(attention, staleMinutes, lastBackup),
  ];
  return {
    label,
    description: facts.filter(isText).join(' · '),
    sentence: listOf(sentence.filter(isText)),
    icon: clientIcon(node),
  };
}

function stateInRow(node: ClientNode, above: readonly GroupNode[]): string | undefined {
  const isAbove = isStateAbove(node, above);
  // When that was, no group says.
  if (node.attention === 'backup-overdue') return overdueInRow(node.lastBackup, isAbove);
  return isAbove ? undefined : unusualState(node);
}

/** The state of a client where it isn't the one that nobody asks about. */
function unusualState(node: ClientNode): string | undefined {
  return node.state === 'ACTIVATED' || node.state === upgradeAvailable ? undefined : clientStateInWords(node);
}

function isStateAbove({ attention }: ClientNode, above: readonly GroupNode[]): boolean {
  return above.some(
    ({ dimension, value }) =>
      (dimension === 'attention' && (value !== '' || attention === undefined)) ||
      (dimension === 'status' && value !== needsAttention),
  );
}

function versionSentence(node: ClientNode): string | undefined {
  const { client, change } = node;
  const { clientVersion, maxClientVersion, leftover } = client;
  if (leftover || !clientVersion) return undefined;
  const version = plainText(clientVersion);
  if (change || !maxClientVersion || !isUpgradeAvailable(client))
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

/** What a running operation does to a client. */
function changeInWords({ action, stage }: ClientChange): string {
  if (stage === 'waiting') return t({ message: 'Waiting', comment: ['State of a client, in its row.'] });
  if (stage === 'verifying') return t({ message: 'Verifying', comment: ['State of a client, in its row.'] });
  return action === 'settings'
    ? t({ message: 'Changing settings', comment: ['State of a client, in its row.'] })
    : statusInWords(actions[action].busyStatus);
}

function clientIcon(node: ClientNode): Icon {
  const { attention, change } = node;
  if (node.unwatched) return untracked;
  if (change?.stage === 'waiting') return waiting;
  if (node.busy) return changing;
  return attention ? attentionIcon(attention) : stateIcon(node.state);
}

function isText(part: string | false | undefined): part is string {
  return typeof part === 'string' && part !== '';
}
