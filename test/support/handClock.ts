import { CancelledError, throwIfCancelled } from '../../src/core/kernel/cancelled';
import type { Clock } from '../../src/core/kernel/clock';

/** A clock that stands still until it is moved. */
export interface HandClock extends Clock {
  /**
   * Moves time on and wakes, in order, the sleepers that come due, also those that fall asleep on the way. Resolves
   * when what they set going has settled, as far as it needs no input or output.
   */
  advance(ms: number): Promise<void>;
  /** As if the computer slept so long: only `now` moves on, sleepers sleep as long as before. */
  suspend(ms: number): void;
  /** When each one asleep now is due by `now`, soonest first: shows that something waits, and until when. */
  dueTimes(): readonly number[];
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** Stands at 2 January 2026, 03:04:05 UTC, unless told otherwise. */
export function createHandClock(startMs = Date.UTC(2026, 0, 2, 3, 4, 5)): HandClock {
  let passed = 0;
  // What `now` has more than `monotonic`.
  let ahead = startMs;
  const sleepers = new Set<Sleeper>();
  // Equal due times keep the order in which they fell asleep: Set is insertion-ordered and the sort is stable.
  const inOrder = (): Sleeper[] => [...sleepers].sort((a, b) => a.due - b.due);

  return {
    now: () => passed + ahead,
    monotonic: () => passed,
    sleep: (ms, { signal }) => sleepOn(sleepers, passed + Math.max(0, ms), signal),
    suspend: (ms) => void (ahead += ms),
    dueTimes: () => inOrder().map(({ due }) => due + ahead),
    async advance(ms) {
      const end = passed + ms;
      await settle();
      for (;;) {
        const next = inOrder()[0];
        if (next === undefined || next.due > end) break;
        passed = Math.max(passed, next.due);
        sleepers.delete(next);
        next.wake();
        await settle();
      }
      passed = end;
      await settle();
    },
  };
}

/** The clock of a computer, which is wrong by `aheadMs` and can be set in mid-operation; all else is as in `right`. */
export interface SetClock extends Clock {
  aheadMs: number;
}

export function createSetClock(right: Clock, aheadMs = 0): SetClock {
  const clock: SetClock = {
    aheadMs,
    now: () => right.now() + clock.aheadMs,
    monotonic: () => right.monotonic(),
    sleep: (ms, waiting) => right.sleep(ms, waiting),
  };
  return clock;
}

/** A clock whose sleepers wake at once, while its time moves on by what they slept. */
export function createInstantClock(startMs = Date.UTC(2026, 0, 2, 3, 4, 5)): Clock {
  let passed = 0;
  return {
    now: () => startMs + passed,
    monotonic: () => passed,
    async sleep(ms, { signal }) {
      throwIfCancelled(signal);
      passed += Math.max(0, ms);
      await settle();
      throwIfCancelled(signal);
    },
  };
}

function sleepOn(sleepers: Set<Sleeper>, due: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new CancelledError());
      return;
    }
    const cancel = (): void => {
      sleepers.delete(sleeper);
      reject(new CancelledError());
    };
    const sleeper: Sleeper = {
      due,
      wake: () => {
        signal.removeEventListener('abort', cancel);
        resolve();
      },
    };
    signal.addEventListener('abort', cancel, { once: true });
    sleepers.add(sleeper);
  });
}

/** Lets promises run dry: a turn of the event loop comes after all microtasks, twice for chains that use one. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}
