import type { Job } from '../service/protection';
import type { Scope } from '../service/scope';
import type { RowsRead } from './collect';
import type { Gap } from './gap';
import { isGoingOn } from './jobStates';

/** A backup or restore that goes on, as far as it concerns one client. */
export interface RunningJob extends Pick<Job, 'kind' | 'jobId' | 'status' | 'percent'> {
  /** UNIX seconds: when it started, else when it was created. */
  readonly since?: number;
  /**
   * False where the instance is the same and the client ID isn't, as after a reinstall, or where the job doesn't name the
   * account. It counts nevertheless.
   */
  readonly certain: boolean;
  /** True where the service hasn't updated it for a day. It counts nevertheless. */
  readonly stuck: boolean;
}

/**
 * What goes on on a machine: something, nothing that could be found, or not known. `unknown` is never taken for `none`.
 * What was found counts although another read failed.
 */
export type Work =
  | { readonly kind: 'running'; readonly jobs: readonly [RunningJob, ...RunningJob[]] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly gaps: readonly [Gap, ...Gap[]] };

export type RunningWork = Extract<Work, { readonly kind: 'running' }>;
export type UnknownWork = Extract<Work, { readonly kind: 'unknown' }>;

/** What is known of a machine where nothing could be read. */
export function unknownWork(why: Gap['why']): UnknownWork {
  return {
    kind: 'unknown',
    gaps: [
      { call: callOf('backup'), why },
      { call: callOf('restore'), why },
    ],
  };
}

/**
 * True where nothing was found, and no other reading would find more: what isn't known of the machine never is. So a job that
 * an earlier reading found has ended.
 */
export function isFreeAsFarAsKnown(work: Work | undefined): boolean {
  if (work?.kind !== 'unknown') return work?.kind === 'none';
  return work.gaps.every(({ why }) => why === 'no-instance' || why === 'other-account');
}

/** The IDs of a client that jobs are matched with. */
export interface Machine {
  readonly instanceId?: string | undefined;
  readonly clientId?: string | undefined;
}

const stuckAfterSeconds = 24 * 3600;

/**
 * Answers what goes on on a machine, according to the jobs that were read. They're looked through once, however many machines
 * it's asked about.
 * @param now UNIX seconds by the service's clock
 */
export function worksBy(read: RowsRead<Job>, scope: Scope, now: number): (machine: Machine) => Work {
  const jobsOn = jobsById(read.rows);
  return (machine) => workOf(machine, jobsOn(machine), read.gaps, scope, now);
}

/** Finds the jobs with an ID of a machine, in the order in which they were read. */
function jobsById(jobs: readonly Job[]): (machine: Machine) => readonly Job[] {
  const byId = new Map<string, Set<number>>();
  jobs.forEach(({ instanceId, clientId }, index) => {
    for (const id of [instanceId, clientId]) {
      if (id) byId.set(id, (byId.get(id) ?? new Set()).add(index));
    }
  });
  return ({ instanceId = '', clientId = '' }) =>
    [...new Set([...(byId.get(instanceId) ?? []), ...(byId.get(clientId) ?? [])])]
      .sort((a, b) => a - b)
      .flatMap((index) => jobs[index] ?? []);
}

function workOf(
  machine: Machine,
  jobs: readonly Job[],
  gaps: readonly Gap[],
  scope: Scope,
  now: number,
): Work {
  const own = jobs.flatMap((job) => {
    const match = matchOf(job, machine);
    return match ? [{ job, certain: match === 'certain' && isOfAccount(job, scope) }] : [];
  });
  const running = own.filter(({ job }) => isGoingOn(job.status) === true).map((one) => runningJob(one, now));
  const [first, ...others] = [...new Map(running.map((job) => [job.jobId, job])).values()];
  if (first) return { kind: 'running', jobs: [first, ...others] };
  const unclear = own
    .filter(({ job }) => isGoingOn(job.status) === 'unknown')
    .map(({ job }): Gap => ({ call: callOf(job.kind), why: 'unclear' }));
  // Backups are read by instance ID.
  const unread: readonly Gap[] = machine.instanceId ? [] : [{ call: callOf('backup'), why: 'no-instance' }];
  const [gap, ...furtherGaps] = [...gaps, ...unread, ...unclear];
  return gap ? { kind: 'unknown', gaps: [gap, ...furtherGaps] } : { kind: 'none' };
}

/**
 * What jobs leave open that name none of these machines and no other one: each may run on any machine that was asked for.
 * Backups are read by instance ID, so that one with a client ID that nobody knows is among them; restores aren't.
 */
export function unnamedAmong(jobs: readonly Job[], machines: readonly Machine[]): readonly Gap[] {
  const clientIds = new Set(machines.map(({ clientId }) => clientId));
  const unnamed = jobs.filter(
    ({ kind, status, instanceId, clientId }) =>
      !instanceId &&
      isGoingOn(status) !== false &&
      (!clientId || (kind === 'backup' && !clientIds.has(clientId))),
  );
  return [...new Set(unnamed.map(({ kind }) => kind))].map((kind) => ({
    call: callOf(kind),
    why: 'unnamed',
  }));
}

/** The read that finds jobs of a kind. */
export function callOf(kind: Job['kind']): Gap['call'] {
  return kind === 'backup' ? 'hbr:DescribeBackupJobs2' : 'hbr:DescribeRestoreJobs2';
}

/** The instance IDs of machines, each once. */
export function instanceIdsOf(machines: readonly Machine[]): readonly string[] {
  return [...new Set(machines.flatMap(({ instanceId }) => instanceId || []))];
}

/** How a job is matched with a client: by the client's ID; by that of its instance where the job names no client. */
function matchOf(job: Job, { instanceId, clientId }: Machine): 'certain' | 'perhaps' | undefined {
  if (job.clientId && clientId && job.clientId === clientId) return 'certain';
  if (!job.instanceId || job.instanceId !== instanceId) return undefined;
  return job.clientId && clientId ? 'perhaps' : 'certain';
}

/** IDs are unique in a region, so a job that names no account, or another one, counts too, but not as certain. */
export function isOfAccount({ crossAccountId }: Job, { accountId, crossAccount }: Scope): boolean {
  return crossAccount
    ? crossAccountId === crossAccount.userId
    : crossAccountId === undefined || crossAccountId === accountId;
}

function runningJob(
  { job, certain }: { readonly job: Job; readonly certain: boolean },
  now: number,
): RunningJob {
  const { kind, jobId, status, percent, startTime, createdTime, updatedTime } = job;
  const since = startTime ?? createdTime;
  const updated = updatedTime ?? since;
  return {
    ...{ kind, jobId, status, certain },
    ...(percent !== undefined && { percent }),
    ...(since !== undefined && { since }),
    stuck: status === 'RUNNING' && updated !== undefined && now - updated > stuckAfterSeconds,
  };
}
