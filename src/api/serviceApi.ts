import type { Disposable } from '../core/kernel/disposables';
import type { AccountApi, BackupApi, ClientSettingsApi, InstanceApi } from '../core/service/api';
import type { ProtectionApi } from '../core/service/protection';
import { createAccountApi } from './accountApi';
import { createBackupApi } from './backupApi';
import { createCalls, type CallDeps } from './call';
import { createClientSettingsApi } from './clientSettingsApi';
import { createInstanceApi } from './instanceApi';
import { createProtectionApi } from './protectionApi';

/** All that is asked of the services. */
export type ServiceApi = BackupApi & InstanceApi & ClientSettingsApi & AccountApi & ProtectionApi;

/**
 * The services over HTTP: one method an operation. Aborting a signal ends the waiting; a write that was on its way
 * may still run. Disposing closes idle connections.
 */
export function createServiceApi(parts: CallDeps): ServiceApi & Disposable {
  const calls = createCalls(parts);
  return {
    ...createBackupApi(calls),
    ...createInstanceApi(calls),
    ...createClientSettingsApi(calls),
    ...createAccountApi(calls),
    ...createProtectionApi(calls),
    dispose: () => calls.dispose(),
  };
}
