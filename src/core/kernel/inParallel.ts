import type { Waiting } from './waiting';

/** What is worked on: a fixed list, or a source that answers undefined while it has nothing (more) to start. */
export type Work<T> = readonly T[] | (() => T | undefined);

/**
 * Runs `work` on each item, at most `limit()` at a time, and yields each result as it arrives, in any order. `limit` and
 * a source are asked again after each result. The first failure ends the loop and cancels what is still running; so does
 * leaving the loop early. Rejects with a cancel when the signal aborts and `work` does.
 */
export async function* inParallel<T, R>(
  items: Work<T>,
  limit: () => number,
  work: (item: T, waiting: Waiting) => Promise<R>,
  { signal }: Waiting,
): AsyncGenerator<R, void, void> {
  const ending = new AbortController();
  const waiting = { signal: AbortSignal.any([signal, ending.signal]) };
  const next = typeof items === 'function' ? items : taking(items);
  const running = new Set<Promise<{ readonly result: R; readonly done: () => void }>>();
  const start = (): void => {
    while (running.size < limit()) {
      const item = next();
      if (item === undefined) return;
      const one = work(item, waiting).then((result) => ({ result, done: () => running.delete(one) }));
      running.add(one);
    }
  };
  try {
    start();
    while (running.size > 0) {
      const { result, done } = await Promise.race(running);
      done();
      // Refill before the caller handles the result, so that the service isn't idle meanwhile.
      start();
      yield result;
    }
  } finally {
    ending.abort();
    await Promise.allSettled(running);
  }
}

function taking<T>(items: readonly T[]): () => T | undefined {
  const rest = items.values();
  return () => rest.next().value;
}
