import { t } from '@vscode/l10n';
import { attentionInWords, type AttentionReason } from '../../clients/attention';
import { sentences } from '../../kernel/localize';
import type { LastBackup } from '../../protection/lastBackup';

// What failed says itself that it can be done again.
const steps: Readonly<Record<AttentionReason, () => string>> = {
  'install-failed': () => '',
  'upgrade-failed': () => '',
  'uninstall-failed': () => '',
  stopped: () => t('Start the client on its server, or install it again.'),
  'heartbeat-lost': () => t('Check that its server is running and can reach Cloud Backup.'),
  deactivated: () => t('Install the client again to activate it.'),
  'heartbeat-stale': () => t('Check that its server is running and can reach Cloud Backup.'),
  'backup-overdue': () => t('Check its backup plan and its failed backups in the console.'),
};

/** Why a client needs attention, and what to do. */
export function attentionAndStep(
  reason: AttentionReason,
  staleMinutes: number,
  lastBackup?: LastBackup,
): string {
  return sentences(attentionInWords(reason, staleMinutes, lastBackup), steps[reason]());
}
