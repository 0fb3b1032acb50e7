import { setMaxListeners } from 'node:events';
import { throwIfCancelled } from '../core/kernel/cancelled';
import { isCancelled } from '../core/service/errors';
import type { Clock } from '../core/kernel/clock';
import type { Waiting } from '../core/kernel/waiting';

/**
 * Gives work a deadline, `limitMs` milliseconds from now. Its own signal aborts then, and when the caller's does;
 * what it throws because of the deadline is replaced by `late`.
 */
export async function withDeadline<T>(
  clock: Clock,
  limitMs: number,
  { signal }: Waiting,
  work: (waiting: Waiting) => Promise<T>,
  late: (cause: unknown) => Error,
): Promise<T> {
  throwIfCancelled(signal);
  // One signal may stand behind many calls at once: that is no leak, and no warning is due.
  setMaxListeners(0, signal);
  const attempt = new AbortController();
  const timer = new AbortController();
  const cancel = (): void => {
    attempt.abort();
  };
  signal.addEventListener('abort', cancel, { once: true });
  const passed = new AbortController();
  clock.sleep(limitMs, { signal: timer.signal }).then(
    () => {
      passed.abort();
      attempt.abort();
    },
    // The timer was stopped because the work ended in time.
    () => undefined,
  );
  try {
    return await work({ signal: attempt.signal });
  } catch (error) {
    throw passed.signal.aborted && !signal.aborted && isCancelled(error) ? late(error) : error;
  } finally {
    timer.abort();
    signal.removeEventListener('abort', cancel);
  }
}
