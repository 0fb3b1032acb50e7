import { t } from '@vscode/l10n';
import {
  dayInWords,
  dayWithYearInWords,
  listOf,
  minutesInWords,
  plural,
  timeOfDayInWords,
} from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { nextRunOf, type PlannedBackup } from './plannedBackups';

const minuteMs = 60_000;

/**
 * When a backup runs next, for a field or a row: "in 25 min", "at 2:00 AM tomorrow", "not scheduled", the text of the schedule
 * where it isn't understood, or "couldn't tell". Times are of this computer's zone.
 * @param nowMs milliseconds since 1970
 */
export function nextRunInWords(next: ReturnType<typeof nextRunOf>, nowMs: number): string {
  switch (next.kind) {
    case 'at':
      return runTimeInWords(next.at * 1000, nowMs);
    case 'none':
      return t({ message: 'not scheduled', comment: ['When the next backup of a client runs.'] });
    case 'unknown': {
      const [schedule] = next.by?.schedules ?? [];
      return schedule
        ? plainText(schedule, 60)
        : t({ message: "couldn't tell", comment: ['When the next backup of a client runs.'] });
    }
  }
}

/** "Backup plan nightly" or "Backup policy gold"; its ID in place of a name where it has none. Safe to show. */
export function plannedNameInWords(backup: PlannedBackup): string {
  const name = nameOfPlanned(backup);
  return backup.kind === 'plan' ? t('Backup plan {0}', name) : t('Backup policy {0}', name);
}

/** Its name alone, or its ID. Safe to show. */
export function nameOfPlanned({ name, id }: PlannedBackup): string {
  return plainText(name ?? '', 60) || plainText(id);
}

/** "kept for 30 days". */
export function retentionInWords(days: number): string {
  return plural(days, {
    one: (count) => t('kept for {0} day', count),
    other: (count) => t('kept for {0} days', count),
  });
}

/** "next backup in 25 min, kept for 30 days", or "suspended, kept for 30 days". `nowMs`: milliseconds since 1970. */
export function plannedFactsInWords(backup: PlannedBackup, nowMs: number): string {
  return listOf([
    backup.disabled
      ? t({ message: 'suspended', comment: ['A backup plan or policy that is turned off.'] })
      : nextBackupInWords(backup, nowMs),
    ...(backup.retentionDays === undefined ? [] : [retentionInWords(backup.retentionDays)]),
  ]);
}

/** "Backup plan nightly: next backup in 25 min, kept for 30 days". `nowMs`: milliseconds since 1970. */
export function plannedInWords(backup: PlannedBackup, nowMs: number): string {
  return t({
    message: '{name}: {facts}',
    args: { name: plannedNameInWords(backup), facts: plannedFactsInWords(backup, nowMs) },
    comment: [
      '{name}: of a backup plan or policy. {facts}: when it runs next, and how long backups are kept.',
    ],
  });
}

function nextBackupInWords(backup: PlannedBackup, nowMs: number): string {
  const next = nextRunOf({ backups: [backup], essential: undefined, gaps: [] }, Math.floor(nowMs / 1000));
  if (next.kind === 'at')
    return t({
      message: 'next backup {0}',
      args: [nextRunInWords(next, nowMs)],
      comment: ['{0}: when, such as “in 25 min” or “at 2:00 AM tomorrow”.'],
    });
  return backup.schedules.length > 0
    ? t('schedule not recognized: {0}', nextRunInWords(next, nowMs))
    : t("couldn't tell when it runs next");
}

function runTimeInWords(ms: number, nowMs: number): string {
  const minutes = Math.round((ms - nowMs) / minuteMs);
  if (minutes < 1) return t({ message: 'now', comment: ['When the next backup of a client runs.'] });
  if (minutes < 60)
    return t({
      message: 'in {0}',
      args: [minutesInWords(minutes)],
      comment: ['{0}: a duration such as “25 min”. When the next backup of a client runs'],
    });
  const time = timeOfDayInWords(ms);
  const [today, tomorrow] = [new Date(nowMs), new Date(nowMs)];
  tomorrow.setDate(tomorrow.getDate() + 1);
  const run = new Date(ms);
  if (run.toDateString() === today.toDateString())
    return t({ message: 'at {0}', args: [time], comment: ['{0}: a time of day, such as 2:00 AM.'] });
  if (run.toDateString() === tomorrow.toDateString())
    return t({ message: 'at {0} tomorrow', args: [time], comment: ['{0}: a time of day, such as 2:00 AM.'] });
  return t({
    message: 'on {day} at {time}',
    args: {
      day: run.getFullYear() === today.getFullYear() ? dayInWords(ms) : dayWithYearInWords(ms),
      time,
    },
    comment: ['When a backup runs next: on Dec 3 at 2:00 AM'],
  });
}
