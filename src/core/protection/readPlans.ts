import { chunksOf } from '../kernel/chunks';
import type { Waiting } from '../kernel/waiting';
import {
  editions,
  mostFilterValues,
  type BackupPlan,
  type PagedWaiting,
  type ProtectionApi,
  type Rows,
} from '../service/protection';
import type { Scope } from '../service/scope';
import { joinReads, readRows, type RowsRead } from './collect';
import type { Gap, ReadDeps } from './gap';
import { plannedBackups, type PlannedBackups } from './plannedBackups';
import { instanceIdsOf, type Machine } from './work';

export interface PlansDeps extends ReadDeps {
  readonly api: Pick<ProtectionApi, 'listPlans'>;
}

export interface PlannedDeps extends ReadDeps {
  readonly api: Omit<ProtectionApi, 'listJobs'>;
}

// A region with more policies or bound machines than this isn't read to the end.
const mostPages = 10;

/**
 * Reads the plans of machines in both editions: two calls per 500 machines, plus one for each further 99 plans. What can't
 * be read, or takes longer than `limitMs` milliseconds, is a gap. Rejects only for a cancel.
 */
export async function readPlans(
  deps: PlansDeps,
  scope: Scope,
  machines: readonly Machine[],
  waiting: Waiting,
  limitMs?: number,
): Promise<RowsRead<BackupPlan>> {
  const call = 'hbr:DescribeBackupPlans';
  if (scope.clientType !== 'ECS_CLIENT') return { rows: [], gaps: [{ call, why: 'other-type' }] };
  const queries = editions.flatMap((edition) =>
    chunksOf(instanceIdsOf(machines), mostFilterValues).map((instanceIds) => ({ edition, instanceIds })),
  );
  const read = joinReads(
    await Promise.all(
      queries.map((query) =>
        readRows(
          deps,
          call,
          (each) => deps.api.listPlans(scope, query, { ...each, mostPages }),
          waiting,
          limitMs,
        ),
      ),
    ),
  );
  return scope.crossAccount ? { ...read, gaps: [...read.gaps, { call, why: 'other-account' }] } : read;
}

/**
 * Reads what backs machines up: their plans, and the policies that they're bound to. Takes at least three calls on top of
 * those for plans. Rejects only for a cancel.
 *
 * @param plans of these machines, as {@link readPlans} reads them
 */
export async function readPlannedBackups(
  deps: PlannedDeps,
  scope: Scope,
  machines: readonly Machine[],
  waiting: Waiting,
  {
    limitMs,
    plans = readPlans(deps, scope, machines, waiting, limitMs),
  }: { readonly limitMs?: number; readonly plans?: Promise<RowsRead<BackupPlan>> } = {},
): Promise<PlannedBackups> {
  if (scope.clientType !== 'ECS_CLIENT') {
    return plannedBackups({ plans: await plans, policies: nothing, bindings: nothing, essential: nothing });
  }
  const { api } = deps;
  const ids = instanceIdsOf(machines);
  const [only, ...others] = ids;
  const read = <T>(call: Gap['call'], start: (each: PagedWaiting) => Rows<T>): Promise<RowsRead<T>> =>
    readRows(deps, call, (each) => start({ ...each, mostPages }), waiting, limitMs);
  const [plansRead, policies, bindings, essential] = await Promise.all([
    plans,
    read('hbr:DescribePoliciesV2', (each) => api.listPolicies(scope, each)),
    Promise.all(
      chunksOf(ids, mostFilterValues).map((instanceIds) =>
        read('hbr:DescribePolicyBindings', (each) => api.listPolicyBindings(scope, { instanceIds }, each)),
      ),
    ),
    read('hbr:ListProtectedResources', (each) =>
      api.listEssentialInstances(
        scope,
        only !== undefined && others.length === 0 ? { instanceId: only } : {},
        each,
      ),
    ),
  ]);
  return plannedBackups({
    plans: plansRead,
    policies,
    bindings: joinReads(bindings),
    // It lists machines of the own account.
    essential: scope.crossAccount
      ? {
          ...essential,
          gaps: [...essential.gaps, { call: 'hbr:ListProtectedResources', why: 'other-account' }],
        }
      : essential,
  });
}

const nothing: RowsRead<never> = { rows: [], gaps: [] };
