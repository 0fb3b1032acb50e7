import type { Waiting } from '../kernel/waiting';
import type { Scope } from './scope';

/** Editions of file backup on ECS. A read sees one of them; `BASIC` is the Essential Edition (documented). */
export const editions = ['STANDARD', 'BASIC'] as const;
export type Edition = (typeof editions)[number];

/** One backup or restore, with the machine that it occupies: the one whose files are read, or which receives them. */
export interface Job {
  readonly kind: 'backup' | 'restore';
  /** `job-…` of a backup, `r-…` of a restore. */
  readonly jobId: string;
  /** As the service sent it, trimmed and in upper case. See `isGoingOn`. */
  readonly status: string;
  readonly clientId?: string;
  readonly instanceId?: string;
  /** Of a backup that a plan or policy started. */
  readonly planId?: string;
  readonly edition: Edition;
  /** 0 to 100; an estimate while the job goes on. */
  readonly percent?: number;
  /** UNIX seconds, as the times below. */
  readonly createdTime?: number;
  readonly startTime?: number;
  readonly updatedTime?: number;
  /** Absent while the job goes on. */
  readonly completeTime?: number;
  readonly errorMessage?: string;
  /** The other account that owns the machine, where the row names one; the fields of the account's own rows are empty or 0. */
  readonly crossAccountId?: string;
}

/** Which jobs to list: those that meet every part. */
export interface JobQuery {
  readonly kind: Job['kind'];
  readonly edition: Edition;
  /**
   * Any of these. Whether the service takes words of unfinished jobs isn't documented: it may refuse them, or return jobs
   * in other statuses too.
   */
  readonly statuses?: readonly string[];
  /** Machines that backups occupy; 1 to {@link mostFilterValues}. Not for restores, where the key is uncertain. */
  readonly instanceIds?: readonly string[];
  /** UNIX seconds: created, or completed, at that time or later. */
  readonly createdSince?: number;
  readonly completedSince?: number;
}

/** Values of one filter of jobs, restores, and plans (documented). */
export const mostFilterValues = 500;

/** A plan that backs up one machine on a schedule. */
export interface BackupPlan {
  readonly planId: string;
  readonly name?: string;
  readonly instanceId?: string;
  readonly clientId?: string;
  readonly edition: Edition;
  /** As the service sent it; see `nextRun`. */
  readonly schedule: string;
  /** Days. */
  readonly retentionDays?: number;
  /** True while it's suspended. */
  readonly disabled: boolean;
  /** UNIX seconds. */
  readonly createdTime?: number;
  /** The job that it started last, and the one that finished last; they differ while one goes on. */
  readonly latestStartedJobId?: string;
  readonly latestFinishedJobId?: string;
}

/** A policy backs up the machines that are bound to it. */
export interface BackupPolicy {
  readonly policyId: string;
  readonly name?: string;
  /** Of its backup rules, as the service sent them. */
  readonly schedules: readonly string[];
  /** Days. */
  readonly retentionDays?: number;
}

export interface PolicyBinding {
  readonly policyId: string;
  readonly instanceId: string;
  readonly disabled: boolean;
  /** UNIX seconds. */
  readonly createdTime?: number;
  readonly crossAccountId?: string;
}

/** Rows as pages arrive, each once; returns whether the service had no more. */
export type Rows<T> = AsyncGenerator<readonly T[], RowsEnd, void>;

export interface RowsEnd {
  /** False where reading stopped at the limit of pages: there might be more rows. */
  readonly complete: boolean;
}

/** Passed to reads of many pages. */
export interface PagedWaiting extends Waiting {
  /** Most pages to read, at least 1; each is one call with up to 99 rows. */
  readonly mostPages: number;
}

/**
 * What Cloud Backup knows of backups on ECS instances. All of it is read only. None of these reads can name another
 * account: what they return of other accounts isn't documented. Each throws BackupError like a listing, `permission-denied`
 * with its RAM action among others, and `invalid-input` for a query that the service would reject.
 */
export interface ProtectionApi {
  /** Jobs, newest first as far as the service sorts them, which isn't documented. */
  listJobs(scope: Scope, query: JobQuery, waiting: PagedWaiting): Rows<Job>;
  /** Plans of one edition, of all machines or of 1 to {@link mostFilterValues}. */
  listPlans(
    scope: Scope,
    query: { readonly edition: Edition; readonly instanceIds?: readonly string[] },
    waiting: PagedWaiting,
  ): Rows<BackupPlan>;
  /** All policies of the region. */
  listPolicies(scope: Scope, waiting: PagedWaiting): Rows<BackupPolicy>;
  /** Which machines are bound to policies: all, or 1 to {@link mostFilterValues}. */
  listPolicyBindings(
    scope: Scope,
    query: { readonly instanceIds?: readonly string[] },
    waiting: PagedWaiting,
  ): Rows<PolicyBinding>;
  /** Instance IDs of the machines that Essential Edition protects, or whether it protects this one. */
  listEssentialInstances(
    scope: Scope,
    query: { readonly instanceId?: string },
    waiting: PagedWaiting,
  ): Rows<string>;
}

/** The reads above as RAM names them. */
export const protectionCalls = [
  'hbr:DescribeBackupJobs2',
  'hbr:DescribeRestoreJobs2',
  'hbr:DescribeBackupPlans',
  'hbr:DescribePoliciesV2',
  'hbr:DescribePolicyBindings',
  'hbr:ListProtectedResources',
] as const;
export type ProtectionCall = (typeof protectionCalls)[number];
