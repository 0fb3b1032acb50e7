import { t } from '@vscode/l10n';
import { dayInWords, listOf, percentInWords, sentences, someOf, timeOfDayInWords } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import type { Job, ProtectionCall } from '../service/protection';
import type { Gap } from './gap';
import type { RunningJob, Work } from './work';

/** A client by the name that it's shown with, and what runs on it. */
export interface NamedWork {
  /** Safe to show. */
  readonly name: string;
  readonly jobs: readonly [RunningJob, ...RunningJob[]];
}

/** Names in one sentence. */
const mostNames = 12;
/** Percent and time are named for so many clients at most: a sentence with more of them can't be read. */
const mostDetailed = 3;

/** "Running", "None found", or "Couldn't tell": a cell of a table or an export. */
export function workInShort({ kind }: Pick<Work, 'kind'>): string {
  switch (kind) {
    case 'running':
      return t({ message: 'Running', comment: ['Whether a backup or restore is running on a client.'] });
    case 'none':
      return t({ message: 'None found', comment: ['Whether a backup or restore is running on a client.'] });
    case 'unknown':
      return t({
        message: "Couldn't tell",
        comment: ['Whether a backup or restore is running on a client.'],
      });
  }
}

/** A few words for a row: "backup running, 43%"; several jobs with commas. Empty where none was found. */
export function workInRow(work: Work): string {
  switch (work.kind) {
    case 'running':
      return listOf(work.jobs.map(jobInRow));
    case 'none':
      return '';
    case 'unknown':
      return t("couldn't tell whether a backup is running");
  }
}

/** "Backup" or "Restore". */
function jobKindInWords(kind: Job['kind']): string {
  return kind === 'backup'
    ? t({ message: 'Backup', comment: ['A noun: one run of a backup.'] })
    : t({ message: 'Restore', comment: ['A noun: one run of a restore.'] });
}

/** How far a job is: "43%", "queued", "being canceled"; empty if that isn't known. */
function jobProgressInWords({ status, percent }: Pick<RunningJob, 'status' | 'percent'>): string {
  switch (stageOf(status)) {
    case 'queued':
      return t({ message: 'queued', comment: ['A backup or restore that was not started yet.'] });
    case 'canceling':
      return t({ message: 'being canceled', comment: ['A backup or restore.'] });
    case 'running':
      return percent === undefined ? '' : percentInWords(percent / 100);
  }
}

/** One job without its ID: "Backup, 43%, since 2:02 PM". `nowMs`: milliseconds since 1970. */
export function jobFactsInWords(job: RunningJob, nowMs: number): string {
  return listOf([jobKindInWords(job.kind), ...jobDetails(job, nowMs)]);
}

/** One job for reference: "Backup, 43%, since 2:02 PM, Job ID job-0001". `nowMs`: milliseconds since 1970. */
export function jobInWords(job: RunningJob, nowMs: number): string {
  return listOf([jobFactsInWords(job, nowMs), t('Job ID {0}', plainText(job.jobId))]);
}

/** "2:02 PM" of the same day, else "Nov 28, 2:02 PM"; in this computer's time zone. Both in milliseconds since 1970. */
export function sinceInWords(ms: number, nowMs: number): string {
  const time = timeOfDayInWords(ms);
  return new Date(ms).toDateString() === new Date(nowMs).toDateString()
    ? time
    : listOf([dayInWords(ms), time]);
}

/**
 * What runs, in sentences with names: "A backup is running on web-1 (43%, since 2:02 PM)." Says as well what might not
 * concern the client, and what might be stuck. Empty without clients. `nowMs`: milliseconds since 1970.
 */
export function runningInWords(clients: readonly NamedWork[], nowMs: number): string {
  const detailed = clients.length <= mostDetailed;
  const namesOf = (some: readonly NamedWork[]) =>
    someOf(some, mostNames, (one) => (detailed ? withDetails(one, nowMs) : one.name));
  const groups: Record<WorkGroup, NamedWork[]> = {
    backup: [],
    queuedBackup: [],
    restore: [],
    queuedRestore: [],
    both: [],
  };
  for (const one of clients) groups[groupOf(one)].push(one);
  return sentences(
    groups.backup.length > 0 && backupsOn(namesOf(groups.backup), isOneJob(groups.backup)),
    groups.queuedBackup.length > 0 &&
      queuedBackupsOn(namesOf(groups.queuedBackup), isOneJob(groups.queuedBackup)),
    groups.restore.length > 0 && restoresOn(namesOf(groups.restore), isOneJob(groups.restore)),
    groups.queuedRestore.length > 0 &&
      queuedRestoresOn(namesOf(groups.queuedRestore), isOneJob(groups.queuedRestore)),
    groups.both.length > 0 && t('A backup and a restore are running on {0}.', namesOf(groups.both)),
    doubtsInWords(clients),
  );
}

/** What might not concern a client, and what might be stuck, in sentences with names; mostly empty. */
export function doubtsInWords(clients: readonly NamedWork[]): string {
  const namesOf = (pick: (job: RunningJob) => boolean) =>
    someOf(
      clients.filter(({ jobs }) => jobs.some(pick)),
      mostNames,
      ({ name }) => name,
    );
  const uncertain = namesOf(({ certain }) => !certain);
  const stuck = namesOf((job) => job.stuck);
  return sentences(
    uncertain !== '' &&
      t("What's running on {0} might not be its own: the client ID or the account doesn't match.", uncertain),
    stuck !== '' && t("What's running on {0} might be stuck: it reported nothing for a day.", stuck),
  );
}

/** The gaps of several answers, each once. */
export function gapsOf(works: Iterable<Work>): readonly Gap[] {
  const gaps = new Map<string, Gap>();
  for (const work of works) {
    if (work.kind !== 'unknown') continue;
    for (const gap of work.gaps) gaps.set(`${gap.call} ${gap.why}`, gap);
  }
  return [...gaps.values()];
}

/**
 * What couldn't be told and why, a sentence for each reason: "Couldn't tell whether backups are running: you don't have the
 * hbr:DescribeBackupJobs2 permission." Empty without gaps.
 * @param what isn't known, in place of what the calls of the gaps answer: a clause that follows "Couldn't tell"
 */
export function gapsInWords(gaps: readonly Gap[], what?: string): string {
  const byReason = new Map<Gap['why'], Set<ProtectionCall>>();
  for (const { call, why } of gaps) byReason.set(why, (byReason.get(why) ?? new Set()).add(call));
  return sentences(
    ...[...byReason].map(([why, calls]) =>
      reasons[why](what ?? listOf(subjectsOf(calls), 'and'), [...calls]),
    ),
  );
}

function stageOf(status: string): 'queued' | 'canceling' | 'running' {
  if (status === 'CREATED' || status === 'QUEUED') return 'queued';
  return status === 'CANCELING' ? 'canceling' : 'running';
}

function jobInRow(job: RunningJob): string {
  const progress = stageOf(job.status) === 'running' ? jobProgressInWords(job) : '';
  return progress === ''
    ? inRow[job.kind][stageOf(job.status)]()
    : listOf([inRow[job.kind].running(), progress]);
}

const inRow = {
  backup: {
    queued: () => t({ message: 'backup queued', comment: ['What goes on on a client, in its row.'] }),
    running: () => t({ message: 'backup running', comment: ['What goes on on a client, in its row.'] }),
    canceling: () =>
      t({ message: 'backup being canceled', comment: ['What goes on on a client, in its row.'] }),
  },
  restore: {
    queued: () => t({ message: 'restore queued', comment: ['What goes on on a client, in its row.'] }),
    running: () => t({ message: 'restore running', comment: ['What goes on on a client, in its row.'] }),
    canceling: () =>
      t({ message: 'restore being canceled', comment: ['What goes on on a client, in its row.'] }),
  },
} as const;

function isOneJob(clients: readonly NamedWork[]): boolean {
  return clients.length === 1 && clients[0]?.jobs.length === 1;
}

function backupsOn(names: string, one: boolean): string {
  return one ? t('A backup is running on {0}.', names) : t('Backups are running on {0}.', names);
}

function restoresOn(names: string, one: boolean): string {
  return one ? t('A restore is running on {0}.', names) : t('Restores are running on {0}.', names);
}

function queuedBackupsOn(names: string, one: boolean): string {
  return one ? t('A backup is queued on {0}.', names) : t('Backups are queued on {0}.', names);
}

function queuedRestoresOn(names: string, one: boolean): string {
  return one ? t('A restore is queued on {0}.', names) : t('Restores are queued on {0}.', names);
}

type WorkGroup = 'backup' | 'queuedBackup' | 'restore' | 'queuedRestore' | 'both';

/** In which sentence a client is named. */
function groupOf({ jobs }: NamedWork): WorkGroup {
  const { kind } = jobs[0];
  if (jobs.some((job) => job.kind !== kind)) return 'both';
  if (jobs.some((job) => stageOf(job.status) !== 'queued')) return kind;
  return kind === 'backup' ? 'queuedBackup' : 'queuedRestore';
}

function withDetails(one: NamedWork, nowMs: number): string {
  const { name, jobs } = one;
  // The sentence says of them all that they're queued.
  const detailsOf = groupOf(one).startsWith('queued') ? sinceOf : jobDetails;
  const details = jobs.map((job) => listOf(detailsOf(job, nowMs))).filter((text) => text !== '');
  return details.length === 0
    ? name
    : t({
        message: '{name} ({details})',
        args: { name, details: details.join(' · ') },
        comment: ['A client and how far its backup is: web-1 (43%, since 2:02 PM)'],
      });
}

function jobDetails(job: RunningJob, nowMs: number): readonly string[] {
  return [jobProgressInWords(job), ...sinceOf(job, nowMs)].filter((text) => text !== '');
}

/** Since when a job goes on; none where that isn't known. */
function sinceOf({ since }: RunningJob, nowMs: number): readonly string[] {
  if (since === undefined) return [];
  return [
    t({
      message: 'since {0}',
      args: [sinceInWords(since * 1000, nowMs)],
      comment: ['{0}: a time of day, perhaps with its day. Since when a backup is running'],
    }),
  ];
}

/** What the calls would have answered, each as the end of "Couldn't tell …". */
function subjectsOf(calls: ReadonlySet<ProtectionCall>): readonly string[] {
  const backups = calls.has('hbr:DescribeBackupJobs2');
  const restores = calls.has('hbr:DescribeRestoreJobs2');
  const plans = calls.has('hbr:DescribeBackupPlans');
  const policies = calls.has('hbr:DescribePoliciesV2') || calls.has('hbr:DescribePolicyBindings');
  return [
    backups &&
      restores &&
      t({ message: 'whether backups or restores are running', comment: ["Follows “Couldn't tell”"] }),
    backups &&
      !restores &&
      t({ message: 'whether backups are running', comment: ["Follows “Couldn't tell”"] }),
    restores &&
      !backups &&
      t({ message: 'whether restores are running', comment: ["Follows “Couldn't tell”"] }),
    plans &&
      policies &&
      t({ message: 'which backup plans and policies apply', comment: ["Follows “Couldn't tell”"] }),
    plans && !policies && t({ message: 'which backup plans apply', comment: ["Follows “Couldn't tell”"] }),
    policies && !plans && t({ message: 'which backup policies apply', comment: ["Follows “Couldn't tell”"] }),
    calls.has('hbr:ListProtectedResources') &&
      t({ message: 'whether Essential Edition is turned on', comment: ["Follows “Couldn't tell”"] }),
  ].filter((text) => text !== false);
}

const reasons: Readonly<Record<Gap['why'], (what: string, calls: readonly ProtectionCall[]) => string>> = {
  'permission-denied': (what, calls) =>
    calls.length === 1
      ? t({
          message: "Couldn't tell {what}: you don't have the {action} permission.",
          args: { what, action: listOf(calls) },
          comment: ['{what}: such as “whether backups are running”.', '{action}: a RAM action.'],
        })
      : t({
          message: "Couldn't tell {what}: you don't have the {actions} permissions.",
          args: { what, actions: listOf(calls, 'and') },
          comment: ['{what}: such as “whether backups are running”.', '{actions}: RAM actions.'],
        }),
  'other-account': (what) =>
    t({
      message:
        "Couldn't tell {what}: these clients belong to another account, and Cloud Backup might not report that.",
      args: { what },
      comment: ['{what}: such as “whether backups are running”.'],
    }),
  'other-type': (what) =>
    t({
      message: "Couldn't tell {what}: Cloud Backup reports that for clients on ECS instances only.",
      args: { what },
      comment: ['{what}: such as “whether backups are running”.'],
    }),
  failed: (what) =>
    t({
      message: "Couldn't tell {what}: the request failed.",
      args: { what },
      comment: ['{what}: such as “whether backups are running”.'],
    }),
  'too-slow': (what) =>
    t({
      message: "Couldn't tell {what}: Cloud Backup took too long to answer.",
      args: { what },
      comment: ['{what}: such as “whether backups are running”.'],
    }),
  'cut-off': (what) =>
    t({
      message: "Couldn't tell {what}: there are too many entries to read.",
      args: { what },
      comment: ['{what}: such as “whether backups are running”.'],
    }),
  'no-instance': (what) =>
    t({
      message: "Couldn't tell {what}: the client has no instance ID.",
      args: { what },
      comment: ['{what}: such as “whether backups are running”.'],
    }),
  unclear: (what) =>
    t({
      message: "Couldn't tell {what}: Cloud Backup doesn't know the status of one.",
      args: { what },
      comment: ['{what}: such as “whether backups are running”.'],
    }),
  unnamed: (what) =>
    t({
      message: "Couldn't tell {what}: Cloud Backup doesn't say on which client one runs.",
      args: { what },
      comment: ['{what}: such as “whether backups are running”.'],
    }),
};
