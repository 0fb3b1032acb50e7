import type { Clock } from '../../core/kernel/clock';
import { AttemptError } from '../attemptError';
import type { Policy } from '../pipeline';
import { serverTimeOf, type ServiceClocks } from '../serviceClocks';

// Beyond this, the two ways to measure a duration disagree: the clock was set meanwhile, or the computer slept.
const mostDriftMs = 1000;

/** Learns the service's time from each of its replies, good ones and refusals. Innermost, to measure the reply alone. */
export function measureClock(clock: Clock, clocks: ServiceClocks): Policy {
  return (next) => async (request, waiting) => {
    const asked = { now: clock.now(), monotonic: clock.monotonic() };
    const note = (serverTimeMs: number | undefined): void => {
      const answeredMs = clock.now();
      const driftMs = answeredMs - asked.now - (clock.monotonic() - asked.monotonic);
      if (serverTimeMs === undefined || Math.abs(driftMs) > mostDriftMs) return;
      clocks.note(request.endpoint, serverTimeMs, asked.now, answeredMs);
    };
    try {
      const reply = await next(request, waiting);
      note(serverTimeOf(reply.header('date')));
      return reply;
    } catch (error) {
      if (error instanceof AttemptError) note(error.serverTimeMs);
      throw error;
    }
  };
}
