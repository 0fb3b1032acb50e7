import { BackupError } from '../service/errors';
import type { Submission } from '../service/model';
import type { MachineIds } from '../service/api';
import type { WriteWaiting } from '../kernel/waiting';
import { scaledMs } from '../service/actions';
import type { OperationRun } from './operationRun';

// Besides the attempts of each call itself: hundreds of clients may well outrun what the service allows.
const throttledWaits = [5, 15, 30];

/**
 * Changes the settings of the one client of a call. While the service throttles, which means that the call did not run,
 * it is made again after 5, 15 and 30 s. Throws BackupError as any write.
 */
export async function submitSettings(
  { api, clock, journal, outgoing }: OperationRun,
  { clientIds }: MachineIds,
  waiting: WriteWaiting,
): Promise<Submission> {
  const { scope, timeScale } = journal.operation;
  const [clientId] = clientIds;
  const settings = outgoing?.settings;
  if (settings === undefined || clientId === undefined) {
    throw new BackupError('internal', 'nothing to send', { fate: 'not-run' });
  }
  for (const seconds of throttledWaits) {
    try {
      const { requestId } = await api.updateClientSettings(scope, clientId, settings, waiting);
      return { requestId, refusals: [] };
    } catch (error) {
      if (!(error instanceof BackupError) || error.code !== 'throttled') throw error;
      await clock.sleep(scaledMs(seconds, timeScale), waiting);
    }
  }
  const { requestId } = await api.updateClientSettings(scope, clientId, settings, waiting);
  return { requestId, refusals: [] };
}
