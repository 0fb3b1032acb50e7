import { CancelledError } from '../kernel/cancelled';
import { isCancelled, toBackupError, type BackupError } from '../service/errors';
import type { Task } from '../service/model';
import { Elapsed, type Clocks, type Moment } from './elapsed';
import { CheckTimer, type InterruptibleSleep } from './checkTimer';
import type { FollowingApi } from './callBudget';
import type { Log } from '../kernel/log';
import { actions, scaledMs, watchLimitSeconds, type Action } from '../service/actions';
import type { Scope } from '../service/scope';
import { taskEnd } from './taskEnd';

/** The response to one query of a task. */
export type TaskNews = Omit<Task, 'taskId'>;

export interface TaskWatch {
  readonly action: Action;
  readonly scope: Scope;
  readonly taskId: string;
  /** When the service accepted the call. */
  readonly submitted: Moment;
  /** When it was last queried, if tracking is resumed. */
  readonly checked?: Moment | undefined;
  /** What durations are divided by: see `scaledMs`. */
  readonly timeScale: number;
  readonly sleep: InterruptibleSleep;
  readonly signal: AbortSignal;
  /** Called before each query: false ends it with a cancel because another window has taken over. */
  readonly mayFollow: () => Promise<boolean>;
  /**
   * Called for each failed query. `heard`: the list was read instead, so there is no reason to continue past the
   * limit. `done`: nothing is left to track.
   */
  readonly onFailure: (failure: BackupError) => Promise<'done' | 'heard' | 'silent'>;
  /** Called with when the next query is due, by `Clock.monotonic`. */
  readonly onSchedule: (due: number) => void;
}

/**
 * Queries a task until it ends and yields each response; the last one is its end. Returns without an end at the time
 * limit. A failed query is logged and repeated. A task that the service does not know yields the state `not-found`
 * once the time of the first query has passed. Rejects only with a cancel.
 */
export async function* watchTask(
  deps: Clocks & { readonly reads: Pick<FollowingApi, 'getTask'>; readonly log: Log },
  watch: TaskWatch,
): AsyncGenerator<TaskNews, void, void> {
  const { reads, clock, log } = deps;
  const { scope, taskId, timeScale, sleep, signal, onSchedule } = watch;
  const { firstSeconds, intervalSeconds } = actions[watch.action].schedule;
  const firstMs = scaledMs(firstSeconds, timeScale);
  const elapsed = new Elapsed(deps, watch.submitted);
  const timer = new CheckTimer({
    ...{ clock, sleep, signal, elapsed, intervalSeconds, timeScale, onSchedule },
    limitSeconds: watchLimitSeconds,
  });
  let waitMs: number | undefined = watch.checked
    ? scaledMs(intervalSeconds, timeScale) - new Elapsed(deps, watch.checked).ms()
    : firstMs - elapsed.ms();
  for (;;) {
    await timer.next(waitMs);
    waitMs = undefined;
    if (!(await watch.mayFollow())) throw new CancelledError();
    let answered = true;
    try {
      const news = await reads.getTask(scope, taskId, { signal });
      yield news;
      if (taskEnd(news) !== undefined) return;
    } catch (error) {
      if (signal.aborted && isCancelled(error)) throw error;
      const failure = toBackupError(error);
      // A new task might not be known everywhere yet.
      if (failure.code === 'not-found' && elapsed.ms() >= firstMs) {
        yield { state: 'not-found', progress: 0, machines: [], requestId: failure.requestId ?? '' };
        return;
      }
      log.write('warn', `task could not be asked about, is asked again, task: ${taskId}`, failure);
      const instead = await watch.onFailure(failure);
      if (instead === 'done') return;
      answered = instead === 'heard';
    }
    if (timer.isLast(answered)) return;
  }
}
