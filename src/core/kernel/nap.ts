import type { Clock } from './clock';

/** Sleeps that somebody can cut short: "look now". */
export class Nap {
  readonly #sleepers = new Set<AbortController>();

  /** Resolves after `ms` milliseconds or at the next `wake()`; rejects with a cancel when the signal aborts. */
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

  /** Ends every sleep that goes on now. */
  wake(): void {
    for (const sleeper of [...this.#sleepers]) sleeper.abort();
  }
}
