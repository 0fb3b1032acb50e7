import { BackupError } from '../../core/errors';
import type { AccessKey } from '../../core/model';
import type { Clock } from '../../core/ports';
import type { ApiRequest, Policy } from '../pipeline';
import { authorization, sha256 } from '../signing';

/** Signs each attempt with the key of the moment, a time and a nonce of its own. */
export function sign(clock: Clock, createNonce: () => string): Policy {
  return (next) => async (request, waiting) => {
    const key = await accessKeyOf(request);
    const headers: Record<string, string> = {
      ...request.headers,
      host: new URL(request.endpoint).host,
      'x-acs-action': request.action,
      'x-acs-version': request.version,
      'x-acs-date': dateText(clock.now() + request.timeOffsetMs),
      'x-acs-signature-nonce': createNonce(),
      'x-acs-content-sha256': sha256(request.body ?? ''),
    };
    if (key.securityToken !== undefined) headers['x-acs-security-token'] = key.securityToken;
    // The official client sends and signs the type of a form without fields too.
    if (request.body !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
    headers['authorization'] = authorization(
      { method: 'POST', path: '/', query: request.query, headers, body: request.body ?? '' },
      key,
    );
    return next({ ...request, headers }, waiting);
  };
}

async function accessKeyOf(request: ApiRequest): Promise<AccessKey> {
  try {
    return await request.accessKey();
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    // Without a key nothing was sent, whatever the reason.
    throw new BackupError(error.code, error.message, {
      fate: 'not-run',
      action: request.action,
      cause: error,
    });
  }
}

/** UTC without a fraction, the only form the service takes. */
function dateText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
