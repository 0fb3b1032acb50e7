import { t } from '@vscode/l10n';
import { plural } from '../kernel/localize';
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

/** The status that a reason follows from; undefined for a client that's activated and silent. */
export function statusOf(reason: AttentionReason): ClientStatus | undefined {
  return statusOfReason[reason];
}

/** "Stopped": what a group and a row call the reason. */
export function attentionInShort(reason: AttentionReason): string {
  const status = statusOfReason[reason];
  return status === undefined
    ? t({ message: 'No heartbeat', comment: ['Why a client needs attention; a group, and part of a row'] })
    : statusInWords(status);
}

/**
 * The reason a client needs attention, or undefined.
 * @param nowMs milliseconds since 1970, by the service's clock, like heartbeats
 * @param staleMinutes an active client without a heartbeat for longer is stale; 0 turns the check off
 */
export function attentionOf(
  client: BackupClient,
  nowMs: number,
  staleMinutes: number,
): AttentionReason | undefined {
  if (client.leftover) return undefined;
  const reason = byStatus.get(client.status);
  if (reason) return reason;
  if (client.status !== 'ACTIVATED' || staleMinutes <= 0 || client.lastHeartBeatTime === undefined) {
    return undefined;
  }
  return nowMs / 1000 - client.lastHeartBeatTime > staleMinutes * 60 ? 'heartbeat-stale' : undefined;
}

/** One short sentence for a tooltip or a screen reader. */
export function attentionInWords(reason: AttentionReason, staleMinutes: number): string {
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
  }
}

/** "9 need attention", for rows and tooltips. */
export function needAttentionInWords(count: number): string {
  return plural(count, {
    one: (n) => t('{0} needs attention', n),
    other: (n) => t('{0} need attention', n),
  });
}
