import { nothingListed, reachIn } from '../clients/reach';
import type { Session } from '../clients/session';
import type { Host } from '../interaction/host';
import type { Setting } from '../interaction/watchSetting';
import { DisposableStore, type Disposable } from '../kernel/disposables';
import type { Operations } from '../operations/operations';
import type { BackupApi, InstanceApi } from '../service/api';
import type { ProtectionApi } from '../service/protection';
import type { Scope } from '../service/scope';
import { toBackupError } from '../service/errors';
import { createChangeClients, type ChangeClients } from './changeClients';
import type { PlanDocument } from './document';
import { createInstallOnInstances, type InstallOnInstances } from './installOnInstances';
import { createRetryFailed, type RetryFailed } from './retryFailed';
import type { RolloutDefaults } from './rolloutSettings';
import { createChangeGate } from './safety/safety';
import type { SafetyPolicy } from './safety/safetyPolicy';
import type { SafetySettings } from './safety/safetySettings';
import { createEditSettings, type EditSettings } from './settings/editSettings';
import { stopRollout } from './stopRollout';

/** Everything that changes clients. */
export interface Changes extends Disposable {
  readonly changeClients: ChangeClients;
  readonly editSettings: EditSettings;
  readonly installOnInstances: InstallOnInstances;
  readonly retryFailed: RetryFailed;
  /** Asks whether the clients that still wait are left out. Throws what `Operations.stopSending` throws. */
  stopRollout(operationId: string): Promise<void>;
}

export interface ChangesDeps extends Pick<
  Host,
  'questions' | 'notices' | 'presence' | 'clock' | 'log' | 'redactor'
> {
  readonly operations: Operations;
  readonly session: Pick<Session, 'listingOf'>;
  readonly api: BackupApi & InstanceApi & ProtectionApi;
  readonly safety: Setting<SafetySettings>;
  readonly rollout: Setting<RolloutDefaults>;
  /** The safety policies of the Alibaba Cloud CLI, as its files say now. */
  readonly readPolicies: () => Promise<readonly SafetyPolicy[]>;
  readonly showPlan: (document: PlanDocument) => void;
  /** Opens the page of an operation. */
  readonly showReport: (operationId: string) => void;
}

export function createChanges(deps: ChangesDeps): Changes {
  const { notices, presence, clock, redactor, session, api, safety, rollout, readPolicies } = deps;
  const owned = new DisposableStore();
  const stop = (operationId: string): Promise<void> => stopRollout(operationId, deps);
  const shared = {
    ...deps,
    instances: api,
    protection: api,
    serviceNow: (scope: Scope) => clock.now() + (api.clockOffsetMs(scope) ?? 0),
    gate: createChangeGate({ settings: () => safety.current, readPolicies }),
    rolloutDefaults: () => rollout.current,
    stopRollout: (operationId: string) =>
      void stop(operationId).catch((error: unknown) => notices.failure(toBackupError(error))),
  };
  const changeClients = owned.add(
    createChangeClients({
      ...shared,
      reachIn: (scope) => {
        const listing = session.listingOf(scope);
        return listing ? reachIn(listing.inventory.state) : nothingListed;
      },
      showDocument: async (document) => {
        if (await presence.whenHere(document.title)) deps.showPlan(document);
      },
    }),
  );
  const editSettings = owned.add(createEditSettings({ ...shared, hide: (secret) => redactor.add(secret) }));
  const retryFailed = owned.add(createRetryFailed({ ...deps, changeClients, editSettings }));
  return {
    changeClients,
    editSettings,
    installOnInstances: createInstallOnInstances({ ...shared, changeClients }),
    retryFailed,
    stopRollout: stop,
    dispose: () => owned.dispose(),
  };
}
