import { t } from '@vscode/l10n';
import { agoInWords } from '../kernel/localize';
import type { LastBackup } from './lastBackup';

/** "3 hours ago", "None found", or "Couldn't tell": the value of a field. `nowMs`: milliseconds since 1970. */
export function lastBackupInWords(last: LastBackup, nowMs: number): string {
  switch (last.kind) {
    case 'at': {
      const ago = agoInWords(last.at * 1000, nowMs);
      return last.partial
        ? t({
            message: '{ago} (some files failed)',
            args: { ago },
            comment: ['When a client was last backed up. {ago}: such as 3 hours ago.'],
          })
        : ago;
    }
    case 'none':
      return t({ message: 'None found', comment: ['Value of the field “Last backup”.'] });
    case 'unknown':
      return t({ message: "Couldn't tell", comment: ['Value of the field “Last backup”.'] });
  }
}

/**
 * "backup 9 days ago": why a client that's overdue needs attention, in its row. The age is as of the reading.
 *
 * @param isTopic true where the heading says that it's about backups: "9 days ago"
 */
export function overdueInRow(last: LastBackup | undefined, isTopic = false): string {
  if (last?.kind !== 'at') {
    return isTopic
      ? t({
          message: 'none found',
          comment: ['In the row of a client, below the heading “No recent backup”.'],
        })
      : t({ message: 'no backup found', comment: ['In the row of a client that should have one.'] });
  }
  const ago = agoInWords(last.at * 1000, last.asOf * 1000);
  return isTopic
    ? ago
    : t({
        message: 'backup {ago}',
        args: { ago },
        comment: ['In the row of a client: when it was last backed up. {ago}: such as 9 days ago.'],
      });
}

/** The same as a sentence. */
export function overdueInWords(last: LastBackup | undefined): string {
  return last?.kind === 'at'
    ? t('The last backup completed {0}.', agoInWords(last.at * 1000, last.asOf * 1000))
    : t('No completed backup was found.');
}
