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
 * the official client do. A call with a {@link Pace} starts when that allows, and is also repeated as long as the service
 * asks to slow down and lets others through. `random` gives numbers from 0 up to 1.
 */
export function retry(clock: Clock, random: () => number): Policy {
  return (next) => async (request, waiting) => {
    const { pace } = request;
    let headers = request.headers;
    // Attempts during which nothing else got through.
    let inVain = 0;
    let refusedAt = clock.monotonic();
    for (let attempt = 1; ; attempt++) {
      const turnInMs = pace?.reserve(clock.monotonic()) ?? 0;
      if (turnInMs > 0) await clock.sleep(turnInMs, waiting);
      try {
        const reply = await next({ ...request, headers }, waiting);
        pace?.answered(clock.monotonic());
        return reply;
      } catch (error) {
        if (!(error instanceof AttemptError)) throw error;
        const slowDown = error.kind === 'throttled' || error.retryAfterMs !== undefined;
        // A page of a listing has its turn as long as others have theirs.
        if (slowDown && pace?.answeredSince(refusedAt) === true) inVain = 0;
        inVain++;
        if (slowDown) pace?.refused((refusedAt = clock.monotonic()));
        const { readAttempts, writeAttempts } = fates[error.kind];
        if (inVain >= (request.kind === 'read' ? readAttempts : writeAttempts)) throw error;
        // A pace that is limited spreads the attempts, and gives each its time.
        const waitMs = waitAfter(error, inVain, pace?.limited === true ? () => 0 : random);
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
