import type { Waiting } from './waiting';

/** Time as an argument, so that a test of ten minutes takes none. */
export interface Clock {
  /** Milliseconds since 1970 by this computer's clock, which somebody may set while VS Code runs. */
  now(): number;
  /**
   * Milliseconds since some moment in the past. Nobody can set it, so durations are measured by it. It may stand still
   * while this computer sleeps, as `sleep` does.
   */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with a cancel when the signal aborts. */
  sleep(ms: number, waiting: Waiting): Promise<void>;
}
