import { t } from '@vscode/l10n';
import { plainText } from '../../kernel/plainText';
import { listOf, sentences } from '../../kernel/localize';
import { nextRunOf, type PlannedBackup, type PlannedBackupsOf } from '../../protection/plannedBackups';
import { nameOfPlanned, plannedFactsInWords, retentionInWords } from '../../protection/plannedWords';
import { doubtsInWords, gapsInWords, gapsOf, jobFactsInWords, workInShort } from '../../protection/words';
import type { Work } from '../../protection/work';
import type { ClientField, ClientSection } from './clientFields';
import type { ClientBackups } from './readClientBackups';

/** Stands for a time in a text until the page writes it; no text of the service has it. */
const timeMark = '\0';

/** The section Backups. `backups` is undefined while they're read. `nowMs`: milliseconds since 1970 by the service's clock. */
export function backupSection(
  name: string,
  backups: ClientBackups | undefined,
  { nowMs, isEcs }: { readonly nowMs: number; readonly isEcs: boolean },
): ClientSection {
  return {
    id: 'backups',
    title: t({ message: 'Backups', comment: ['Heading on the page of a client.'] }),
    ...(isEcs && backups
      ? { fields: fieldsOf(backups, nowMs), note: noteOf(name, backups) }
      : { fields: [], note: '' }),
    empty: isEcs
      ? t({ message: 'Loading backups…', comment: ['On the page of a client.'] })
      : t('Cloud Backup reports backups for clients on ECS instances only.'),
  };
}

function fieldsOf({ work, planned, last }: ClientBackups, nowMs: number): readonly ClientField[] {
  const lastLabel = t({
    message: 'Last backup',
    comment: ['Field of a backup client: when it was last backed up.'],
  });
  return [
    ...runningFields(work, nowMs),
    last.kind === 'at'
      ? timeField(lastLabel, last.at, (time) =>
          last.partial
            ? t({
                message: '{0}, some files failed',
                args: [time],
                comment: ['When a client was last backed up.'],
              })
            : time,
        )
      : { label: lastLabel, text: workInShort(last) },
    ...plannedFields(planned, nowMs),
    ...(planned.essential
      ? [
          {
            label: t({ message: 'Essential Edition', comment: ['Field of a client: an edition.'] }),
            text: t('Turned on for this instance'),
          },
        ]
      : []),
  ];
}

function runningFields(work: Work, nowMs: number): readonly ClientField[] {
  const label = t({ message: 'Running now', comment: ['Field of a client: backups and restores.'] });
  if (work.kind !== 'running') return [{ label, text: workInShort(work) }];
  return work.jobs.flatMap((job): readonly ClientField[] => [
    { label, text: jobFactsInWords(job, nowMs) },
    {
      label: t({ message: 'Job ID', comment: ['Field of a client: of a running backup or restore.'] }),
      text: plainText(job.jobId),
      copy: t('Copy Job ID'),
      code: true,
    },
  ]);
}

function plannedFields({ backups, gaps }: PlannedBackupsOf, nowMs: number): readonly ClientField[] {
  if (backups.length > 0) return backups.map((backup) => plannedField(backup, nowMs));
  const isUnread = gaps.some(({ call }) => call !== 'hbr:ListProtectedResources');
  return [
    {
      label: t({ message: 'Backup plans and policies', comment: ['Field of a client.'] }),
      text: isUnread ? workInShort({ kind: 'unknown' }) : workInShort({ kind: 'none' }),
    },
  ];
}

function plannedField(backup: PlannedBackup, nowMs: number): ClientField {
  const { kind, id, edition, retentionDays } = backup;
  const label =
    kind === 'plan'
      ? t({ message: 'Backup plan', comment: ['Field of a client: its name and when it runs.'] })
      : t({ message: 'Backup policy', comment: ['Field of a client: its name and when it runs.'] });
  const copying = {
    copy: kind === 'plan' ? t('Copy Plan ID') : t('Copy Policy ID'),
    copied: plainText(id),
  };
  const name = nameOfPlanned(backup);
  const editions =
    edition === 'BASIC'
      ? [t({ message: 'Essential Edition', comment: ['Field of a client: an edition.'] })]
      : [];
  const next = nextRunOf({ backups: [backup], essential: undefined, gaps: [] }, Math.floor(nowMs / 1000));
  if (next.kind !== 'at') {
    return { label, text: listOf([name, plannedFactsInWords(backup, nowMs), ...editions]), ...copying };
  }
  const kept = retentionDays === undefined ? [] : [retentionInWords(retentionDays)];
  const timed = timeField(label, next.at, (time) =>
    listOf([
      name,
      t({
        message: 'next backup {0}',
        args: [time],
        comment: ['{0}: when, such as “in 25 min” or “at 2:00 AM tomorrow”.'],
      }),
      ...kept,
      ...editions,
    ]),
  );
  return { ...timed, planned: true, ...copying };
}

/** A text around a time that the page writes. @param at UNIX seconds */
function timeField(label: string, at: number, textOf: (time: string) => string): ClientField {
  const [before = '', text = ''] = textOf(timeMark).split(timeMark);
  return { label, before, text, time: at * 1000 };
}

/** What's in doubt, and what couldn't be read and why; each missing permission once. */
function noteOf(name: string, { work, planned, lastGaps }: ClientBackups): string {
  const gaps = [...gapsOf([work]), ...planned.gaps];
  const further = lastGaps.filter(
    ({ call, why }) => !gaps.some((gap) => gap.call === call && gap.why === why),
  );
  return sentences(
    work.kind === 'running' && doubtsInWords([{ name, jobs: work.jobs }]),
    gapsInWords(gaps),
    gapsInWords(
      further,
      t({ message: 'when the last backup completed', comment: ["Follows “Couldn't tell”"] }),
    ),
  );
}
