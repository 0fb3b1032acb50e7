import { t } from '@vscode/l10n';
import { agoInWords, plural } from '../kernel/localize';
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
      return last.since === undefined
        ? t({ message: 'None found', comment: ['Value of the field “Last backup”.'] })
        : plural(wholeDays(last.asOf - last.since), {
            one: (n) =>
              t({
                message: 'None in the last {0} day',
                args: [n],
                comment: ['Value of the field “Last backup”.'],
              }),
            other: (n) =>
              t({
                message: 'None in the last {0} days',
                args: [n],
                comment: ['Value of the field “Last backup”.'],
              }),
          });
    case 'unknown':
      return t({ message: "Couldn't tell", comment: ['Value of the field “Last backup”.'] });
  }
}

/** "backup 9 days ago": why a client that's overdue needs attention, in its row. The age is as of the reading. */
export function overdueInRow(last: LastBackup | undefined): string {
  if (last?.kind === 'at') {
    return t({
      message: 'backup {ago}',
      args: { ago: agoInWords(last.at * 1000, last.asOf * 1000) },
      comment: ['In the row of a client: when it was last backed up. {ago}: such as 9 days ago.'],
    });
  }
  if (last?.kind !== 'none' || last.since === undefined) {
    return t({ message: 'no backup found', comment: ['In the row of a client that should have one.'] });
  }
  return plural(wholeDays(last.asOf - last.since), {
    one: (n) => t({ message: 'no backup for {0} day', args: [n], comment: ['In the row of a client.'] }),
    other: (n) => t({ message: 'no backup for {0} days', args: [n], comment: ['In the row of a client.'] }),
  });
}

/** The same as a sentence. */
export function overdueInWords(last: LastBackup | undefined): string {
  if (last?.kind === 'at') {
    return t('The last backup completed {0}.', agoInWords(last.at * 1000, last.asOf * 1000));
  }
  if (last?.kind !== 'none' || last.since === undefined) return t('No backup was found.');
  return plural(wholeDays(last.asOf - last.since), {
    one: (n) => t('No backup for more than {0} day.', n),
    other: (n) => t('No backup for more than {0} days.', n),
  });
}

/** Nothing shorter is read back: see `usualBackupHours`. */
function wholeDays(seconds: number): number {
  return Math.floor(seconds / 86_400);
}
