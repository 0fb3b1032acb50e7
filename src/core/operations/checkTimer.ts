import type { Clock } from '../kernel/clock';
import { scaledMs, shortestIntervalSeconds } from '../service/actions';
import type { Elapsed } from './elapsed';

/** Sleeps that end early when somebody asks to check now. */
export class InterruptibleSleep {
  readonly #sleepers = new Set<AbortController>();

  /** Resolves after `ms` milliseconds or at the next `wake()`. Rejects with a cancel when the signal aborts. */
  async sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    const sleeper = new AbortController();
    this.#sleepers.add(sleeper);
    try {
      await clock.sleep(ms, { signal: AbortSignal.any([signal, sleeper.signal]) });
    } catch (error) {
      if (signal.aborted || !sleeper.signal.aborted) throw error;
    } finally {
      this.#sleepers.delete(sleeper);
    }
  }

  /** Ends every sleep that is running now. */
  wake(): void {
    for (const sleeper of [...this.#sleepers]) sleeper.abort();
  }
}

export interface CheckTimerDeps {
  readonly clock: Clock;
  readonly sleep: InterruptibleSleep;
  readonly signal: AbortSignal;
  /** The time since the moment that the limit counts from. */
  readonly elapsed: Elapsed;
  readonly intervalSeconds: number;
  readonly limitSeconds: number;
  /** What durations are divided by: see `scaledMs`. */
  readonly timeScale: number;
  /** Told when the next check is due, by `Clock.monotonic`. */
  readonly onSchedule: (due: number) => void;
}

// Five minutes of checks without an answer, at the interval of 30 s.
const silencesAtMost = 10;

/**
 * Decides when to check something that ends sooner or later, and when to give up. Past the limit, one more answer is
 * enough to stop, but silence isn't: a computer that slept or starts without a network gets ten tries before the result
 * counts as unknown.
 */
export class CheckTimer {
  readonly #deps: CheckTimerDeps;
  readonly #limitMs: number;
  #earliest = Number.NEGATIVE_INFINITY;
  #silences = 0;

  constructor(deps: CheckTimerDeps) {
    this.#deps = deps;
    this.#limitMs = scaledMs(deps.limitSeconds, deps.timeScale);
  }

  /** Call after each check, with whether it was answered. True if it was the last one. */
  isLast(answered: boolean): boolean {
    const { clock, elapsed, timeScale } = this.#deps;
    this.#earliest = clock.monotonic() + scaledMs(shortestIntervalSeconds, timeScale);
    if (elapsed.ms() < this.#limitMs) return false;
    return answered || ++this.#silences >= silencesAtMost;
  }

  /**
   * Waits until the next check: the interval, or what is left until the limit, or until somebody asks to check now, but at
   * least 2 s after the last check. Rejects with a cancel when the signal aborts.
   * @param waitMs milliseconds to wait instead of the interval
   */
  async next(waitMs = this.#nextMs()): Promise<void> {
    const { clock, sleep, signal, onSchedule } = this.#deps;
    onSchedule(clock.monotonic() + Math.max(0, waitMs));
    await sleep.sleep(clock, waitMs, signal);
    const tooSoonMs = this.#earliest - clock.monotonic();
    if (tooSoonMs > 0) await clock.sleep(tooSoonMs, { signal });
  }

  #nextMs(): number {
    const { elapsed, intervalSeconds, timeScale } = this.#deps;
    const intervalMs = scaledMs(intervalSeconds, timeScale);
    const leftMs = this.#limitMs - elapsed.ms();
    return leftMs > 0 ? Math.min(intervalMs, leftMs) : intervalMs;
  }
}
