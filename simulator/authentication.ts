import { refusal } from './errors';
import type { Key, Keyring } from './keyring';
import type { Claim } from './signature';

const windowMs = 15 * 60_000;

/**
 * Proves a claim or throws the documented refusal: date, key, token, signature, and last the nonce, so that a
 * request that was never genuine cannot use one up.
 *
 * @param clocksMs what the service takes for the time; a date within 15 minutes of any of them is accepted.
 */
export function authenticate(
  claim: Claim,
  keyring: Keyring,
  nowMs: number,
  clocksMs: readonly number[],
): Key {
  checkDate(claim.date, clocksMs);
  const key = keyring.find(claim.accessKeyId, claim.securityToken, nowMs);
  claim.verify(key.accessKeySecret);
  keyring.useNonce(claim.accessKeyId, claim.nonce, nowMs);
  return key;
}

/** Refuses a date that is no date, or further than 15 minutes from every clock. */
export function checkDate(date: string, clocksMs: readonly number[]): void {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date)) throw refusal('InvalidTimeStamp.Format');
  const dateMs = Date.parse(date);
  if (Number.isNaN(dateMs)) throw refusal('InvalidTimeStamp.Format');
  if (!clocksMs.some((clockMs) => Math.abs(clockMs - dateMs) <= windowMs)) {
    throw refusal('InvalidTimeStamp.Expired');
  }
}
