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
import { joinReads, readRows, type RowsRead } from './collect';
import type { ReadDeps } from './gap';
import { unfinishedStatuses } from './jobStates';
import { readPlans } from './readPlans';
import { parseSchedule } from './schedule';
import {
  callOf,
  instanceIdsOf,
  isFreeAsFarAsKnown,
  unknownWork,
  unnamedAmong,
  worksBy,
  type Machine,
  type RunningJob,
  type Work,
} from './work';

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
// How long before its start a job may have been created.
const queuedSeconds = 24 * 3600;

/**
 * Reads what goes on on machines; the answers have their keys. Takes two calls for backups and two for plans per 500
 * machines, and two for restores whatever their number, plus one for each further 99 unfinished jobs. Where the service
 * refuses to list by unfinished statuses, or a plan has started a job that it didn't list, jobs of the last two days are
 * read too, at most ten calls per 500 machines and edition. What can't be read, or takes longer than `limitMs`
 * milliseconds, is a gap, and a machine without a job in what was read is `unknown` then. Rejects only for a cancel.
 *
 * @param options.plans of these machines, where they're read anyway
 * @param options.before jobs that were known before, by the keys of their machines. Such a machine counts as free only if no
 * job goes on among all since then either, or of the last two days: one may have come into a status that nobody knows.
 */
export async function readWork(
  deps: WorkDeps,
  scope: Scope,
  machines: readonly KeyedMachine[],
  waiting: Waiting,
  {
    limitMs,
    plans = readPlans(deps, scope, machines, waiting, limitMs),
    before = new Map(),
  }: {
    readonly limitMs?: number;
    readonly plans?: Promise<RowsRead<BackupPlan>>;
    readonly before?: ReadonlyMap<string, readonly Pick<RunningJob, 'kind' | 'since'>[]>;
  } = {},
): Promise<ReadonlyMap<string, Work>> {
  const now = Math.floor(deps.serviceNow(scope) / 1000);
  const read = (query: JobQuery) => readJobs(deps, scope, query, waiting, limitMs);
  const judge = (some: readonly KeyedMachine[], { rows, gaps }: RowsRead<Job>) => {
    const workOf = worksBy({ rows, gaps: [...gaps, ...unnamedAmong(rows, machines)] }, scope, now);
    return some.map((machine) => [machine.key, workOf(machine)] as const);
  };
  const [unfinished, { rows: planRows }] = await Promise.all([readUnfinished(scope, machines, read), plans]);
  const works = new Map(judge(machines, unfinished));
  // The service may leave out what it doesn't list by an unfinished status; a plan gives that away.
  const createdSince = now - newestSeconds;
  const isBegun = begunBy(planRows, createdSince);
  const doubtful = machines.filter(
    (machine) => isFreeAsFarAsKnown(works.get(machine.key)) && (before.has(machine.key) || isBegun(machine)),
  );
  if (doubtful.length === 0) return works;
  const known = doubtful.flatMap(({ key }) => before.get(key) ?? []);
  const oldestKnown = known.reduce((oldest, { since = oldest }) => Math.min(oldest, since), now);
  const restored = known.some(({ kind }) => kind === 'restore');
  const newestSince = Math.max(0, Math.min(createdSince, oldestKnown - queuedSeconds));
  const [newest, restores] = await Promise.all([
    Promise.all(
      byInstance(doubtful).map((query) => read({ ...query, kind: 'backup', createdSince: newestSince })),
    ),
    Promise.all(restored ? editions.map((edition) => read({ kind: 'restore', edition })) : []),
  ]);
  // They have no filter by time, so that there may be more than are read.
  const all = restores.map(({ rows, gaps }) => ({ rows, gaps: gaps.filter(({ why }) => why !== 'cut-off') }));
  return new Map([...works, ...judge(doubtful, joinReads([unfinished, ...newest, ...all]))]);
}

/**
 * Whether a plan of the machine started a job that didn't finish. A suspended plan lets it go on, and the first job of a plan
 * has none before it that finished.
 */
function begunBy(plans: readonly BackupPlan[], since: number): (machine: Machine) => boolean {
  const begun = plans.filter(
    ({ latestStartedJobId: started, latestFinishedJobId: finished, createdTime = 0, schedule }) =>
      started &&
      started !== finished &&
      (finished || createdTime >= since || (parseSchedule(schedule)?.start ?? 0) >= since),
  );
  const ids = new Set(begun.flatMap(({ instanceId, clientId }) => [instanceId, clientId]));
  return ({ instanceId, clientId }) => [instanceId, clientId].some((id) => id && ids.has(id));
}

async function readUnfinished(
  scope: Scope,
  machines: readonly Machine[],
  read: (query: JobQuery) => Promise<RowsRead<Job>>,
): Promise<RowsRead<Job>> {
  if (scope.clientType !== 'ECS_CLIENT') {
    return { rows: [], gaps: unknownWork('other-type').gaps };
  }
  const statuses = unfinishedStatuses;
  const jobs = joinReads(
    await Promise.all([
      ...byInstance(machines).map((query) => read({ ...query, kind: 'backup', statuses })),
      // Which key filters restores by machine isn't certain, and restores are few.
      ...editions.map((edition) => read({ kind: 'restore', edition, statuses })),
    ]),
  );
  // Rows of another account come only if the service reports them to this one, which isn't documented.
  return scope.crossAccount ? { ...jobs, gaps: [...jobs.gaps, ...unknownWork('other-account').gaps] } : jobs;
}

function byInstance(machines: readonly Machine[]): readonly Pick<JobQuery, 'edition' | 'instanceIds'>[] {
  const chunks = chunksOf(instanceIdsOf(machines), mostFilterValues);
  return editions.flatMap((edition) => chunks.map((instanceIds) => ({ edition, instanceIds })));
}

function readJobs(
  { api, serviceNow, ...deps }: WorkDeps,
  scope: Scope,
  query: JobQuery,
  waiting: Waiting,
  limitMs: number | undefined,
): Promise<RowsRead<Job>> {
  return readRows(
    deps,
    callOf(query.kind),
    async function* (each) {
      const paged = { ...each, mostPages };
      try {
        return yield* api.listJobs(scope, query, paged);
      } catch (error) {
        if (!(error instanceof BackupError) || error.code !== 'bad-request' || !query.statuses) throw error;
        // It may refuse words that its reference doesn't list.
        return yield* api.listJobs(scope, withoutStatuses(query, serviceNow(scope)), paged);
      }
    },
    waiting,
    limitMs,
  );
}

function withoutStatuses({ kind, edition, instanceIds }: JobQuery, nowMs: number): JobQuery {
  return {
    ...{ kind, edition },
    ...(instanceIds && { instanceIds }),
    // Restores can't be filtered by it (documented).
    ...(kind === 'backup' && { createdSince: Math.floor(nowMs / 1000) - newestSeconds }),
  };
}
