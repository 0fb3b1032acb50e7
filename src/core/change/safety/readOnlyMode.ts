import { toDisposable, type Disposable } from '../../kernel/disposables';
import type { Event } from '../../kernel/events';
import type { Log } from '../../kernel/log';
import type { Operation } from '../../operations/operation';
import type { Operations } from '../../operations/operations';

/**
 * Stops every rollout as soon as read-only mode is turned on, since later waves would be changes too. An operation that
 * was agreed to before and is recorded only now is stopped as well. What was sent is tracked until it ends. Ends when it's
 * disposed.
 */
export function stopRolloutsInReadOnlyMode(
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

/** True while requests wait for their wave, their credentials, or their turn. */
function maySend({ phase, calls }: Operation): boolean {
  return phase === 'sending' || calls.some(({ state }) => state === 'intent');
}
