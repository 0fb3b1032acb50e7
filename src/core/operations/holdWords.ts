import { t } from '@vscode/l10n';
import { listOf, minutesInWords, plural, sentences } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { gapsInWords, jobInWords, workInShort } from '../protection/words';
import type { RunningJob } from '../protection/work';
import { durationInWords } from '../service/words';
import type { Hold, MachineProgress, Operation, PlannedMachine } from './operation';

type Kind = 'backup' | 'restore' | 'both';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const waiting: Readonly<Record<Kind, () => string>> = {
  backup: () => t({ message: 'Waiting for a backup', comment: ['State of a client or an operation.'] }),
  restore: () => t({ message: 'Waiting for a restore', comment: ['State of a client or an operation.'] }),
  both: () =>
    t({ message: 'Waiting for a backup and a restore', comment: ['State of a client or an operation.'] }),
};

const waited: Readonly<Record<Kind, (duration: string) => string>> = {
  backup: (duration) => t('Waited {0} for a backup.', duration),
  restore: (duration) => t('Waited {0} for a restore.', duration),
  both: (duration) => t('Waited {0} for a backup and a restore.', duration),
};

const begun: Readonly<Record<Kind, () => string>> = {
  backup: () => t('The backup started after you confirmed.'),
  restore: () => t('The restore started after you confirmed.'),
  both: () => t('The backup and the restore started after you confirmed.'),
};

/** "Waiting for a backup". */
export function waitingForInWords(jobs: readonly RunningJob[]): string {
  return waiting[kindOf(jobs)]();
}

/** "Waiting for a backup, up to 1 h 58 min more". `nowMs`: milliseconds since 1970. */
export function holdInWords({ jobs, until }: Hold, nowMs: number): string {
  return t({
    message: '{state}, up to {duration} more',
    args: { state: waitingForInWords(jobs), duration: leftInWords(until - nowMs) },
    comment: ['{state}: such as “Waiting for a backup”. {duration}: such as “1 h 58 min”.'],
  });
}

/** Without seconds, as long as there are minutes: a row is short, and is drawn every ten seconds. */
function leftInWords(ms: number): string {
  const minutes = Math.ceil(ms / minuteMs);
  if (minutes * minuteMs >= hourMs) return durationInWords(minutes * minuteMs);
  return minutes > 1 ? minutesInWords(minutes) : durationInWords(ms);
}

/**
 * Whether the jobs started after the user agreed, then each of them for reference, without a period that would be copied
 * with the last ID. `nowMs`: milliseconds since 1970.
 */
export function heldJobsInWords({ jobs }: Hold, { work }: PlannedMachine, nowMs: number): string {
  return sentences(
    work?.kind === 'none' && begun[kindOf(jobs)](),
    jobs.map((job) => jobInWords(job, nowMs)).join(' · '),
  );
}

/** "Waited 12 min 5 s for a backup."; empty for a client that didn't wait. */
export function waitedInWords({ wasHeld }: Pick<MachineProgress, 'wasHeld'>): string {
  return wasHeld ? waited[kindOf(wasHeld.jobs)](durationInWords(wasHeld.ms)) : '';
}

/** "12 min 5 s, Job ID job-0001": how long a client waited, and for what last; empty for one that didn't or still does. */
export function waitedForInWords({ held, wasHeld }: Pick<MachineProgress, 'held' | 'wasHeld'>): string {
  if (!wasHeld || held) return '';
  const ids = wasHeld.jobs.map(({ jobId }) => t('Job ID {0}', plainText(jobId)));
  return listOf([durationInWords(wasHeld.ms), ...ids]);
}

/**
 * What was known to run on a client when the user agreed: "Running, Job ID job-0001", "None found", "Couldn't tell", with
 * the reason, or that nothing was asked.
 */
export function workWhenAgreedInWords({ work }: Pick<PlannedMachine, 'work'>): string {
  if (!work) return t({ message: 'Not asked', comment: ['Whether a backup was running on a client.'] });
  switch (work.kind) {
    case 'running':
      return listOf([workInShort(work), ...work.jobs.map(({ jobId }) => t('Job ID {0}', plainText(jobId)))]);
    case 'none':
      return workInShort(work);
    case 'unknown':
      return gapsInWords(work.gaps);
  }
}

/** "2 clients wait for a backup."; empty where none is known to. Counts those that were busy when the user agreed, too. */
export function heldCountInWords({ machines }: Pick<Operation, 'machines'>): string {
  const jobs = machines.flatMap(({ machine, outcome, held }) => {
    if (outcome !== 'waiting') return [];
    if (held) return [held.jobs];
    return machine.work?.kind === 'running' && machine.whenBusy !== 'send' ? [machine.work.jobs] : [];
  });
  if (jobs.length === 0) return '';
  switch (kindOf(jobs.flat())) {
    case 'backup':
      return plural(jobs.length, {
        one: (count) => t('{0} client waits for a backup.', count),
        other: (count) => t('{0} clients wait for a backup.', count),
      });
    case 'restore':
      return plural(jobs.length, {
        one: (count) => t('{0} client waits for a restore.', count),
        other: (count) => t('{0} clients wait for a restore.', count),
      });
    case 'both':
      return plural(jobs.length, {
        one: (count) => t('{0} client waits for a backup and a restore.', count),
        other: (count) => t('{0} clients wait for backups and restores.', count),
      });
  }
}

/** "Backups or restores weren't seen to end on 2 clients before the time limit."; empty where none was given up. */
export function givenUpInWords({ machines }: Pick<Operation, 'machines'>): string {
  const givenUp = machines.filter(
    ({ outcome, reason }) => outcome === 'not-sent' && reason === 'job-running',
  );
  if (givenUp.length === 0) return '';
  return plural(givenUp.length, {
    one: (count) => t("A backup or restore wasn't seen to end on {0} client before the time limit.", count),
    other: (count) =>
      t("Backups or restores weren't seen to end on {0} clients before the time limit.", count),
  });
}

function kindOf(jobs: readonly Pick<RunningJob, 'kind'>[]): Kind {
  const [kind, ...others] = new Set(jobs.map((job) => job.kind));
  return others.length > 0 || kind === undefined ? 'both' : kind;
}
