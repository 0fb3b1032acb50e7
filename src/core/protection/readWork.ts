import { chunksOf } from '../kernel/chunks';
import type { Waiting } from '../kernel/waiting';
import { BackupError } from '../service/errors';
import {
  editions,
  mostFilterValues,
  type BackupPlan,
  type Job,
  type JobQuery,
  type ProtectionApi,
} from '../service/protection';
import type { Scope } from '../service/scope';
import { collect, joinReads, type RowsRead } from './collect';
import { readOrGap, type Gap, type ReadDeps } from './gap';
import { unfinishedStatuses } from './jobStates';
import { readPlans } from './readPlans';
import { callOf, instanceIdsOf, workOf, type Machine, type Work } from './work';

export interface WorkDeps extends ReadDeps {
  readonly api: Pick<ProtectionApi, 'listJobs' | 'listPlans'>;
  /** Milliseconds since 1970 by the service's clock, as far as it's known. */
  readonly serviceNow: (scope: Scope) => number;
}

/** A machine with its key, which the answers have. */
export type KeyedMachine = Machine & { readonly key: string };

// More unfinished jobs than this aren't read; what isn't found then isn't "none".
const mostPages = 10;
// How old a job may be that's looked for without a filter by status.
const newestSeconds = 2 * 24 * 3600;

/**
 * Reads what goes on on machines; the answers have their keys. Takes two calls for backups and two for plans per 500
 * machines, and two for restores whatever their number, plus one for each further 99 unfinished jobs. What can't be read,
 * or takes longer than `limitMs` milliseconds, is a gap, and a machine without a job in what was read is `unknown` then.
 * Rejects only for a cancel.
 *
 * @param plans of these machines, where they're read anyway
 */
export async function readWork(
  deps: WorkDeps,
  scope: Scope,
  machines: readonly KeyedMachine[],
  waiting: Waiting,
  {
    limitMs,
    plans = readPlans(deps, scope, machines, waiting, limitMs),
  }: { readonly limitMs?: number; readonly plans?: Promise<RowsRead<BackupPlan>> } = {},
): Promise<ReadonlyMap<string, Work>> {
  const now = Math.floor(deps.serviceNow(scope) / 1000);
  const judge = (read: RowsRead<Job>) =>
    new Map(machines.map((machine) => [machine.key, workOf(machine, read, scope, now)]));
  const [read, { rows: planRows }] = await Promise.all([
    readUnfinished(deps, scope, machines, waiting, limitMs),
    plans,
  ]);
  const works = judge(read);
  // The service may leave out what it doesn't list by an unfinished status; a plan gives that away.
  const begun = new Set(planRows.flatMap((plan) => (hasBegun(plan) ? (plan.instanceId ?? []) : [])));
  const doubtful = machines.filter(
    ({ key, instanceId }) => begun.has(instanceId ?? '') && works.get(key)?.kind === 'none',
  );
  if (doubtful.length === 0) return works;
  return judge(joinReads([read, await readNewest(deps, scope, doubtful, waiting, limitMs)]));
}

function hasBegun({ disabled, latestStartedJobId, latestFinishedJobId }: BackupPlan): boolean {
  return Boolean(
    !disabled && latestStartedJobId && latestFinishedJobId && latestStartedJobId !== latestFinishedJobId,
  );
}

async function readUnfinished(
  deps: WorkDeps,
  scope: Scope,
  machines: readonly Machine[],
  waiting: Waiting,
  limitMs: number | undefined,
): Promise<RowsRead<Job>> {
  if (scope.clientType !== 'ECS_CLIENT') {
    return { rows: [], gaps: [{ call: callOf('backup'), why: 'other-type' }] };
  }
  const queries: readonly JobQuery[] = editions.flatMap((edition): readonly JobQuery[] => [
    ...chunksOf(instanceIdsOf(machines), mostFilterValues).map((instanceIds) => ({
      ...{ kind: 'backup' as const, edition, instanceIds, statuses: unfinishedStatuses },
    })),
    // Which key filters restores by machine isn't certain, and restores are few.
    { kind: 'restore', edition, statuses: unfinishedStatuses },
  ]);
  const reads = await Promise.all(
    queries.map((query) => readOr(deps, scope, query, waiting, limitMs, mostPages)),
  );
  const read = joinReads(reads);
  // Rows of another account come only if the service reports them to this one, which isn't documented.
  const other: Gap = { call: callOf('backup'), why: 'other-account' };
  return scope.crossAccount ? { ...read, gaps: [...read.gaps, other] } : read;
}

function readNewest(
  deps: WorkDeps,
  scope: Scope,
  machines: readonly Machine[],
  waiting: Waiting,
  limitMs: number | undefined,
): Promise<RowsRead<Job>> {
  const createdSince = sinceNewest(deps, scope);
  const queries = editions.flatMap((edition) =>
    chunksOf(instanceIdsOf(machines), mostFilterValues).map((instanceIds) => ({
      ...{ kind: 'backup' as const, edition, instanceIds, createdSince },
    })),
  );
  return Promise.all(queries.map((query) => readOr(deps, scope, query, waiting, limitMs, 1))).then(joinReads);
}

function readOr(
  deps: WorkDeps,
  scope: Scope,
  query: JobQuery,
  waiting: Waiting,
  limitMs: number | undefined,
  pages: number,
): Promise<RowsRead<Job> | Gap> {
  const call = callOf(query.kind);
  return readOrGap(
    deps,
    call,
    async (each) => {
      try {
        return await collect(call, deps.api.listJobs(scope, query, { ...each, mostPages: pages }));
      } catch (error) {
        if (!(error instanceof BackupError) || error.code !== 'bad-request' || !query.statuses) throw error;
        // It may refuse words that its reference doesn't list.
        const { kind, edition, instanceIds } = query;
        const newest = {
          ...{ kind, edition, createdSince: sinceNewest(deps, scope) },
          ...(instanceIds && { instanceIds }),
        };
        return collect(call, deps.api.listJobs(scope, newest, { ...each, mostPages: 1 }));
      }
    },
    waiting,
    limitMs,
  );
}

function sinceNewest({ serviceNow }: WorkDeps, scope: Scope): number {
  return Math.floor(serviceNow(scope) / 1000) - newestSeconds;
}
