import { setMaxListeners } from 'node:events';
import { CancelledError } from '../core/kernel/cancelled';
import { BackupError } from '../core/service/errors';
import type { AccessKey } from '../core/service/model';
import type { Waiting } from '../core/kernel/waiting';
import { notRun } from './notRun';
import type { ApiRequest } from './pipeline';

type SignedRequest = Pick<ApiRequest, 'action'> & Required<Pick<ApiRequest, 'accessKey'>>;

/**
 * Asks for the key of a signed request, and waits no longer than the call does, also where the source does not look
 * at the signal. A failure says that the call did not run, whatever became of the calls made to get the key.
 */
export async function keyForAttempt(
  { action, accessKey }: SignedRequest,
  refused: AccessKey | undefined,
  waiting: Waiting,
): Promise<AccessKey> {
  const { signal } = waiting;
  // Many requests can share one signal.
  setMaxListeners(0, signal);
  let cancel = (): void => undefined;
  const cancelled = new Promise<never>((_, reject) => {
    cancel = () => {
      reject(new CancelledError());
    };
  });
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel);
  try {
    return await Promise.race([accessKey(refused, waiting), cancelled]);
  } catch (error) {
    throw error instanceof BackupError && error.fate !== 'not-run' ? notRun(action, error) : error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
