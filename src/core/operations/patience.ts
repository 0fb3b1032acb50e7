import type { Elapsed } from './elapsed';

// Five minutes of queries without an answer, at the interval of 30 s.
const silencesAtMost = 10;

/**
 * How long an end is waited for. Once the time is up, one more answer is enough to stop, but silence is not: a
 * computer that slept or starts without a network gets ten tries before "not known" is all that can be said.
 */
export class Patience {
  readonly #elapsed: Elapsed;
  readonly #limitMs: number;
  #silences = 0;

  constructor(elapsed: Elapsed, limitMs: number) {
    this.#elapsed = elapsed;
    this.#limitMs = limitMs;
  }

  /** True once it is time to stop, given whether the last query was answered. */
  isOver(answered: boolean): boolean {
    if (this.#elapsed.ms() < this.#limitMs) return false;
    return answered || ++this.#silences >= silencesAtMost;
  }

  /** Milliseconds until it is time to ask again if nothing comes up: the interval, and once the limit itself. */
  next(intervalMs: number): number {
    const leftMs = this.#limitMs - this.#elapsed.ms();
    return leftMs > 0 ? Math.min(intervalMs, leftMs) : intervalMs;
  }
}
