import { t } from '@vscode/l10n';
import { plural } from '../kernel/localize';
import type { BackupClient } from '../service/model';

/** Why a client needs attention. {@link attentionInWords} says it. */
export type AttentionReason =
  | 'install-failed'
  | 'upgrade-failed'
  | 'uninstall-failed'
  | 'stopped'
  | 'heartbeat-lost'
  | 'deactivated'
  | 'heartbeat-stale';

const byStatus: ReadonlyMap<string, AttentionReason> = new Map([
  ['INSTALL_FAILED', 'install-failed'],
  ['UPGRADE_FAILED', 'upgrade-failed'],
  ['UNINSTALL_FAILED', 'uninstall-failed'],
  ['STOPPED', 'stopped'],
  ['UNKNOWN', 'heartbeat-lost'],
  ['DEACTIVATED', 'deactivated'],
]);

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
