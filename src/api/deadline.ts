import { throwIfCancelled } from '../core/kernel/cancelled';
import { isCancelled } from '../core/service/errors';
import type { Clock } from '../core/kernel/clock';
import type { Waiting } from '../core/kernel/waiting';

/**
 * Gives work a deadline, `limitMs` milliseconds from now. Its signal aborts then, when the caller's does, and when the
 * work has ended. What it throws because of the deadline is replaced by `late`; a cancel by the caller is thrown as it is.
 */
export async function withDeadline<T>(
  clock: Clock,
  limitMs: number,
  { signal }: Waiting,
  work: (waiting: Waiting) => Promise<T>,
  late: (cause: unknown) => Error,
): Promise<T> {
  throwIfCancelled(signal);
  const attempt = new AbortController();
  // Without a reason, each abort creates an error with a stack.
  const abort = (): void => {
    attempt.abort('ended');
  };
  signal.addEventListener('abort', abort);
  clock.sleep(limitMs, { signal: attempt.signal }).then(
    () => {
      attempt.abort('late');
    },
    // The work ended in time, or was cancelled.
    () => undefined,
  );
  try {
    return await work({ signal: attempt.signal });
  } catch (error) {
    throw attempt.signal.reason === 'late' && isCancelled(error) ? late(error) : error;
  } finally {
    signal.removeEventListener('abort', abort);
    abort();
  }
}
