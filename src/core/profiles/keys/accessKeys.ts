import { BackupError } from '../../service/errors';
import type { Clock } from '../../kernel/clock';
import type { Event } from '../../kernel/events';
import type { AccessKey } from '../../service/model';
import type { Redactor } from '../../kernel/redact';

/** VS Code's SecretStorage. Every call can fail or stay unanswered, and what was stored can be lost. */
export interface SecretStorePort {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** Fires the name of a secret that was stored or deleted, also by another window. */
  readonly onDidChange: Event<string>;
}

/** Keeps one access key a profile, as one secret. There's no other place where a key is ever written. */
export interface AccessKeys {
  /**
   * The key, or undefined when none is kept. Throws BackupError `secret-storage-failed` when the storage fails or
   * doesn't answer within 30 s.
   */
  read(profileId: string): Promise<AccessKey | undefined>;
  /**
   * Stores a key and reads it back. Throws BackupError `secret-storage-failed`, and leaves nothing behind, when the
   * storage fails or forgets.
   */
  store(profileId: string, key: AccessKey): Promise<void>;
  /** Throws BackupError `secret-storage-failed`. */
  erase(profileId: string): Promise<void>;
  /** Fires the profile id when another window changed its key. */
  readonly onDidChange: Event<string>;
}

const prefix = 'cloudBackup.profile.';
/** A keyring that is locked answers only once somebody has unlocked it. */
const answerMs = 30_000;

/** Every key that is read or stored is registered with the redactor. */
export function createAccessKeys(
  secrets: SecretStorePort,
  redactor: Redactor,
  clock: Pick<Clock, 'sleep'>,
): AccessKeys {
  const inTime = async <T>(answer: Promise<T>): Promise<T> => {
    const answered = new AbortController();
    const late = clock.sleep(answerMs, { signal: answered.signal }).then(() => {
      throw new Error(`no answer within ${answerMs / 1000} s`);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      answered.abort();
      late.catch(() => undefined);
    }
  };

  // What this window last saw, so that its own writes aren't taken for those of another.
  const seen = new Map<string, string | undefined>();

  const get = async (profileId: string): Promise<string | undefined> => {
    try {
      return await inTime(secrets.get(prefix + profileId));
    } catch (cause) {
      throw new BackupError('secret-storage-failed', `key not read, profile: ${profileId}`, { cause });
    }
  };

  const read = async (profileId: string): Promise<AccessKey | undefined> => {
    const text = await get(profileId);
    seen.set(profileId, text);
    const key = text === undefined ? undefined : accessKeyOf(text);
    if (key) registerSecrets(key, redactor);
    return key;
  };

  const erase = async (profileId: string): Promise<void> => {
    seen.set(profileId, undefined);
    try {
      await inTime(secrets.delete(prefix + profileId));
    } catch (cause) {
      throw new BackupError('secret-storage-failed', `key not erased, profile: ${profileId}`, { cause });
    }
  };

  const store = async (profileId: string, key: AccessKey): Promise<void> => {
    registerSecrets(key, redactor);
    const text = JSON.stringify(fieldsOf(key));
    seen.set(profileId, text);
    let cause: unknown;
    try {
      await inTime(secrets.set(prefix + profileId, text));
      if ((await inTime(secrets.get(prefix + profileId))) === text) return;
    } catch (error) {
      cause = error;
    }
    // Roll back: a half-written secret is unusable. The first failure is the one to report.
    await erase(profileId).catch(() => undefined);
    throw new BackupError('secret-storage-failed', `key not kept, profile: ${profileId}`, { cause });
  };

  return {
    read,
    store,
    erase,
    onDidChange: (listener) =>
      secrets.onDidChange((name) => {
        if (!name.startsWith(prefix)) return;
        const profileId = name.slice(prefix.length);
        const fire = (): unknown => listener(profileId);
        void get(profileId).then((text) => text !== seen.get(profileId) && fire(), fire);
      }),
  };
}

/** Tells everything of a key that must not be seen. */
export function registerSecrets(key: AccessKey, redactor: Redactor): void {
  redactor.add(key.accessKeySecret);
  redactor.add(key.securityToken);
}

function fieldsOf(key: AccessKey): AccessKey {
  const { accessKeyId, accessKeySecret, securityToken } = key;
  return { accessKeyId, accessKeySecret, ...(securityToken !== undefined && { securityToken }) };
}

/** Undefined for a text that is no key: it is as good as not kept. */
function accessKeyOf(text: string): AccessKey | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const accessKeyId = fieldOf(value, 'accessKeyId');
  const accessKeySecret = fieldOf(value, 'accessKeySecret');
  if (accessKeyId === undefined || accessKeySecret === undefined) return undefined;
  const securityToken = fieldOf(value, 'securityToken');
  return { accessKeyId, accessKeySecret, ...(securityToken !== undefined && { securityToken }) };
}

function fieldOf(value: object, name: string): string | undefined {
  const field: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
  return typeof field === 'string' && field !== '' ? field : undefined;
}
