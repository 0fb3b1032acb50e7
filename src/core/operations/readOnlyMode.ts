import type { Disposable } from '../disposables';
import type { Event } from '../events';
import type { Log } from '../ports';
import type { Operations } from './operations';

/**
 * Stops sending in every operation as soon as read-only mode begins: the calls of its later waves would be changes too.
 * What was sent is followed to its end. Disposing the answer ends that.
 */
export function stopSendingInReadOnlyMode(
  safety: { readonly current: { readonly readOnly: boolean }; readonly onDidChange: Event<void> },
  operations: Pick<Operations, 'list' | 'stopSending'>,
  log: Log,
): Disposable {
  return safety.onDidChange(() => {
    if (!safety.current.readOnly) return;
    for (const { id, phase } of operations.list()) {
      if (phase !== 'sending') continue;
      operations.stopSending(id).catch((error: unknown) => {
        log.write('error', `read-only mode could not stop an operation: ${id}`, error);
      });
    }
  });
}
