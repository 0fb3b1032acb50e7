import { t } from '@vscode/l10n';
import { plural } from '../kernel/localize';
import type { LastBackup } from '../protection/lastBackup';
import { overdueInWords } from '../protection/lastBackupWords';
import type { BackupClient, ClientStatus } from '../service/model';
import { statusInWords } from '../service/words';

/** Why a client needs attention, in the order in which to look at it, with the status that says so. */
const statusOfReason = {
  'install-failed': 'INSTALL_FAILED',
  'upgrade-failed': 'UPGRADE_FAILED',
  'uninstall-failed': 'UNINSTALL_FAILED',
  stopped: 'STOPPED',
  'heartbeat-lost': 'UNKNOWN',
  deactivated: 'DEACTIVATED',
  /** Activated, and silent for too long. */
  'heartbeat-stale': undefined,
  /** Activated, and not backed up for too long. */
  'backup-overdue': undefined,
} as const satisfies Readonly<Record<string, ClientStatus | undefined>>;

/** Why a client needs attention. {@link attentionInShort} names it, {@link attentionInWords} says it. */
export type AttentionReason = keyof typeof statusOfReason;

/** In the order in which to look at them. */
export const attentionReasons: readonly AttentionReason[] = Object.keys(statusOfReason).filter(
  (name): name is AttentionReason => name in statusOfReason,
);

const byStatus: ReadonlyMap<string, AttentionReason> = new Map(
  attentionReasons.flatMap((reason) => {
    const status = statusOfReason[reason];
    return status === undefined ? [] : [[status, reason] as const];
  }),
);

/** The status that a reason follows from; undefined for one of an activated client. */
export function statusOf(reason: AttentionReason): ClientStatus | undefined {
  return statusOfReason[reason];
}

/** "Stopped": what a group and a row call the reason. */
export function attentionInShort(reason: AttentionReason): string {
  switch (reason) {
    case 'heartbeat-stale':
      return t({
        message: 'No heartbeat',
        comment: ['Why a client needs attention; a group, and part of a row'],
      });
    case 'backup-overdue':
      return t('No recent backup');
    default:
      return statusInWords(statusOfReason[reason]);
  }
}

/**
 * The reason a client needs attention, or undefined.
 * @param nowMs milliseconds since 1970, by the service's clock, like heartbeats
 * @param staleMinutes an active client without a heartbeat for longer is stale; 0 turns the check off
 * @param isOverdue whether an active client should have been backed up since its last backup
 */
export function attentionOf(
  client: BackupClient,
  nowMs: number,
  staleMinutes: number,
  isOverdue = false,
): AttentionReason | undefined {
  if (client.leftover) return undefined;
  const reason = byStatus.get(client.status);
  if (reason) return reason;
  if (client.status !== 'ACTIVATED') return undefined;
  const { lastHeartBeatTime: heartbeat } = client;
  const isStale = staleMinutes > 0 && heartbeat !== undefined && nowMs / 1000 - heartbeat > staleMinutes * 60;
  return isStale ? 'heartbeat-stale' : isOverdue ? 'backup-overdue' : undefined;
}

/**
 * One short sentence for a tooltip or a screen reader.
 *
 * @param lastBackup that of the client, as it was judged by
 */
export function attentionInWords(
  reason: AttentionReason,
  staleMinutes: number,
  lastBackup?: LastBackup,
): string {
  switch (reason) {
    case 'install-failed':
      return t('The last install failed. Install again.');
    case 'upgrade-failed':
      return t('The last upgrade failed. Upgrade again.');
    case 'uninstall-failed':
      return t('The last uninstall failed. Uninstall again.');
    case 'stopped':
      return t("The client is stopped or was uninstalled. Backups don't run.");
    case 'heartbeat-lost':
      return t('Cloud Backup lost contact with the client.');
    case 'deactivated':
      return t("The client isn't activated. Backups don't run.");
    case 'heartbeat-stale':
      return plural(staleMinutes, {
        one: (minutes) => t('No heartbeat for more than {0} minute.', minutes),
        other: (minutes) => t('No heartbeat for more than {0} minutes.', minutes),
      });
    case 'backup-overdue':
      return overdueInWords(lastBackup);
  }
}

/** "9 need attention", for rows and tooltips. */
export function needAttentionInWords(count: number): string {
  return plural(count, {
    one: (n) => t('{0} needs attention', n),
    other: (n) => t('{0} need attention', n),
  });
}
