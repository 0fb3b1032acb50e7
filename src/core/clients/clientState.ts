import { t } from '@vscode/l10n';
import { stateColors, type Icon } from '../kernel/icon';
import { clientStatuses, type BackupClient } from '../service/model';
import { statusInWords } from '../service/words';
import { attentionInShort, statusOf, type AttentionReason } from './attention';
import { isUpgradeAvailable } from './capabilities';

/** The derived state of clients that need attention, whatever the reason. */
export const needsAttention = 'NEEDS_ATTENTION';
/** The derived state of clients for which {@link isUpgradeAvailable} is true. */
export const upgradeAvailable = 'UPGRADE_AVAILABLE';
/** The derived state of records that stayed after one of our operations uninstalled the client. */
export const uninstalled = 'UNINSTALLED';

/** What a state is judged by. */
export interface Judged {
  readonly client: BackupClient;
  readonly attention: AttentionReason | undefined;
}

/** The state that a client is grouped and counted by: its status, or a derived one. Each client has exactly one. */
export function stateOf({ client, attention }: Judged): string {
  if (attention) return needsAttention;
  if (client.leftover) return uninstalled;
  return isUpgradeAvailable(client) ? upgradeAvailable : client.status;
}

/** A state in words; safe to show. */
export function stateInWords(state: string): string {
  switch (state) {
    case needsAttention:
      return t({ message: 'Needs attention', comment: ['A group of clients'] });
    case upgradeAvailable:
      return t({
        message: 'Upgrade available',
        comment: ['Active clients for which a newer version exists.'],
      });
    case uninstalled:
      return t({ message: 'Uninstalled', comment: ['Status of a backup client.'] });
    default:
      return statusInWords(state) || t({ message: 'No status', comment: ['The service sent no status.'] });
  }
}

/** What one client is called by: why it needs attention, else its status. Safe to show. */
export function clientStateInWords({ client, attention }: Judged): string {
  return attention
    ? attentionInShort(attention)
    : stateInWords(client.leftover ? uninstalled : client.status);
}

const { good, bad, warning, news, quiet } = stateColors;
const failed: Icon = { id: 'error', color: bad };
const changing: Icon = { id: 'sync~spin' };
const unfamiliar: Icon = { id: 'question', color: warning };

// Each state has its own icon, so none relies on color alone. The three failures share one, as you do the same about them.
const icons: ReadonlyMap<string, Icon> = new Map([
  [needsAttention, { id: 'bell', color: warning }],
  ['INSTALL_FAILED', failed],
  ['UPGRADE_FAILED', failed],
  ['UNINSTALL_FAILED', failed],
  ['STOPPED', { id: 'stop-circle', color: warning }],
  ['UNKNOWN', { id: 'debug-disconnect', color: warning }],
  ['DEACTIVATED', { id: 'circle-slash', color: warning }],
  ['INSTALLING', changing],
  ['UPGRADING', changing],
  ['UNINSTALLING', changing],
  [upgradeAvailable, { id: 'arrow-circle-up', color: news }],
  ['ACTIVATED', { id: 'pass-filled', color: good }],
  ['REGISTERED', { id: 'pass', color: good }],
  ['NOT_INSTALLED', { id: 'circle-large-outline', color: quiet }],
  [uninstalled, { id: 'circle-large-outline', color: quiet }],
]);

export function stateIcon(state: string): Icon {
  return icons.get(state) ?? unfamiliar;
}

export function attentionIcon(reason: AttentionReason): Icon {
  if (reason === 'backup-overdue') return { id: 'archive', color: warning };
  const status = statusOf(reason);
  return status === undefined ? { id: 'warning', color: warning } : stateIcon(status);
}

// Failures first, then statuses that the service might add later, then those without problems.
const problems: readonly string[] = [needsAttention, ...clientStatuses.slice(0, 6)];
const calm: readonly string[] = [
  ...clientStatuses.slice(6, 9),
  upgradeAvailable,
  ...clientStatuses.slice(9),
  uninstalled,
];

/** The place of a state among others: what needs you comes first. */
export function rankOfState(state: string): number {
  const problem = problems.indexOf(state);
  if (problem >= 0) return problem;
  const rank = calm.indexOf(state);
  return rank >= 0 ? 100 + rank : 50;
}
