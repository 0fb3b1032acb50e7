import { throwIfCancelled } from '../cancelled';
import { isCancelled, toBackupError } from '../errors';
import type { Notices } from '../interaction';
import type { Translate } from '../localize';
import type { Clock } from '../ports';
import { operationTitle } from '../words';
import { progressInWords } from './changeClientsTexts';
import { progressOf, type Operation, type Plan } from './operation';
import type { Operations } from './operations';

/** What telling of an operation needs. */
export interface NoticeWorld {
  readonly operations: Pick<Operations, 'start' | 'cancel' | 'get' | 'nextCheckAt' | 'onDidChange'>;
  readonly notices: Notices;
  readonly clock: Clock;
  readonly t: Translate;
}

// Seconds are counted down in the notification.
const tickMs = 1000;

/**
 * Starts what was agreed to and follows it in one notification. Resolves when it closes, or `closing` aborts; the end is
 * told where all ends are told, see `tellSummaries`; never rejects for a failure that the user was told of.
 */
export async function startAndTell(world: NoticeWorld, plan: Plan, closing: AbortSignal): Promise<void> {
  const { operations, notices, t } = world;
  let started: Operation;
  try {
    started = await operations.start(plan);
  } catch (error) {
    if (!isCancelled(error)) notices.failure(toBackupError(error));
    return;
  }
  await notices.progress(operationTitle(started, t), 'notification', (report, { signal }) =>
    follow(world, started, report, { cancelled: signal, closing }),
  );
}

/** The operation when it has ended; undefined when the user, or the end of this window, closed the notification. */
async function follow(
  world: NoticeWorld,
  started: Operation,
  report: (message: string, percent?: number) => void,
  { cancelled, closing }: { readonly cancelled: AbortSignal; readonly closing: AbortSignal },
): Promise<Operation | undefined> {
  const { operations, notices, clock, t } = world;
  const { id } = started;
  const ended = new AbortController();
  const show = (operation: Operation): void =>
    report(progressInWords(operation, operations.nextCheckAt(id), clock.now(), t), progressOf(operation));
  const subscription = operations.onDidChange((operation) => {
    if (operation.id !== id) return;
    show(operation);
    if (operation.phase === 'ended') ended.abort();
  });
  const waiting = { signal: AbortSignal.any([cancelled, ended.signal, closing]) };
  try {
    for (;;) {
      const operation = operations.get(id) ?? started;
      if (operation.phase === 'ended') return operation;
      throwIfCancelled(waiting.signal);
      show(operation);
      await clock.sleep(tickMs, waiting);
    }
  } catch (error) {
    if (!isCancelled(error)) throw error;
    if (ended.signal.aborted) return operations.get(id);
    if (cancelled.aborted) {
      await operations.cancel(id).catch((failure: unknown) => notices.failure(toBackupError(failure)));
    }
    return undefined;
  } finally {
    subscription.dispose();
  }
}
