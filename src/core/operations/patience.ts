import type { Clock } from '../ports';

// Five minutes of queries without an answer, at the interval of 30 s.
const silencesAtMost = 10;

/**
 * How long an end is waited for. Once the time is up, one more answer is enough to stop, but silence is not: a
 * computer that slept or starts without a network gets ten tries before "not known" is all that can be said.
 */
export class Patience {
  readonly #clock: Clock;
  readonly #endsAt: number;
  #silences = 0;

  /** `endsAt`: milliseconds since 1970. */
  constructor(clock: Clock, endsAt: number) {
    this.#clock = clock;
    this.#endsAt = endsAt;
  }

  /** True once it is time to stop, given whether the last query was answered. */
  isOver(answered: boolean): boolean {
    if (this.#clock.now() < this.#endsAt) return false;
    return answered || ++this.#silences >= silencesAtMost;
  }

  /** When to ask again if nothing comes up: after the interval, and once at the end itself. */
  next(intervalMs: number): number {
    const now = this.#clock.now();
    return now < this.#endsAt ? Math.min(now + intervalMs, this.#endsAt) : now + intervalMs;
  }
}
