import { setMaxListeners } from 'node:events';
import { CancelledError } from '../core/cancelled';
import { BackupError } from '../core/errors';
import type { AccessKey } from '../core/model';
import type { Waiting } from '../core/ports';

/**
 * Waits for a key, and no longer than the call does: whoever else waits for the same key still gets it. A failure
 * says that the call did not run, whatever became of the calls that were made to get the key.
 */
export async function keyForAttempt(
  action: string,
  key: Promise<AccessKey>,
  { signal }: Waiting,
): Promise<AccessKey> {
  // One signal may stand behind many calls at once.
  setMaxListeners(0, signal);
  const ended = new AbortController();
  const cancelled = new Promise<never>((_, reject) => {
    const cancel = (): void => {
      reject(new CancelledError());
    };
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true, signal: ended.signal });
  });
  try {
    return await Promise.race([key, cancelled]);
  } catch (error) {
    throw error instanceof BackupError && error.fate !== 'not-run' ? notRun(action, error) : error;
  } finally {
    ended.abort();
  }
}

function notRun(action: string, error: BackupError): BackupError {
  const { serviceCode, requestId, httpStatus, ramAction } = error;
  return new BackupError(error.code, error.message, {
    ...{ serviceCode, requestId, httpStatus, ramAction },
    fate: 'not-run',
    action: error.action ?? action,
    cause: error,
  });
}
