import { decodeClientPage } from '../../src/api/decode';
import { keyClients } from '../../src/core/service/clientFacts';
import type { ClientSettingsChange } from '../../src/core/service/model';
import { defaultHoldLimitMs, type Plan, type Strategy } from '../../src/core/operations/operation';
import type { Operations } from '../../src/core/operations/operations';
import { holdersOf, type KeyedClient } from '../../src/core/change/draft';
import { settingsDraftOf } from '../../src/core/change/settings/settingsDraft';
import { nothingChecked } from '../../src/core/change/precheck';
import { aDraft, noRules } from '../support/draftBuilders';
import type { OperationAction } from '../../src/core/service/actions';
import type { Scope } from '../../src/core/service/scope';

/** What a user asks for. */
export interface Wish {
  readonly action: OperationAction;
  /** What a change of settings sets. */
  readonly settings: ClientSettingsChange;
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
  operations: Pick<Operations, 'holdersIn'>,
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
  if (action === 'settings') return settingsPlan(wish, chosen);
  const { plan } = aDraft(action, clients, {
    label: { scope, profileName: scope.profileId, demo: false },
    requested: chosen,
    holders: holdersOf(operations, scope, chosen),
    rollout: { order: strategy, maxFailures },
  });
  return plan.machines.length > 0 ? plan : undefined;
}

/** Settings change in the account of the clients only. */
function settingsPlan(
  { scope, settings: change, maxFailures }: Wish,
  requested: readonly KeyedClient[],
): Plan | undefined {
  const { plan } = settingsDraftOf({
    label: { scope, profileName: scope.profileId, demo: false },
    requested,
    change,
    holders: new Map(),
    checks: nothingChecked,
    now: 0,
    whenBusy: 'wait',
    holdLimitMs: defaultHoldLimitMs,
    maxFailures,
    rules: noRules,
  });
  return plan.machines.length > 0 && !scope.crossAccount ? plan : undefined;
}
