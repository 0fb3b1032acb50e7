import { setTimeout as wait } from 'node:timers/promises';
import { CancelledError } from '../../src/core/kernel/cancelled';
import type { Clock } from '../../src/core/kernel/clock';

/** The time as it passes, for tests with processes and servers whose time nobody can move. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, { signal }) => {
    try {
      await wait(Math.max(0, ms), undefined, { signal });
    } catch {
      throw new CancelledError();
    }
  },
};
