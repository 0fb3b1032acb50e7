import type { Clock } from '../../core/kernel/clock';
import { AttemptError } from '../attemptError';
import { fates } from '../fates';
import type { Policy } from '../pipeline';

const firstWaitMs = 500;
const longestWaitMs = 20_000;
const longestRetryAfterMs = 60_000;

/**
 * Repeats a call as often as the fate of its failure allows. Waits what the service asks for (60 s at most), else
 * a random part of 0.5 s, 1 s, 2 s, … (20 s at most). Later attempts say so in `x-acs-retry-…` headers, as those of
 * the official client do. `random` gives numbers from 0 up to 1.
 */
export function retry(clock: Clock, random: () => number): Policy {
  return (next) => async (request, waiting) => {
    let headers = request.headers;
    for (let attempt = 1; ; attempt++) {
      try {
        return await next({ ...request, headers }, waiting);
      } catch (error) {
        if (!(error instanceof AttemptError)) throw error;
        if (error.kind === 'throttled' || error.retryAfterMs !== undefined) request.onThrottled?.();
        const { readAttempts, writeAttempts } = fates[error.kind];
        if (attempt >= (request.kind === 'read' ? readAttempts : writeAttempts)) throw error;
        const waitMs = waitAfter(error, attempt, random);
        headers = {
          ...request.headers,
          'x-acs-retry-attempts': String(attempt),
          'x-acs-retry-delay': String(waitMs),
        };
        await clock.sleep(waitMs, waiting);
      }
    }
  };
}

function waitAfter(failure: AttemptError, attempt: number, random: () => number): number {
  if (failure.retryAfterMs !== undefined) return Math.min(failure.retryAfterMs, longestRetryAfterMs);
  return Math.round(random() * Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs));
}
