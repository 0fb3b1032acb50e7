import type { Clock } from '../../core/ports';
import { CallFailure } from '../callFailure';
import type { Policy } from '../pipeline';
import { serverTimeOf, type ServiceClocks } from '../serviceClocks';

/** Learns the service's time from each of its replies, good ones and refusals. Innermost, to measure the reply alone. */
export function measureClock(clock: Clock, clocks: ServiceClocks): Policy {
  return (next) => async (request, waiting) => {
    const askedMs = clock.now();
    const note = (serverTimeMs: number | undefined): void => {
      if (serverTimeMs !== undefined) clocks.note(request.endpoint, serverTimeMs, askedMs, clock.now());
    };
    try {
      const reply = await next(request, waiting);
      note(serverTimeOf(reply.header('date')));
      return reply;
    } catch (error) {
      if (error instanceof CallFailure) note(error.serverTimeMs);
      throw error;
    }
  };
}
