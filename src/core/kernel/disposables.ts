/** Something that was started and can be stopped. Shaped like VS Code's, so that adapters pass it through. */
export interface Disposable {
  dispose(): void;
}

/**
 * Owns disposables and disposes them in reverse order. What is added after `dispose()` is disposed at once, so a slow
 * start can't outlive its owner. One that throws doesn't keep the others alive.
 */
export class DisposableStore implements Disposable {
  readonly #items: Disposable[] = [];
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Takes ownership and returns the same object. */
  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  /** Throws the first error after everything was disposed. */
  dispose(): void {
    this.#disposed = true;
    const errors: unknown[] = [];
    for (let item = this.#items.pop(); item; item = this.#items.pop()) {
      try {
        item.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

/** A disposable that runs `stop` on the first `dispose()` and does nothing afterwards. */
export function toDisposable(stop: () => void): Disposable {
  let pending: (() => void) | undefined = stop;
  return {
    dispose() {
      const run = pending;
      pending = undefined;
      run?.();
    },
  };
}

/**
 * Runs a start that adds what it builds to a store. When it fails, disposes the store before it throws the error, so
 * that nothing is left half-started.
 */
export async function disposeIfItFails<T>(owned: DisposableStore, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    try {
      owned.dispose();
    } catch {
      // Why the start failed matters more.
    }
    throw error;
  }
}
