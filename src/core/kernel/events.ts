import { toDisposable, type Disposable } from './disposables';
import type { Log } from './log';

/** Subscribes a listener; the answer ends the subscription. Shaped like VS Code's `Event`. */
export type Event<T> = (listener: (value: T) => unknown) => Disposable;

/** The sending end of an {@link Event}. A listener that throws doesn't stop the others. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<{ readonly listener: (value: T) => unknown }>();

  readonly event: Event<T> = (listener) => {
    const entry = { listener };
    this.#listeners.add(entry);
    return toDisposable(() => this.#listeners.delete(entry));
  };

  /**
   * Calls every present listener in the order of subscription; throws the first error after all were called. One
   * that another listener unsubscribes before its turn isn't called.
   */
  fire(value: T): void {
    const errors: unknown[] = [];
    for (const entry of [...this.#listeners]) {
      if (!this.#listeners.has(entry)) continue;
      try {
        entry.listener(value);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

/** Fires an event. An error of a listener is logged: it must not stop the one that fires. */
export function fireSafely<T>(emitter: Emitter<T>, value: T, log: Log): void {
  try {
    emitter.fire(value);
  } catch (error) {
    log.write('error', 'a listener failed', error);
  }
}
