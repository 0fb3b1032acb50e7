import type { Clock } from '../../core/kernel/clock';
import { CancelledError } from '../../core/kernel/cancelled';
import { AttemptError } from '../attemptError';
import { withDeadline } from '../deadline';
import type { Policy } from '../pipeline';

/** Gives each attempt a deadline, from the connection to the last byte received. */
export function timeout(clock: Clock, limitMs: number): Policy {
  return (next) => (request, waiting) =>
    withDeadline(
      clock,
      limitMs,
      waiting,
      (attempt) => next(request, attempt),
      (cause) => {
        const notSent = cause instanceof CancelledError && cause.fate === 'not-run';
        return new AttemptError(
          notSent ? 'no-connection-in-time' : 'timeout',
          `${request.action} failed: ${notSent ? 'no connection' : 'no full reply'} within ${limitMs / 1000} s`,
          { action: request.action, cause },
        );
      },
    );
}
