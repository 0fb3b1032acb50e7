import { isRecord } from '../core/kernel/objects';
import type { AccessKey } from '../core/service/model';
import type { TimedKey } from '../core/profiles/keys/credentialSource';
import { utcTime } from '../core/kernel/utcTime';
import type { KeyDeps } from './keyDeps';

/** The key that consists of these; an empty token counts as none. */
export function accessKeyOf(
  accessKeyId: string,
  accessKeySecret: string,
  securityToken: string | undefined,
): AccessKey {
  return { accessKeyId, accessKeySecret, ...(securityToken ? { securityToken } : {}) };
}

/**
 * A key with its end by this computer's clock, if there is one.
 *
 * @param expiration as ISO 8601 by the service's clock; one that can't be read is none
 */
export function timedKeyOf(
  key: AccessKey,
  expiration: unknown,
  { clockOffsetMs }: Pick<KeyDeps, 'clockOffsetMs'>,
): TimedKey {
  const ends = typeof expiration === 'string' ? utcTime(expiration) : undefined;
  return ends === undefined ? { key } : { key, expiresAtMs: ends - clockOffsetMs() };
}

/**
 * Reads what the metadata service and a credentials URI answer: JSON with `AccessKeyId`, `AccessKeySecret`,
 * `SecurityToken` and `Expiration` in ISO 8601 (documented). Undefined when it is something else, or when its `Code`
 * says that it failed. Secrets are passed to `hide` even then.
 */
export function decodeSessionAnswer(
  body: string,
  deps: Pick<KeyDeps, 'clockOffsetMs' | 'hide'>,
): TimedKey | undefined {
  const answer = parseObject(body);
  if (answer === undefined) return undefined;
  const { Code, AccessKeyId: id, AccessKeySecret: secret, SecurityToken: token, Expiration } = answer;
  for (const text of [secret, token]) if (typeof text === 'string') deps.hide(text);
  if (Code !== undefined && Code !== 'Success') return undefined;
  if (typeof id !== 'string' || typeof secret !== 'string' || typeof token !== 'string') return undefined;
  if (id === '' || secret === '' || token === '') return undefined;
  return timedKeyOf(accessKeyOf(id, secret, token), Expiration, deps);
}

/** The object that a text is in JSON; undefined for anything else. Never throws, so that nothing is quoted. */
export function parseObject(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json.replace(/^\uFEFF/, ''));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
