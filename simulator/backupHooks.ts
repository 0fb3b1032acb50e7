import { bindingRow, planRow, policyRow, type BindingRow, type PlanRow, type PolicyRow } from './backups';
import { toSeconds, type Clock } from './clock';
import { idOf, isEnd, Job, Restore, type Course, type Edition, type JobRow, type RestoreRow } from './jobs';
import type { Region } from './region';
import { Runner, scheduleOf } from './runner';

/** How a job that a test adds goes on. */
export interface PutJob {
  readonly edition?: Edition;
  /** Its status follows from the time then, and isn't given. */
  readonly endsInSeconds?: number;
  readonly endsAs?: string;
}

/** What backs up the machines of one account in one region, in the hands of a test. */
export interface BackupHooks {
  /** Backups as they are now, newest first. */
  jobs(): readonly JobRow[];
  /**
   * Adds a backup; what is left out is that of one that runs, and goes on until it's changed. With `endsInSeconds` it
   * runs until then and ends as `endsAs`, by default COMPLETE. `CreatedTime` decides its place in the list.
   */
  putJob(row: Partial<JobRow> & Pick<JobRow, 'InstanceId'>, more?: PutJob): JobRow;
  /** Changes a backup. Throws when there is none with this id. */
  updateJob(jobId: string, change: Partial<JobRow>): void;
  restores(): readonly RestoreRow[];
  /** Adds a restore, as {@link putJob} does. */
  putRestore(row: Partial<RestoreRow> & Pick<RestoreRow, 'TargetInstanceId'>, more?: PutJob): RestoreRow;
  /** Changes a restore. Throws when there is none with this id. */
  updateRestore(restoreId: string, change: Partial<RestoreRow>): void;
  plans(edition?: Edition): readonly PlanRow[];
  /**
   * Adds a plan; what is left out is that of a nightly one. With `backupSeconds` it backs up when it's due from now on,
   * and each backup takes so long; else it never does.
   */
  putPlan(
    row: Partial<PlanRow> & Pick<PlanRow, 'InstanceId'>,
    more?: { readonly edition?: Edition; readonly backupSeconds?: number },
  ): PlanRow;
  /** Changes a plan. Throws when there is none with this id. */
  updatePlan(planId: string, change: Partial<PlanRow>): void;
  policies(): readonly PolicyRow[];
  putPolicy(row?: Partial<PolicyRow>): PolicyRow;
  bindings(): readonly BindingRow[];
  /** Binds a machine to a policy. */
  putBinding(row: Partial<BindingRow> & Pick<BindingRow, 'PolicyId' | 'DataSourceId'>): BindingRow;
  /** Machines that Essential Edition protects. */
  essentialIds(): readonly string[];
  /** Puts a machine under Essential Edition; a plan for it is added with `putPlan`. */
  putEssential(instanceId: string): void;
}

/** Of a region; what a test adds or changes is seen by the next call. */
export function backupHooks(region: Region, clock: Clock): BackupHooks {
  const { backups } = region;
  const now = (): number => toSeconds(clock.nowMs());
  let made = 0;
  return {
    jobs: () => backups.allJobs(now()).map((job) => job.rowAt(now())),
    putJob: (row, more = {}) => {
      const { edition = 'STANDARD' } = more;
      const JobId = row.JobId ?? idOf('job', `${row.InstanceId} put ${++made}`);
      const source = {
        instanceId: row.InstanceId,
        clientId: region.clientOnInstance(row.InstanceId)?.clientId ?? '',
        planId: '',
        vaultId: idOf('v', edition),
        edition,
      };
      const job = new Job(source, courseOf(row, more, now()), { ...fixed(row, more), JobId });
      backups.addJob(job, now());
      return job.rowAt(now());
    },
    updateJob: (jobId, change) => backups.job(jobId, now()).change(ended(change, now())),
    restores: () => backups.allRestores().map((restore) => restore.rowAt(now())),
    putRestore: (row, more = {}) => {
      const restoreId = row.RestoreId ?? idOf('r', `${row.TargetInstanceId} put ${++made}`);
      const TargetClientId = region.clientOnInstance(row.TargetInstanceId)?.clientId ?? '';
      const change = { TargetClientId, ...fixed(row, more) };
      const course = courseOf(row, more, now());
      const restore = new Restore(restoreId, more.edition ?? 'STANDARD', course, change);
      backups.addRestore(restore);
      return restore.rowAt(now());
    },
    updateRestore: (restoreId, change) => backups.restore(restoreId).change(ended(change, now())),
    plans: (edition = 'STANDARD') => backups.plans(edition).map((row) => backups.withJobs(row, now())),
    putPlan: (row, { edition = 'STANDARD', backupSeconds } = {}) => {
      const ClientId = region.clientOnInstance(row.InstanceId)?.clientId ?? '';
      const plan = planRow({ ClientId, ...row }, now());
      backups.addPlan(plan, edition);
      if (backupSeconds === undefined) return plan;
      const source = {
        ...{ instanceId: plan.InstanceId, clientId: plan.ClientId, planId: plan.PlanId },
        ...{ vaultId: plan.VaultId, edition },
      };
      backups.addRunner(
        new Runner(source, {
          ...scheduleOf(plan.Schedule),
          ...{ fromS: now(), untilS: Infinity, queuedS: 0, durationS: backupSeconds },
          ...{ failsFromS: Infinity, ends: 'well' },
        }),
      );
      return plan;
    },
    updatePlan: (planId, change) => backups.updatePlan(planId, change),
    policies: () => backups.policies,
    putPolicy: (row = {}) => {
      const policy = policyRow(row, now());
      backups.policies.push(policy);
      return policy;
    },
    bindings: () => backups.bindings,
    putBinding: (row) => {
      const binding = bindingRow(row, now());
      backups.bindings.push(binding);
      return binding;
    },
    essentialIds: () => [...backups.essentialIds],
    putEssential: (instanceId) => {
      backups.essentialIds.add(instanceId);
    },
  };
}

type GivenTimes = Partial<Pick<JobRow, 'Status' | 'Progress' | 'CreatedTime' | 'StartTime' | 'CompleteTime'>>;

function courseOf(row: GivenTimes, { endsInSeconds, endsAs = 'COMPLETE' }: PutJob, nowS: number): Course {
  const { Status = 'RUNNING', CreatedTime: createdS = nowS } = row;
  const startS = row.StartTime ?? createdS;
  if (endsInSeconds !== undefined) return { createdS, startS, endS: nowS + endsInSeconds, end: endsAs };
  if (!isEnd(Status)) return { createdS, startS, endS: Infinity, end: Status };
  return { createdS, startS, endS: row.CompleteTime ?? Math.min(nowS, createdS + 600), end: Status };
}

/** The fields that don't follow from the time. */
function fixed<Row extends GivenTimes>(row: Row, { endsInSeconds }: PutJob): Row {
  if (endsInSeconds !== undefined || isEnd(row.Status ?? 'RUNNING')) return row;
  const Status = row.Status ?? 'RUNNING';
  return { ...row, Status, Progress: row.Progress ?? (Status === 'RUNNING' ? 4250 : 0) };
}

/** A status in which a job stays comes with the time when it ended. */
function ended<Row extends GivenTimes>(change: Row, nowS: number): Row {
  if (change.Status === undefined || !isEnd(change.Status)) return change;
  const whole = change.Status === 'COMPLETE' && { Progress: 10_000 };
  return { CompleteTime: nowS, UpdatedTime: nowS, ...whole, ...change };
}
