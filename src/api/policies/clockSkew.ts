import type { Clock } from '../../core/ports';
import { CallFailure } from '../callFailure';
import type { ApiRequest, Policy } from '../pipeline';

/**
 * When the service refuses the time of a request, takes the service's time from that answer and tries once more,
 * writes too: a refused time means that nothing ran. The difference is remembered for each endpoint.
 */
export function clockSkew(clock: Clock): Policy {
  const offsets = new Map<string, number>();
  return (next) => async (request, waiting) => {
    const withOffset = (): ApiRequest => ({ ...request, timeOffsetMs: offsets.get(request.endpoint) ?? 0 });
    try {
      return await next(withOffset(), waiting);
    } catch (error) {
      if (!isTimeRejected(error) || error.serverTimeMs === undefined) throw error;
      offsets.set(request.endpoint, error.serverTimeMs - clock.now());
    }
    try {
      return await next(withOffset(), waiting);
    } catch (error) {
      if (!isTimeRejected(error)) throw error;
      const minutes = Math.round((offsets.get(request.endpoint) ?? 0) / 60_000);
      offsets.delete(request.endpoint);
      throw new CallFailure(
        'time-rejected',
        `${error.message}, the clock of this computer differs from the service's by ${minutes} min`,
        {
          serviceCode: error.serviceCode,
          requestId: error.requestId,
          httpStatus: error.httpStatus,
          action: error.action,
          cause: error,
        },
      );
    }
  };
}

function isTimeRejected(error: unknown): error is CallFailure {
  return error instanceof CallFailure && error.kind === 'time-rejected';
}
