import { decodeClientPage } from '../../src/api/decode';
import { keyClients } from '../../src/core/clients/clientFacts';
import { reachOf } from '../../src/core/clients/reach';
import type { Plan, Strategy } from '../../src/core/operations/operation';
import type { Operations } from '../../src/core/operations/operations';
import { operationPlanOf, planOf } from '../../src/core/operations/plan';
import type { Action } from '../../src/core/schedules';
import type { Scope } from '../../src/core/scope';

/** What a user asks for. */
export interface Wish {
  readonly action: Action;
  readonly scope: Scope;
  /** Numbers of the wanted rows in the listing. */
  readonly rows: readonly number[];
  readonly strategy: Strategy;
  readonly maxFailures: number;
}

/** The plan that the extension makes of a wish, from a listing in the words of the service; undefined when nothing may be done. */
export function planFor(
  wish: Wish,
  listing: Readonly<Record<string, unknown>>,
  operations: Pick<Operations, 'holderOf'>,
): Plan | undefined {
  const { action, scope, strategy, maxFailures } = wish;
  const { clients } = decodeClientPage({
    status: 200,
    header: () => undefined,
    body: listing,
    requestId: '',
  });
  const keyed = [...keyClients(clients)].map(([key, client]) => ({ key, client }));
  const chosen = wish.rows.flatMap((row) => keyed[row % keyed.length] ?? []);
  const plan = planOf(action, { scope, profileName: scope.profileId, demo: false, regionName: '' }, chosen, {
    reach: reachOf(clients, true),
    holderOf: (client) => operations.holderOf(scope, client),
    waves: { strategy, maxFailures },
  });
  return plan.eligible.length > 0 ? operationPlanOf(plan) : undefined;
}
