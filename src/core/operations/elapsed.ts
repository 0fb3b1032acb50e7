import type { BackupApi } from '../service/api';
import type { Clock } from '../kernel/clock';
import type { Scope } from '../service/scope';

/** When something was recorded: by the clock of this computer and, where known, by the clock of the service. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds since 1970. */
  readonly serviceAt?: number | undefined;
}

/** What time is read from. */
export interface Clocks {
  readonly clock: Clock;
  /** Milliseconds since 1970 by the service's clock; undefined while it isn't known. */
  readonly serviceNow: () => number | undefined;
}

/** Reads the service's clock, as the replies about a scope show it. */
export function serviceClock(api: Pick<BackupApi, 'clockOffsetMs'>, clock: Clock) {
  return (scope: Scope): number | undefined => {
    const offsetMs = api.clockOffsetMs(scope);
    return offsetMs === undefined ? undefined : clock.now() + offsetMs;
  };
}

/**
 * The time since a moment. Measured by the service's clock where it's known at both ends, so that it's right after a
 * restart, after a sleep, and when this computer's clock was set. Otherwise measured by the monotonic clock from when
 * this object was created, plus the age that the moment had then by this computer's clock.
 */
export class Elapsed {
  readonly #clocks: Clocks;
  readonly #moment: Moment;
  readonly #beforeMs: number;
  readonly #madeAt: number;

  constructor(clocks: Clocks, moment: Moment) {
    this.#clocks = clocks;
    this.#moment = moment;
    this.#beforeMs = Math.max(0, clocks.clock.now() - moment.at);
    this.#madeAt = clocks.clock.monotonic();
  }

  /** Milliseconds, not below zero. */
  ms(): number {
    return this.#byService() ?? this.#beforeMs + this.#clocks.clock.monotonic() - this.#madeAt;
  }

  /** As `ms`, but never too long: if the clock of the service is unknown, only since this object was created. */
  shortestMs(): number {
    return this.#byService() ?? this.#clocks.clock.monotonic() - this.#madeAt;
  }

  /**
   * As `ms`, but never too short: if the clock of the service is unknown, by the clock of this computer that shows
   * more, and infinite for a moment that another window recorded.
   */
  longestMs(isOwn: boolean): number {
    const byService = this.#byService();
    if (byService !== undefined) return byService;
    return isOwn ? Math.max(this.ms(), this.#clocks.clock.now() - this.#moment.at) : Infinity;
  }

  #byService(): number | undefined {
    const now = this.#clocks.serviceNow();
    const { serviceAt } = this.#moment;
    return now === undefined || serviceAt === undefined ? undefined : Math.max(0, now - serviceAt);
  }
}
