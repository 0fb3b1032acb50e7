import type { Waiting } from './waiting';

/** Time is passed in, so that a test can move it by ten minutes at once. */
export interface Clock {
  /** Milliseconds since 1970 by this computer's clock, which can be set while VS Code runs. */
  now(): number;
  /**
   * Milliseconds since some moment in the past. It can't be set, so measure durations with it. It might not advance
   * while this computer sleeps, and neither does `sleep`.
   */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with a cancel when the signal aborts. */
  sleep(ms: number, waiting: Waiting): Promise<void>;
}
