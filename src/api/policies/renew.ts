import type { AccessKey } from '../../core/service/model';
import type { Waiting } from '../../core/kernel/waiting';
import { isSameKey } from '../../core/profiles/keys/keyCache';
import { AttemptError } from '../attemptError';
import type { FailureKind } from '../fates';
import { keyForAttempt } from '../keyForAttempt';
import type { Policy } from '../pipeline';

const keyRefused: ReadonlySet<FailureKind> = new Set(['token-rejected', 'key-rejected']);

/**
 * When the service refuses a key, asks for another one, once. With another key the call is tried once more, a write
 * too: a refused key means that nothing ran. With the same key again the failure is thrown as it was.
 */
export function renew(): Policy {
  return (next) => async (request, waiting) => {
    const { accessKey } = request;
    if (accessKey === undefined) return next(request, waiting);
    let used: AccessKey | undefined;
    const noted = async (_refused: unknown, each?: Waiting): Promise<AccessKey> =>
      (used = await accessKey(undefined, each));
    try {
      return await next({ ...request, accessKey: noted }, waiting);
    } catch (error) {
      if (!(error instanceof AttemptError) || !keyRefused.has(error.kind) || used === undefined) throw error;
      const other = await keyForAttempt({ ...request, accessKey }, used, waiting);
      if (isSameKey(used, other)) throw error;
      return next({ ...request, accessKey: () => Promise.resolve(other) }, waiting);
    }
  };
}
