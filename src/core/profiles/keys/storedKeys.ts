import type { Disposable } from '../../kernel/disposables';
import { BackupError } from '../../service/errors';
import { Emitter, type Event } from '../../kernel/events';
import type { AccessKey } from '../../service/model';
import type { Clock } from '../../kernel/clock';
import type { Log } from '../../kernel/log';
import type { Redactor } from '../../kernel/redact';
import { createAccessKeys, registerSecrets, type SecretStorePort } from './accessKeys';

/** `not-kept`: the profile is in the list, and VS Code has no key for it. */
export type KeyState = 'kept' | 'not-kept';

/** The keys of stored profiles: those in the secret storage, and those that are used until this window closes. */
export interface StoredKeys extends Disposable {
  /** Throws BackupError `credentials-missing` for a key that isn't kept, and `secret-storage-failed`. */
  read(profileId: string): Promise<AccessKey>;
  /** Throws BackupError `secret-storage-failed`; the key that was there before may be lost then. */
  store(profileId: string, key: AccessKey): Promise<void>;
  /** Keeps a key in the memory of this window only. */
  keepForSession(profileId: string, key: AccessKey): void;
  isForSession(profileId: string): boolean;
  /** Throws BackupError `secret-storage-failed`. */
  erase(profileId: string): Promise<void>;
  /** Checks whether the key is stored. It counts as lost when the storage doesn't respond. */
  check(profileId: string): Promise<void>;
  /** `kept` until found otherwise. */
  state(profileId: string): KeyState;
  /** Fires the profile id after its state was found to be another, or its key was changed by another window. */
  readonly onDidChange: Event<{ readonly profileId: string; readonly elsewhere: boolean }>;
}

export function createStoredKeys({
  secrets,
  redactor,
  clock,
  log,
}: {
  readonly secrets: SecretStorePort;
  readonly redactor: Redactor;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
}): StoredKeys {
  const kept = createAccessKeys(secrets, redactor, clock);
  const notKept = new Set<string>();
  const ofSession = new Map<string, AccessKey>();
  const changes = new Emitter<{ readonly profileId: string; readonly elsewhere: boolean }>();

  const state = (profileId: string): KeyState => (notKept.has(profileId) ? 'not-kept' : 'kept');

  const note = (profileId: string, isKept: boolean): void => {
    if (isKept) notKept.delete(profileId);
    else notKept.add(profileId);
  };

  const check = async (profileId: string): Promise<void> => {
    if (ofSession.has(profileId)) return;
    try {
      note(profileId, (await kept.read(profileId)) !== undefined);
    } catch (error) {
      log.write('warn', `key of profile ${profileId} not read`, error);
      note(profileId, false);
    }
  };

  const takeFromElsewhere = async (profileId: string): Promise<void> => {
    const key = await kept.read(profileId).catch(() => undefined);
    // What another window stored is newer than what this one remembers.
    if (key) ofSession.delete(profileId);
    await check(profileId);
    changes.fire({ profileId, elsewhere: true });
  };

  const listening = kept.onDidChange((profileId) => {
    void takeFromElsewhere(profileId).catch((error: unknown) => log.write('warn', 'key not followed', error));
  });

  return {
    async read(profileId) {
      const remembered = ofSession.get(profileId);
      if (remembered) return remembered;
      const key = await kept.read(profileId);
      const before = state(profileId);
      note(profileId, key !== undefined);
      if (before !== state(profileId)) changes.fire({ profileId, elsewhere: false });
      if (key) return key;
      throw new BackupError('credentials-missing', `key not kept by VS Code, profile: ${profileId}`);
    },
    async store(profileId, key) {
      await kept.store(profileId, key);
      ofSession.delete(profileId);
      notKept.delete(profileId);
    },
    keepForSession(profileId, key) {
      registerSecrets(key, redactor);
      ofSession.set(profileId, key);
      notKept.delete(profileId);
    },
    isForSession: (profileId) => ofSession.has(profileId),
    async erase(profileId) {
      ofSession.delete(profileId);
      notKept.delete(profileId);
      await kept.erase(profileId);
    },
    check,
    state,
    onDidChange: changes.event,
    dispose() {
      listening.dispose();
      changes.dispose();
      ofSession.clear();
    },
  };
}
