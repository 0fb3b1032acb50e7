import { isCancelled, toBackupError } from '../../core/service/errors';
import type { Clock } from '../../core/kernel/clock';
import type { Log } from '../../core/kernel/log';
import type { ApiRequest, Policy } from '../pipeline';
import { httpStatus } from '../readReply';

/** One line for each attempt: operation, host, outcome, duration, request id. Parameters and keys never. */
export function log(target: Log, clock: Clock): Policy {
  return (next) => async (request, waiting) => {
    const started = clock.now();
    const took = (): string => `${clock.now() - started} ms`;
    try {
      const reply = await next(request, waiting);
      target.write(
        'debug',
        `call answered: ${nameOf(request)}, ${httpStatus(reply.status)}, ${took()}, request: ${reply.requestId}`,
      );
      return reply;
    } catch (error) {
      if (isCancelled(error)) target.write('debug', `call cancelled: ${nameOf(request)}, ${took()}`);
      else {
        const { code, fate, message } = toBackupError(error);
        const what = `call failed: ${nameOf(request)}, ${took()}, ${code}, ${fate ?? 'fate unknown'}`;
        target.write('warn', `${what}, ${message}`);
      }
      throw error;
    }
  };
}

function nameOf(request: ApiRequest): string {
  const repeated = request.headers['x-acs-retry-attempts'];
  const attempt = repeated === undefined ? '' : ` (attempt ${Number(repeated) + 1})`;
  return `${request.action}${attempt} at ${request.headers['host'] ?? request.endpoint}`;
}
