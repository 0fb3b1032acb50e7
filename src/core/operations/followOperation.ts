import { toDisposable, type Disposable } from '../kernel/disposables';
import { serviceClock } from './elapsed';
import type { InterruptibleSleep } from './checkTimer';
import type { JournalDeps, OperationJournal } from './operationJournal';
import type { OperationApi } from '../service/api';
import type { Lease } from './stores';
import type { ClientReading } from '../clients/readClients';
import type { OperationRun, Outgoing } from './operationRun';
import { withinBudget, type CallBudget } from './callBudget';

/** An operation as this window knows it. */
export interface KnownOperation {
  readonly journal: OperationJournal;
  /** Ended by a request to check now. */
  readonly sleep: InterruptibleSleep;
  /** When each call is looked at next, by `Clock.monotonic`. */
  readonly nextChecks: Map<string, number>;
  /** Present while this window follows it; disposing stops that. */
  following?: Disposable | undefined;
}

export interface FollowDeps extends JournalDeps {
  readonly api: OperationApi;
  /** Sends and tracks an operation: `runOperation`, which is loaded with the first of them. */
  readonly run: (run: OperationRun) => Promise<void>;
  /** True while read-only mode is on; absent: it never is. */
  readonly isReadOnly?: () => boolean;
}

/** Called while an operation is followed. */
export interface FollowEvents {
  readonly onSchedule: () => void;
  readonly onReading: (reading: ClientReading) => void;
  /** Another window took the lease over, so following has stopped here. */
  readonly onLose: () => void;
  /** The operation has ended. Called once, even if its end cannot be written yet. */
  readonly onEnd: () => void;
}

// How soon an end is written again after the disk rejected it.
const writeAgainMs = 5_000;

/**
 * Follows an operation while the lease lasts, and makes the calls of `outgoing` first. Resolves when it has ended and its
 * file is closed. Rejects with a cancel when the lease is lost or `entry.following` is disposed. Owns the lease: it's given
 * back in each case.
 */
export async function followOperation(
  deps: FollowDeps & { readonly budget: CallBudget },
  entry: KnownOperation,
  lease: Lease,
  outgoing: Outgoing | undefined,
  events: FollowEvents,
): Promise<void> {
  const { api, clock, log, budget } = deps;
  const { journal, sleep, nextChecks } = entry;
  const { id } = journal.operation;
  const alive = new AbortController();
  const sending = new AbortController();
  const watching = new AbortController();
  const stops = (): void => {
    if (journal.operation.sendingStopped) sending.abort();
    if (journal.operation.watchingStopped) watching.abort();
  };
  const subscriptions = [
    // Also when another window recorded that the user stopped something.
    journal.onDidChange(stops),
    journal.onDidAsk(() => {
      sleep.wake();
    }),
    lease.onDidLose(() => {
      log.write('warn', `another window follows on, operation: ${id}`);
      following.dispose();
      events.onLose();
    }),
  ];
  const following = toDisposable(() => {
    entry.following = undefined;
    nextChecks.clear();
    journal.setTrouble('task', undefined);
    journal.setTrouble('list', undefined);
    for (const subscription of subscriptions) subscription.dispose();
    alive.abort();
    lease.dispose();
  });
  entry.following = following;
  stops();
  const run = {
    api,
    reads: withinBudget(api, budget, () => journal.operation.timeScale),
    clock,
    serviceNow: () => serviceClock(api, clock)(journal.operation.scope),
    log,
    journal,
    outgoing,
    sleep,
    alive: alive.signal,
    sending: AbortSignal.any([alive.signal, sending.signal]),
    watching: AbortSignal.any([alive.signal, watching.signal]),
    isOurs: () => lease.isHeld(),
    isReadOnly: () => deps.isReadOnly?.() ?? false,
    onSchedule: (callId: string, due: number | undefined) => {
      if (alive.signal.aborted || nextChecks.get(callId) === due) return;
      if (due === undefined) nextChecks.delete(callId);
      else nextChecks.set(callId, due);
      events.onSchedule();
    },
    onReading: events.onReading,
  };
  try {
    await deps.run(run);
    const notifiesNow = !journal.isWritten;
    if (notifiesNow) events.onEnd();
    // Without the end in its file, the next window would follow it again and notify you twice.
    for (let exists = true; exists && !journal.isWritten; exists = await journal.reread().catch(() => true)) {
      await clock.sleep(writeAgainMs, { signal: alive.signal });
    }
    await closeRecords(deps, id);
    if (!notifiesNow) events.onEnd();
  } finally {
    following.dispose();
  }
}

/** Closes the file of an operation. If that fails, the file stays open until the next start closes it. */
export async function closeRecords(
  { records, log }: Pick<FollowDeps, 'records' | 'log'>,
  id: string,
): Promise<void> {
  try {
    await records.close(id);
  } catch (error) {
    log.write('error', `records could not be closed, operation: ${id}`, error);
  }
}
