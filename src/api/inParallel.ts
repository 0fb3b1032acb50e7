import type { Waiting } from '../core/kernel/waiting';

/**
 * Works on all items, at most `limit` at a time, and gives each result as it comes, in whatever order. The first
 * failure ends it and cancels what runs; so does leaving the loop.
 */
export async function* inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, waiting: Waiting) => Promise<R>,
  { signal }: Waiting,
): AsyncGenerator<R, void, void> {
  const ending = new AbortController();
  const waiting = { signal: AbortSignal.any([signal, ending.signal]) };
  const running = new Map<number, Promise<{ readonly at: number; readonly result: R }>>();
  let next = 0;
  const start = (): void => {
    for (; running.size < limit && next < items.length; next++) {
      const at = next;
      const [item] = items.slice(at, at + 1);
      if (item !== undefined)
        running.set(
          at,
          work(item, waiting).then((result) => ({ at, result })),
        );
    }
  };
  try {
    start();
    while (running.size > 0) {
      const { at, result } = await Promise.race(running.values());
      running.delete(at);
      // Before the caller gets to work, so that the service does not wait for it.
      start();
      yield result;
    }
  } finally {
    ending.abort();
    await Promise.allSettled(running.values());
  }
}
