import type { EditSettings } from './settings/editSettings';
import type { ChangeClients } from './changeClients';
import type { Operation } from '../operations/operation';

/** "Retry Failed…": asks anew about what an operation did not get done, in the way in which that was asked for. */
export type RetryFailed = (operation: Operation) => Promise<void>;

export function createRetryFailed(
  changeClients: Pick<ChangeClients, 'retryFailed'>,
  editSettings: Pick<EditSettings, 'retryFailed'>,
): RetryFailed {
  return (operation) =>
    operation.action === 'settings'
      ? editSettings.retryFailed(operation)
      : changeClients.retryFailed(operation);
}
