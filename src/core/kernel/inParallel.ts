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
  // In the order in which they came.
  const outcomes: Outcome<R>[] = [];
  // Includes what has ended and wasn't yielded yet: nothing more starts for a caller who is slow.
  let open = 0;
  let wake = (): void => undefined;
  const run = async (item: T): Promise<void> => {
    try {
      outcomes.push({ result: await work(item, waiting) });
    } catch (error) {
      outcomes.push({ error });
    }
    wake();
  };
  const start = (): void => {
    while (open < limit()) {
      const item = next();
      if (item === undefined) return;
      open++;
      void run(item);
    }
  };
  const nextOutcome = async (): Promise<Outcome<R>> => {
    for (;;) {
      const outcome = outcomes.shift();
      if (outcome) {
        open--;
        return outcome;
      }
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  try {
    start();
    while (open > 0) {
      const outcome = await nextOutcome();
      if ('error' in outcome) throw outcome.error;
      // Refill before the caller handles the result, so that the service isn't idle meanwhile.
      start();
      yield outcome.result;
    }
  } finally {
    ending.abort();
    while (open > 0) await nextOutcome();
  }
}

type Outcome<R> = { readonly result: R } | { readonly error: unknown };

function taking<T>(items: readonly T[]): () => T | undefined {
  const rest = items.values();
  return () => rest.next().value;
}
