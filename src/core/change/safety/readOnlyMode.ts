import { toDisposable, type Disposable } from '../../kernel/disposables';
import type { Event } from '../../kernel/events';
import type { Log } from '../../kernel/log';
import type { Operation } from '../../operations/operation';
import type { Operations } from '../../operations/operations';

/**
 * Stops sending in every operation as soon as read-only mode begins: the calls of its later waves would be changes too.
 * One that was agreed to before and is recorded only now is stopped as well. What was sent is followed to its end.
 * Disposing the answer ends that.
 */
export function stopSendingInReadOnlyMode(
  safety: { readonly current: { readonly readOnly: boolean }; readonly onDidChange: Event<void> },
  operations: Pick<Operations, 'list' | 'stop' | 'onDidChange'>,
  log: Log,
): Disposable {
  const stopping = new Set<string>();
  const stop = async (operation: Operation): Promise<void> => {
    const { id, sendingStopped } = operation;
    if (!safety.current.readOnly || sendingStopped || stopping.has(id) || !maySend(operation)) return;
    stopping.add(id);
    try {
      await operations.stop(id, 'rollout');
    } catch (error) {
      log.write('error', `read-only mode could not stop an operation: ${id}`, error);
    } finally {
      stopping.delete(id);
    }
  };
  const subscriptions = [
    safety.onDidChange(() => {
      for (const operation of operations.list()) void stop(operation);
    }),
    operations.onDidChange((operation) => void stop(operation)),
  ];
  return toDisposable(() => {
    for (const subscription of subscriptions) subscription.dispose();
  });
}

/** True while calls wait for their wave, or a call waits for its key or its turn. */
function maySend({ phase, calls }: Operation): boolean {
  return phase === 'sending' || calls.some(({ state }) => state === 'intent');
}
