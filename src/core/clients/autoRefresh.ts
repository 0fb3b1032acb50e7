import { DisposableStore, type Disposable } from '../kernel/disposables';
import { isCancelled } from '../service/errors';
import type { Clock } from '../kernel/clock';
import type { Log } from '../kernel/log';
import type { Looking } from '../interaction/looking';
import type { Setting } from '../interaction/watchSetting';
import type { Session } from './session';

const minuteMs = 60_000;
/** More often would be a load on an account that everyone in it shares. */
const leastMinutes = 5;
/** A week. A timer that is set for more than 24 days goes off at once. */
const mostMinutes = 10_080;
const longestMs = 60 * minuteMs;

/** Minutes between two refreshes as the setting says: 0 for none, else at least 5, and a week at most. */
export function autoRefreshMinutesOf(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.min(Math.max(leastMinutes, value), mostMinutes) : 0;
}

export interface AutoRefreshDeps {
  readonly session: Pick<Session, 'listings' | 'refresh'>;
  /** See {@link autoRefreshMinutesOf}. */
  readonly minutes: Setting<number>;
  readonly looking: Looking;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Lists everything again from time to time, while somebody can see it: what came due meanwhile is done on return. Waits
 * twice as long each time the service throttles, up to an hour. The next wait begins when a refresh has ended.
 */
export function startAutoRefresh(deps: AutoRefreshDeps): Disposable {
  return new AutoRefresh(deps);
}

class AutoRefresh implements Disposable {
  readonly #deps: AutoRefreshDeps;
  readonly #owned = new DisposableStore();
  #waiting = new AbortController();
  /** By the monotonic clock. */
  #endedAt: number;
  /** 1, doubled by each throttled refresh. */
  #factor = 1;
  #running = false;
  #disposed = false;

  constructor(deps: AutoRefreshDeps) {
    this.#deps = deps;
    this.#endedAt = deps.clock.monotonic();
    this.#owned.add(deps.minutes.onDidChange(() => this.#schedule()));
    this.#owned.add(deps.looking.onDidChange(() => this.#schedule()));
    this.#schedule();
  }

  dispose(): void {
    this.#disposed = true;
    this.#waiting.abort();
    this.#owned.dispose();
  }

  #schedule(): void {
    this.#waiting.abort();
    const { minutes, looking, clock, log } = this.#deps;
    if (this.#disposed || this.#running || minutes.current === 0 || !looking.current) return;
    const own = minutes.current * minuteMs;
    const wait = Math.max(own, Math.min(own * this.#factor, longestMs));
    this.#waiting = new AbortController();
    const { signal } = this.#waiting;
    clock.sleep(this.#endedAt + wait - clock.monotonic(), { signal }).then(
      () => this.#refresh(),
      (error: unknown) => {
        if (!isCancelled(error)) log.write('error', 'auto refresh stopped', error);
      },
    );
  }

  async #refresh(): Promise<void> {
    const { session, clock } = this.#deps;
    this.#running = true;
    // Failures end in the states of the listings.
    await session.refresh();
    this.#running = false;
    this.#endedAt = clock.monotonic();
    const throttled = session.listings.some(({ inventory }) => inventory.state.error?.code === 'throttled');
    this.#factor = throttled ? this.#factor * 2 : 1;
    this.#schedule();
  }
}
