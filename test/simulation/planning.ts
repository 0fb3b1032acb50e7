import { decodeClientPage } from '../../src/api/decode';
import { keyClients, nameOf } from '../../src/core/service/clientFacts';
import { recordedSettingsOf, settingsBefore } from '../../src/core/operations/recordedSettings';
import type { ClientSettingsChange } from '../../src/core/service/model';
import { reachOf } from '../../src/core/clients/reach';
import type { Plan, PlannedMachine, Strategy } from '../../src/core/operations/operation';
import type { Operations } from '../../src/core/operations/operations';
import { operationPlanOf, planOf, type KeyedClient } from '../../src/core/change/plan';
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
  if (action === 'settings') return settingsPlan(wish, chosen);
  const plan = planOf(action, { scope, profileName: scope.profileId, demo: false, regionName: '' }, chosen, {
    reach: reachOf(clients, true),
    holderOf: (client) => operations.holderOf(scope, client),
    waves: { strategy, maxFailures },
  });
  return plan.eligible.length > 0 ? operationPlanOf(plan) : undefined;
}

/** A plan as `editSettings` makes it: every client by its ClientId, with what it has now. */
function settingsPlan(
  { scope, settings: change, maxFailures }: Wish,
  chosen: readonly KeyedClient[],
): Plan | undefined {
  const settings = recordedSettingsOf(change);
  const machines = chosen.flatMap(({ key, client }): readonly PlannedMachine[] => {
    const { clientId, instanceId, status } = client;
    if (!clientId || client.settings?.maxCpuCore === change.maxCpuCore) return [];
    const fromSettings = settingsBefore(client, settings);
    const ids = { clientId, ...(instanceId && { instanceId }) };
    return [{ key, namedBy: 'client', name: nameOf(client), ...ids, fromStatus: status, fromSettings }];
  });
  // Settings change in the account of the clients only.
  if (machines.length === 0 || scope.crossAccount) return undefined;
  return {
    action: 'settings',
    settings,
    scope,
    profileName: scope.profileId,
    demo: false,
    machines,
    maxFailures,
  };
}
