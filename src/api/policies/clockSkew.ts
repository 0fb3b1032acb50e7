import { AttemptError } from '../attemptError';
import type { Policy } from '../pipeline';
import type { ServiceClocks } from '../serviceClocks';

/**
 * When the service refuses the time of a request, takes the service's time from that answer and tries once more,
 * writes too: a refused time means that nothing ran. From then on that endpoint's requests carry its time; all others
 * carry this computer's, so that a reply with a wrong date spoils nothing that works.
 */
export function clockSkew(clocks: ServiceClocks): Policy {
  const corrected = new Set<string>();
  return (next) => async (request, waiting) => {
    const { endpoint } = request;
    const attempt = () =>
      next(
        { ...request, timeOffsetMs: (corrected.has(endpoint) && clocks.offsetMs(endpoint)) || 0 },
        waiting,
      );
    try {
      return await attempt();
    } catch (error) {
      if (!isTimeRejected(error)) throw error;
      if (error.serverTimeMs === undefined) throw explained(error, undefined);
      corrected.add(endpoint);
    }
    try {
      return await attempt();
    } catch (error) {
      if (!isTimeRejected(error)) throw error;
      corrected.delete(endpoint);
      throw explained(error, error.serverTimeMs === undefined ? undefined : clocks.offsetMs(endpoint));
    }
  };
}

function explained(error: AttemptError, offsetMs: number | undefined): AttemptError {
  const { message, serviceCode, requestId, httpStatus, action } = error;
  const difference =
    offsetMs === undefined
      ? "the reply has no usable date, so the service's time is not known"
      : `the clock of this computer differs from the service's by ${Math.round(offsetMs / 60_000)} min`;
  return new AttemptError('time-rejected', `${message}, ${difference}`, {
    ...{ serviceCode, requestId, httpStatus, action },
    cause: error,
  });
}

function isTimeRejected(error: unknown): error is AttemptError {
  return error instanceof AttemptError && error.kind === 'time-rejected';
}
