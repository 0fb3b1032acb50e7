import type { Clock } from '../../core/kernel/clock';
import { keyForAttempt } from '../keyForAttempt';
import type { ApiRequest, Policy } from '../pipeline';
import { authorization, sha256 } from '../signing';

const formType = 'application/x-www-form-urlencoded';

/**
 * Signs each attempt with the key of the moment, a time and a nonce of its own. A request without a key goes out in
 * the older form that the official client sends unsigned: the operation and the time in the query.
 */
export function sign(clock: Clock, createNonce: () => string): Policy {
  return (next) => async (request, waiting) => {
    const date = (): string => dateText(clock.now() + request.timeOffsetMs);
    const { action, accessKey } = request;
    if (accessKey === undefined) return next(unsigned(request, date()), waiting);
    const key = await keyForAttempt({ action, accessKey }, undefined, waiting);
    const headers: Record<string, string> = {
      ...request.headers,
      host: new URL(request.endpoint).host,
      'x-acs-action': request.action,
      'x-acs-version': request.version,
      'x-acs-date': date(),
      'x-acs-signature-nonce': createNonce(),
      'x-acs-content-sha256': sha256(request.body ?? ''),
    };
    if (key.securityToken !== undefined) headers['x-acs-security-token'] = key.securityToken;
    // The official client sends and signs the type of a form without fields too.
    if (request.body !== undefined) headers['content-type'] = formType;
    headers['authorization'] = authorization(
      { method: 'POST', path: '/', query: request.query, headers, body: request.body ?? '' },
      key,
    );
    return next({ ...request, headers }, waiting);
  };
}

function unsigned(request: ApiRequest, date: string): ApiRequest {
  const { action, version, query, body, headers, endpoint } = request;
  return {
    ...request,
    query: [['Action', action], ['Version', version], ['Format', 'JSON'], ['Timestamp', date], ...query],
    headers: {
      ...headers,
      host: new URL(endpoint).host,
      ...(body === undefined ? {} : { 'content-type': formType }),
    },
  };
}

/** UTC without a fraction, the only form the service takes. */
function dateText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
