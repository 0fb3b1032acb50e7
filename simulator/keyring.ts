import { refusal } from './errors';

/** Who a key belongs to, in the words of GetCallerIdentity. */
export interface Identity {
  readonly type: 'Account' | 'RAMUser' | 'AssumedRoleUser';
  readonly accountId: string;
  readonly arn: string;
  readonly principalId: string;
  /** The user id, or the role id of an assumed role. */
  readonly id: string;
}

/** A pair that the simulator accepts; with a token it is a temporary one. */
export interface Key {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
  /** Wall-clock milliseconds at which a temporary key ends; without it the key does not expire. */
  readonly expiresMs?: number;
  /** False for a key that was disabled. */
  readonly active?: boolean;
  readonly identity: Identity;
}

/** Stands for the caller of an operation that is not signed; no ring holds it. */
export const anonymous: Key = {
  accessKeyId: '',
  accessKeySecret: '',
  identity: { type: 'RAMUser', accountId: '', arn: '', principalId: '', id: '' },
};

const nonceWindowMs = 15 * 60_000;

/** The keys that exist, and the nonces that each has used in the last 15 minutes. */
export class Keyring {
  readonly #keys = new Map<string, Key>();
  readonly #nonces = new Map<string, Map<string, number>>();
  readonly #secrets = new Set<string>();

  add(key: Key): void {
    this.#keys.set(key.accessKeyId, key);
    this.#secrets.add(key.accessKeySecret);
    if (key.securityToken !== undefined) this.#secrets.add(key.securityToken);
  }

  /** Secrets and tokens of all keys that were ever added. */
  secrets(): readonly string[] {
    return [...this.#secrets];
  }

  remove(accessKeyId: string): void {
    this.#keys.delete(accessKeyId);
  }

  disable(accessKeyId: string): void {
    const key = this.#keys.get(accessKeyId);
    if (key !== undefined) this.#keys.set(accessKeyId, { ...key, active: false });
  }

  /** Lets a temporary key end now; without an id every temporary key. */
  expire(accessKeyId: string | undefined, nowMs: number): void {
    for (const [id, key] of this.#keys) {
      const meant = accessKeyId === undefined || accessKeyId === id;
      if (meant && key.securityToken !== undefined) this.#keys.set(id, { ...key, expiresMs: nowMs });
    }
  }

  isUsable(accessKeyId: string, nowMs: number): boolean {
    const key = this.#keys.get(accessKeyId);
    return key !== undefined && key.active !== false && nowMs < (key.expiresMs ?? Infinity);
  }

  /** The key that may be used with this token now; else the documented refusal. */
  find(accessKeyId: string, securityToken: string | undefined, nowMs: number): Key {
    const key = this.#keys.get(accessKeyId);
    if (key === undefined) throw refusal('InvalidAccessKeyId.NotFound');
    if (key.active === false) throw refusal('InvalidAccessKeyId.Inactive');
    if (key.securityToken === securityToken) {
      if (key.expiresMs !== undefined && nowMs >= key.expiresMs)
        throw refusal('InvalidSecurityToken.Expired');
      return key;
    }
    if (securityToken === undefined) throw refusal('MissingSecurityToken');
    const known = [...this.#keys.values()].some((other) => other.securityToken === securityToken);
    throw refusal(known ? 'InvalidSecurityToken.MismatchWithAccessKey' : 'InvalidSecurityToken.Malformed');
  }

  /** Marks a nonce as used; refuses one that this key used within the last 15 minutes. */
  useNonce(accessKeyId: string, nonce: string, nowMs: number): void {
    const used = this.#nonces.get(accessKeyId) ?? new Map<string, number>();
    this.#nonces.set(accessKeyId, used);
    for (const [old, atMs] of used) {
      if (nowMs - atMs <= nonceWindowMs) break;
      used.delete(old);
    }
    if (used.has(nonce)) throw refusal('SignatureNonceUsed');
    used.set(nonce, nowMs);
  }
}
