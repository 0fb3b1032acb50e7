import type { Waiting } from '../../kernel/waiting';
import { joinReads, readRows, type RowsRead } from '../../protection/collect';
import type { Gap, ReadDeps } from '../../protection/gap';

import { instanceIdsOf, type Machine } from '../../protection/work';
import {
  editions,
  mostFilterValues,
  type BackupPlan,
  type BackupPolicy,
  type Edition,
  type PagedWaiting,
  type PolicyBinding,
  type ProtectionApi,
  type Rows,
} from '../../service/protection';
import type { Scope } from '../../service/scope';
import { readingLimitMs } from './readLastBackups';

export interface ScheduleDeps extends ReadDeps {
  readonly api: Pick<ProtectionApi, 'listPlans' | 'listPolicies' | 'listPolicyBindings'>;
}

/** Of plans in each edition: 10,890 of them. */
const mostPlanPages = 110;
const mostPolicyPages = 10;

/**
 * Reads the plans of a listing: at most 110 pages of 99 in each edition; of up to 500 instances, only theirs. What can't be
 * read is a gap. Rejects only for a cancel.
 */
export async function readPlansOfListing(
  deps: ScheduleDeps,
  scope: Scope,
  machines: readonly Machine[],
  waiting: Waiting,
): Promise<RowsRead<BackupPlan>> {
  const ids = instanceIdsOf(machines);
  const filter = ids.length <= mostFilterValues ? { instanceIds: ids } : {};
  const read = (edition: Edition): Promise<RowsRead<BackupPlan>> =>
    readRows(
      deps,
      'hbr:DescribeBackupPlans',
      (each) => deps.api.listPlans(scope, { edition, ...filter }, { ...each, mostPages: mostPlanPages }),
      waiting,
      readingLimitMs,
    );
  return joinReads(ids.length === 0 ? [] : await Promise.all(editions.map(read)));
}

/** The policies of a region, and which of some machines they back up. */
export interface PoliciesRead {
  readonly policies: RowsRead<BackupPolicy>;
  readonly bindings: RowsRead<PolicyBinding>;
}

/**
 * Reads the policies that back up these machines, at most 500: two calls, and one more for each further page of 100 policies
 * or bindings. What can't be read is a gap. Rejects only for a cancel.
 */
export async function readPoliciesOf(
  deps: ScheduleDeps,
  scope: Scope,
  machines: readonly Machine[],
  waiting: Waiting,
): Promise<PoliciesRead> {
  const query = { instanceIds: instanceIdsOf(machines).slice(0, mostFilterValues) };
  const read = <T>(call: Gap['call'], start: (each: PagedWaiting) => Rows<T>): Promise<RowsRead<T>> =>
    readRows(deps, call, (each) => start({ ...each, mostPages: mostPolicyPages }), waiting, readingLimitMs);
  const [policies, bindings] = await Promise.all([
    read('hbr:DescribePoliciesV2', (each) => deps.api.listPolicies(scope, each)),
    read('hbr:DescribePolicyBindings', (each) => deps.api.listPolicyBindings(scope, query, each)),
  ]);
  return { policies, bindings };
}
