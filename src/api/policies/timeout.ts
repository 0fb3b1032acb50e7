import { setMaxListeners } from 'node:events';
import { isCancelled } from '../../core/errors';
import { throwIfCancelled } from '../../core/cancelled';
import type { Clock } from '../../core/ports';
import { CallFailure } from '../callFailure';
import type { Policy } from '../pipeline';

/** Gives each attempt a deadline, from its first byte sent to its last byte received. */
export function timeout(clock: Clock, limitMs: number): Policy {
  return (next) =>
    async (request, { signal }) => {
      throwIfCancelled(signal);
      // One signal may stand behind many calls at once: that is no leak, and no warning is due.
      setMaxListeners(0, signal);
      const attempt = new AbortController();
      const timer = new AbortController();
      const cancel = (): void => {
        attempt.abort();
      };
      signal.addEventListener('abort', cancel, { once: true });
      const late = new AbortController();
      clock.sleep(limitMs, { signal: timer.signal }).then(
        () => {
          late.abort();
          attempt.abort();
        },
        // The timer was stopped because the attempt ended in time.
        () => undefined,
      );
      try {
        return await next(request, { signal: attempt.signal });
      } catch (error) {
        if (!late.signal.aborted || signal.aborted || !isCancelled(error)) throw error;
        const seconds = limitMs / 1000;
        throw new CallFailure('timeout', `${request.action} failed: no full reply within ${seconds} s`, {
          action: request.action,
          cause: error,
        });
      } finally {
        timer.abort();
        signal.removeEventListener('abort', cancel);
      }
    };
}
