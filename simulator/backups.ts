import { idOf, isEnd, type Edition, type Job, type Restore } from './jobs';
import type { Runner } from './runner';

/** One entry of `BackupPlans.BackupPlan` as it goes over the wire, without what follows from its jobs. */
export interface PlanRow {
  readonly PlanId: string;
  readonly PlanName: string;
  readonly SourceType: string;
  readonly VaultId: string;
  readonly InstanceId: string;
  readonly ClientId: string;
  readonly Schedule: string;
  /** Days. */
  readonly Retention: number;
  readonly KeepLatestSnapshots: number;
  readonly Disabled: boolean;
  readonly BusinessStatus: string;
  readonly BackupType: string;
  readonly Paths: { readonly Path: readonly string[] };
  readonly Options: string;
  readonly CreatedTime: number;
  readonly UpdatedTime: number;
  readonly LatestExecuteJobId?: string;
  readonly LatestFinishJobId?: string;
}

export interface PolicyRule {
  readonly RuleId: string;
  readonly RuleType: string;
  readonly Schedule?: string;
  readonly Retention?: number;
}

/** One entry of `Policies`. */
export interface PolicyRow {
  readonly PolicyId: string;
  readonly PolicyName: string;
  readonly PolicyDescription: string;
  readonly PolicyType: string;
  readonly BusinessStatus: string;
  readonly CreatedTime: number;
  readonly UpdatedTime: number;
  readonly Rules: readonly PolicyRule[];
}

/** One entry of `PolicyBindings`. */
export interface BindingRow {
  readonly PolicyBindingId: string;
  readonly PolicyId: string;
  readonly SourceType: string;
  /** The ECS instance. */
  readonly DataSourceId: string;
  readonly Disabled: boolean;
  readonly CreatedTime: number;
  readonly UpdatedTime: number;
}

interface Plan {
  row: PlanRow;
  readonly edition: Edition;
}

/** A list that a call selects from, and how it starts. */
export interface JobSelection {
  readonly edition: Edition;
  /** Only these machines, where they're named. */
  readonly instanceIds?: ReadonlySet<string>;
  /** Only jobs that haven't ended. */
  readonly unfinished: boolean;
  /** Only jobs created or completed since then. */
  readonly sinceS: number;
}

/** What backs up the machines of one account in one region: plans, policies, and the jobs that come of them. */
export class Backups {
  readonly #runners: Runner[] = [];
  readonly #plans: Plan[] = [];
  readonly #jobs: Job[] = [];
  readonly #jobsOn = new Map<string, Job[]>();
  readonly #open = new Set<Job>();
  readonly #absentS = new Map<string, number>();
  readonly #restores: Restore[] = [];
  readonly policies: PolicyRow[] = [];
  readonly bindings: BindingRow[] = [];
  /** Machines that Essential Edition protects. */
  readonly essentialIds = new Set<string>();
  #longestS = 0;
  #advancedS = -1;
  #selectedS = 0;
  readonly #selected = new Map<string, readonly Job[]>();

  addRunner(runner: Runner): void {
    this.#changed();
    this.#runners.push(runner);
  }

  addPlan(row: PlanRow, edition: Edition): void {
    this.#plans.push({ row, edition });
  }

  addRestore(restore: Restore): void {
    this.#restores.push(restore);
  }

  /** Adds a job at its place in time. */
  addJob(job: Job, nowS: number): void {
    this.#advance(nowS);
    this.#changed();
    const at = this.#jobs.findLastIndex(({ createdS }) => createdS <= job.createdS) + 1;
    this.#jobs.splice(at, 0, job);
    this.#index(job);
  }

  /** The job with this id, for a change. Throws where there is none. */
  job(jobId: string, nowS: number): Job {
    this.#advance(nowS);
    this.#changed();
    const found = this.#jobs.findLast((job) => job.jobId === jobId);
    if (found === undefined) throw new Error(`There is no job ${jobId}.`);
    return found;
  }

  restore(restoreId: string): Restore {
    const found = this.#restores.find((restore) => restore.restoreId === restoreId);
    if (found === undefined) throw new Error(`There is no restore ${restoreId}.`);
    return found;
  }

  /** All jobs, newest first. */
  allJobs(nowS: number): readonly Job[] {
    this.#advance(nowS);
    return this.#jobs.toReversed();
  }

  allRestores(): readonly Restore[] {
    return this.#restores;
  }

  /** Jobs of an edition, newest first; at least those of the selection. */
  jobs(selection: JobSelection, nowS: number): Job[] {
    this.#advance(nowS);
    const { edition, instanceIds, unfinished, sinceS } = selection;
    return this.#candidates(instanceIds, unfinished, sinceS).filter((job) => job.edition === edition);
  }

  #candidates(instanceIds: ReadonlySet<string> | undefined, unfinished: boolean, sinceS: number): Job[] {
    if (instanceIds) return newestFirst([...instanceIds].flatMap((id) => this.#jobsOn.get(id) ?? []));
    if (unfinished) return newestFirst([...this.#open]);
    const earliestS = sinceS - this.#longestS;
    const at = earliestS > 0 ? this.#jobs.findLastIndex(({ createdS }) => createdS < earliestS) + 1 : 0;
    return this.#jobs.slice(at).reverse();
  }

  /** What `find` found under this name, as long as the time is the same and nothing has changed. */
  remember(name: string, nowS: number, find: () => readonly Job[]): readonly Job[] {
    if (this.#selectedS !== nowS) this.#selected.clear();
    this.#selectedS = nowS;
    const found = this.#selected.get(name) ?? find();
    this.#selected.set(name, found);
    return found;
  }

  /** Restores of an edition, newest first. */
  restores(edition: Edition): Restore[] {
    return this.#restores
      .filter((restore) => restore.edition === edition)
      .sort((one, other) => other.createdS - one.createdS);
  }

  plans(edition: Edition): PlanRow[] {
    return this.#plans.filter((plan) => plan.edition === edition).map(({ row }) => row);
  }

  /** A plan with the jobs that it started last. */
  withJobs(row: PlanRow, nowS: number): PlanRow {
    this.#advance(nowS);
    const jobs = (this.#jobsOn.get(row.InstanceId) ?? []).filter(
      (job) => job.fieldAt('planid', nowS) === row.PlanId,
    );
    const started = jobs.at(-1);
    const finished = jobs.findLast((job) => isEnd(job.statusAt(nowS)));
    return {
      ...row,
      ...(started && { LatestExecuteJobId: row.LatestExecuteJobId ?? started.jobId }),
      ...(finished && { LatestFinishJobId: row.LatestFinishJobId ?? finished.jobId }),
    };
  }

  updatePlan(planId: string, change: Partial<PlanRow>): void {
    const plan = this.#plans.find(({ row }) => row.PlanId === planId);
    if (plan === undefined) throw new Error(`There is no plan ${planId}.`);
    plan.row = { ...plan.row, ...change };
  }

  /** Machines that something backs up, of whatever edition, with the number of their plans. */
  protectedMachines(): ReadonlyMap<string, number> {
    const machines = new Map<string, number>();
    for (const { DataSourceId } of this.bindings) machines.set(DataSourceId, 0);
    for (const instanceId of this.essentialIds) machines.set(instanceId, 0);
    for (const { row } of this.#plans) machines.set(row.InstanceId, (machines.get(row.InstanceId) ?? 0) + 1);
    return machines;
  }

  /** What goes on on a machine comes to an end, and later runs fail. */
  uninstalled(instanceId: string, nowS: number, status: 'FAILED' | 'CLIENT_DELETED'): void {
    this.#advance(nowS);
    this.#changed();
    const stopped = {
      ...{ Status: status, ErrorMessage: 'The client was uninstalled.' },
      ...{ CompleteTime: nowS, UpdatedTime: nowS },
    };
    for (const job of this.#jobsOn.get(instanceId) ?? []) {
      if (!isEnd(job.statusAt(nowS))) job.change(stopped);
    }
    for (const restore of this.#restores) {
      if (restore.targetInstanceId === instanceId && !isEnd(restore.statusAt(nowS))) restore.change(stopped);
    }
    this.#absentS.set(instanceId, nowS);
  }

  installed(instanceId: string): void {
    this.#absentS.delete(instanceId);
  }

  /** What was found or settled for this second no longer holds. */
  #changed(): void {
    this.#selected.clear();
    this.#advancedS = -1;
  }

  #advance(nowS: number): void {
    if (nowS === this.#advancedS) return;
    this.#advancedS = nowS;
    const runs = this.#runners.flatMap((runner) =>
      runner.runsUntil(nowS, this.#absentS.get(runner.source.instanceId) ?? Infinity),
    );
    runs.sort((one, other) => one.createdS - other.createdS);
    for (const job of runs) {
      this.#jobs.push(job);
      this.#index(job);
    }
    for (const job of this.#open) {
      if (!isEnd(job.statusAt(nowS))) continue;
      this.#open.delete(job);
      this.#longestS = Math.max(this.#longestS, Number(job.fieldAt('completetime', nowS)) - job.createdS);
    }
  }

  #index(job: Job): void {
    const known = this.#jobsOn.get(job.instanceId);
    if (known) known.push(job);
    else this.#jobsOn.set(job.instanceId, [job]);
    this.#open.add(job);
  }
}

function newestFirst(jobs: Job[]): Job[] {
  return jobs.sort((one, other) => other.createdS - one.createdS);
}

/** A plan as it goes over the wire; what is left out is that of a nightly one. */
export function planRow(row: Partial<PlanRow> & Pick<PlanRow, 'InstanceId'>, nowS: number): PlanRow {
  return {
    PlanId: idOf('plan', `${row.InstanceId} ${row.PlanName ?? ''}`),
    PlanName: 'nightly',
    SourceType: 'ECS_FILE',
    VaultId: idOf('v', 'STANDARD'),
    ClientId: '',
    Schedule: `I|${nowS - 12 * 3600}|P1D`,
    Retention: 30,
    KeepLatestSnapshots: 1,
    Disabled: false,
    BusinessStatus: 'ACTIVE',
    BackupType: 'COMPLETE',
    Paths: { Path: ['/srv'] },
    Options: '',
    CreatedTime: nowS - 30 * 86_400,
    UpdatedTime: nowS - 30 * 86_400,
    ...row,
  };
}

/** A policy with one backup rule that keeps backups for a month; what is left out is made up. */
export function policyRow(row: Partial<PolicyRow>, nowS: number): PolicyRow {
  const PolicyId = row.PolicyId ?? idOf('po', row.PolicyName ?? 'policy');
  return {
    PolicyId,
    PolicyName: 'policy',
    PolicyDescription: '',
    PolicyType: 'STANDARD',
    BusinessStatus: 'ACTIVE',
    CreatedTime: nowS - 60 * 86_400,
    UpdatedTime: nowS - 60 * 86_400,
    Rules: [
      {
        RuleId: idOf('rule', `${PolicyId} backup`),
        RuleType: 'BACKUP',
        Schedule: `I|${nowS - 12 * 3600}|P1D`,
      },
      { RuleId: idOf('rule', `${PolicyId} transition`), RuleType: 'TRANSITION', Retention: 30 },
    ],
    ...row,
  };
}

/** That a policy backs up a machine. */
export function bindingRow(
  row: Partial<BindingRow> & Pick<BindingRow, 'PolicyId' | 'DataSourceId'>,
  nowS: number,
): BindingRow {
  return {
    PolicyBindingId: idOf('pd', `${row.PolicyId} ${row.DataSourceId}`),
    SourceType: 'ECS_FILE',
    Disabled: false,
    CreatedTime: nowS - 30 * 86_400,
    UpdatedTime: nowS - 30 * 86_400,
    ...row,
  };
}
