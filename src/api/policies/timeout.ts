import type { Clock } from '../../core/ports';
import { CallFailure } from '../callFailure';
import { withDeadline } from '../deadline';
import type { Policy } from '../pipeline';

/** Gives each attempt a deadline, from its first byte sent to its last byte received. */
export function timeout(clock: Clock, limitMs: number): Policy {
  return (next) => (request, waiting) =>
    withDeadline(
      clock,
      limitMs,
      waiting,
      (attempt) => next(request, attempt),
      (cause) =>
        new CallFailure('timeout', `${request.action} failed: no full reply within ${limitMs / 1000} s`, {
          action: request.action,
          cause,
        }),
    );
}
