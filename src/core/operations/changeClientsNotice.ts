import { throwIfCancelled } from '../cancelled';
import { BackupError, isCancelled, toBackupError } from '../errors';
import type { NoticeAction, Notices } from '../interaction';
import type { Translate } from '../localize';
import type { Clock } from '../ports';
import { operationTitle } from '../words';
import { progressInWords, summaryInWords } from './changeClientsTexts';
import { countsOf, progressOf, type CallFailure, type Operation, type Plan } from './operation';
import type { Operations } from './operations';
import { changeCalls } from './plan';

/** What telling of an operation needs. */
export interface NoticeWorld {
  readonly operations: Pick<Operations, 'start' | 'stopSending' | 'get' | 'nextCheckAt' | 'onDidChange'>;
  readonly notices: Notices;
  readonly clock: Clock;
  readonly t: Translate;
  /** Opens the report of an operation; it is called from a button. */
  readonly showReport: (operationId: string) => void;
}

// Seconds are counted down in the notification.
const tickMs = 1000;

/**
 * Starts what was agreed to and follows it in one notification, then tells the end in one notice. Resolves when both
 * are through, or `closing` aborts; never rejects for a failure that the user was told of.
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
  const ended = await notices.progress(operationTitle(started, t), 'notification', (report, { signal }) =>
    follow(world, started, report, { cancelled: signal, closing }),
  );
  if (ended) summarise(world, ended);
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
      await operations.stopSending(id).catch((failure: unknown) => notices.failure(toBackupError(failure)));
    }
    return undefined;
  } finally {
    subscription.dispose();
  }
}

/** One notice about the end; none where the user stopped watching, who knows. */
function summarise(world: NoticeWorld, operation: Operation): void {
  const { notices, showReport, t } = world;
  if (operation.watchingStopped) return;
  const actions: readonly NoticeAction[] = [{ label: t('Show Report'), run: () => showReport(operation.id) }];
  const { total, done, notSent, refused } = countsOf(operation);
  const failure = operation.calls.find((call) => call.failure)?.failure;
  if (done === total) notices.info(summaryInWords(operation, t), actions);
  else if (failure && notSent + refused === total) {
    // No machine was reached: what stopped the call says more than counts do.
    notices.failure(errorOf(operation.action, failure), actions);
  } else notices.warn(summaryInWords(operation, t), actions);
}

/** The recorded failure as the error it was. */
function errorOf(
  action: Operation['action'],
  { code, message, serviceCode, requestId, ambiguous }: CallFailure,
): BackupError {
  return new BackupError(code, message, {
    serviceCode,
    requestId,
    fate: ambiguous ? 'ambiguous' : undefined,
    ramAction: code === 'permission-denied' ? changeCalls[action] : undefined,
  });
}
