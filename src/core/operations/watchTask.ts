import { CancelledError } from '../cancelled';
import { isCancelled, toBackupError } from '../errors';
import type { Task } from '../model';
import type { Nap } from './nap';
import { Patience } from './patience';
import type { BackupApi, Clock, Log } from '../ports';
import { scaledMs, schedules, watchLimitSeconds, type Action } from '../schedules';
import type { Scope } from '../scope';
import { taskEnd } from './taskEnd';

/** What one query of a task told. */
export type TaskNews = Omit<Task, 'taskId'>;

export interface TaskWatch {
  readonly action: Action;
  readonly scope: Scope;
  readonly taskId: string;
  /** Milliseconds since 1970: when the service took the call. */
  readonly submittedAt: number;
  /** Milliseconds since 1970 of the last query, when a watch is taken up again. */
  readonly checkedAt?: number | undefined;
  /** What durations are divided by: see `scaledMs`. */
  readonly timeScale: number;
  readonly nap: Nap;
  readonly signal: AbortSignal;
  /** Asked before each query: false ends the watch with a cancel, since another window has taken over. */
  readonly mayFollow: () => Promise<boolean>;
  /** Told when the next query is due, in milliseconds since 1970. */
  readonly onSchedule: (at: number) => void;
}

// "Refresh Now" may be pressed in a row; the service is not asked more often than this.
const shortestIntervalSeconds = 2;

/**
 * Asks about a task until it ends, and yields each answer; the last one is its end. Returns without an end when the
 * watch limit passes. A query that fails is no news: it is logged and asked again. A task that the service does not
 * know yields the state `not-found` once the time of the first query has come. Rejects only with a cancel.
 */
export async function* watchTask(
  { api, clock, log }: { readonly api: Pick<BackupApi, 'getTask'>; readonly clock: Clock; readonly log: Log },
  watch: TaskWatch,
): AsyncGenerator<TaskNews, void, void> {
  const { scope, taskId, timeScale, nap, signal } = watch;
  const { firstSeconds, intervalSeconds } = schedules[watch.action];
  const intervalMs = scaledMs(intervalSeconds, timeScale);
  const firstAt = watch.submittedAt + scaledMs(firstSeconds, timeScale);
  const patience = new Patience(clock, watch.submittedAt + scaledMs(watchLimitSeconds, timeScale));
  let askAt = watch.checkedAt === undefined ? firstAt : watch.checkedAt + intervalMs;
  let askedAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    watch.onSchedule(Math.max(askAt, clock.now()));
    await nap.sleep(clock, askAt - clock.now(), signal);
    const tooSoon = askedAt + scaledMs(shortestIntervalSeconds, timeScale) - clock.now();
    if (tooSoon > 0) await clock.sleep(tooSoon, { signal });
    if (!(await watch.mayFollow())) throw new CancelledError();
    askedAt = clock.now();
    let answered = true;
    try {
      const news = await api.getTask(scope, taskId, { signal });
      yield news;
      if (taskEnd(news) !== undefined) return;
    } catch (error) {
      if (signal.aborted && isCancelled(error)) throw error;
      const failure = toBackupError(error);
      // A task that was just begun may not be known everywhere yet.
      if (failure.code === 'not-found' && clock.now() >= firstAt) {
        yield { state: 'not-found', progress: 0, machines: [], requestId: failure.requestId ?? '' };
        return;
      }
      answered = false;
      log.write('warn', `task could not be asked about, is asked again, task: ${taskId}`, failure);
    }
    if (patience.isOver(answered)) return;
    askAt = patience.next(intervalMs);
  }
}
