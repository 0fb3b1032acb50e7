import { throwIfCancelled } from '../core/kernel/cancelled';
import { isCancelled } from '../core/service/errors';
import type { Clock } from '../core/kernel/clock';
import type { Waiting } from '../core/kernel/waiting';

/**
 * Gives work a deadline, `limitMs` milliseconds from now. Its signal aborts then, and when the caller's does. What it
 * throws because of the deadline is replaced by `late`; a cancel by the caller is thrown as it is.
 */
export async function withDeadline<T>(
  clock: Clock,
  limitMs: number,
  { signal }: Waiting,
  work: (waiting: Waiting) => Promise<T>,
  late: (cause: unknown) => Error,
): Promise<T> {
  throwIfCancelled(signal);
  const passed = new AbortController();
  const timer = new AbortController();
  clock.sleep(limitMs, { signal: timer.signal }).then(
    () => {
      passed.abort();
    },
    // The timer was stopped because the work ended in time.
    () => undefined,
  );
  try {
    return await work({ signal: AbortSignal.any([signal, passed.signal]) });
  } catch (error) {
    throw passed.signal.aborted && !signal.aborted && isCancelled(error) ? late(error) : error;
  } finally {
    timer.abort();
  }
}
