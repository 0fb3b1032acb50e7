import { toDisposable, type Disposable } from '../kernel/disposables';
import type { ClientSettingsChange } from '../service/model';
import { serviceClock } from './elapsed';
import type { Nap } from '../kernel/nap';
import type { JournalWorld, OperationJournal } from './operationJournal';
import type { OperationApi } from '../service/api';
import type { Lease } from './stores';
import type { ClientReading } from '../clients/readClients';
import { runOperation } from './runOperation';

/** An operation as this window knows it. */
export interface Tracked {
  readonly journal: OperationJournal;
  readonly nap: Nap;
  /** When each call is looked at next, by `Clock.monotonic`. */
  readonly nextChecks: Map<string, number>;
  /** What an operation on settings sends; only in the window that began it, until it stops following. */
  settings?: ClientSettingsChange | undefined;
  /** Present while this window follows it; disposing stops that. */
  following?: Disposable | undefined;
}

export interface FollowingWorld extends JournalWorld {
  readonly api: OperationApi;
  /** True while read-only mode is on; absent: it never is. */
  readonly isReadOnly?: () => boolean;
}

/** What is told on the way. */
export interface FollowingEvents {
  readonly onSchedule: () => void;
  readonly onReading: (reading: ClientReading) => void;
  /** Another window took the lease over; following has stopped here. */
  readonly onLose: () => void;
  /** The operation has ended: told once, also when its end cannot be written yet. */
  readonly onEnd: () => void;
}

// How soon an end is written again after the disk failed to take it.
const writeAgainMs = 5_000;

/**
 * Follows an operation while the lease lasts, and with `sends` makes its calls first. Resolves when it has ended and
 * its file is closed; rejects with a cancel when the lease is lost or `tracked.following` is disposed. Takes the lease
 * over: it is given back in each case.
 */
export async function followOperation(
  world: FollowingWorld,
  tracked: Tracked,
  lease: Lease,
  sends: boolean,
  events: FollowingEvents,
): Promise<void> {
  const { api, clock, log } = world;
  const { journal, nap, nextChecks } = tracked;
  const { id } = journal.operation;
  const alive = new AbortController();
  const watching = new AbortController();
  const stopsWatching = (): void => {
    if (journal.operation.watchingStopped) watching.abort();
  };
  const subscriptions = [
    // Also when another window recorded that the user stops.
    journal.onDidChange(stopsWatching),
    journal.onDidAsk(() => {
      nap.wake();
    }),
    lease.onDidLose(() => {
      log.write('warn', `another window follows on, operation: ${id}`);
      following.dispose();
      events.onLose();
    }),
  ];
  const following = toDisposable(() => {
    tracked.following = undefined;
    tracked.settings = undefined;
    nextChecks.clear();
    journal.meet('task', undefined);
    journal.meet('list', undefined);
    for (const subscription of subscriptions) subscription.dispose();
    alive.abort();
    lease.dispose();
  });
  tracked.following = following;
  stopsWatching();
  const run = {
    api,
    clock,
    serviceNow: () => serviceClock(api, clock)(journal.operation.scope),
    log,
    journal,
    sends,
    settings: tracked.settings,
    nap,
    alive: alive.signal,
    watching: AbortSignal.any([alive.signal, watching.signal]),
    isOurs: () => lease.isHeld(),
    isReadOnly: () => world.isReadOnly?.() ?? false,
    onSchedule: (callId: string, due: number | undefined) => {
      if (alive.signal.aborted || nextChecks.get(callId) === due) return;
      if (due === undefined) nextChecks.delete(callId);
      else nextChecks.set(callId, due);
      events.onSchedule();
    },
    onReading: events.onReading,
  };
  try {
    await runOperation(run, sends);
    const tellsNow = !journal.isWritten;
    if (tellsNow) events.onEnd();
    // A file without its end would be followed again by the next window, and its end be told twice.
    for (let exists = true; exists && !journal.isWritten; exists = await journal.reread().catch(() => true)) {
      await clock.sleep(writeAgainMs, { signal: alive.signal });
    }
    await closeRecords(world, id);
    if (!tellsNow) events.onEnd();
  } finally {
    following.dispose();
  }
}

/** Closes the file of an operation. One that cannot be moved stays open, and is closed by the next start. */
export async function closeRecords(
  { records, log }: Pick<FollowingWorld, 'records' | 'log'>,
  id: string,
): Promise<void> {
  try {
    await records.close(id);
  } catch (error) {
    log.write('error', `records could not be closed, operation: ${id}`, error);
  }
}
