import type { Clock } from '../kernel/clock';
import type { Disposable } from '../kernel/disposables';
import { Emitter, type Event } from '../kernel/events';
import type { Log } from '../kernel/log';
import type { ConsoleSite } from '../service/consoleLinks';
import { BackupError, isCancelled } from '../service/errors';
import type { AccessKey } from '../service/model';
import { demoProfileId } from '../service/scope';
import type { Demo } from './demo';
import { sourceOf } from './keys/sourceChain';
import type { StoredKeys } from './keys/storedKeys';
import type { Pin, Profile } from './profile';
import { withoutProfile, withProfile, type ProfileList } from './profileList';
import { identityIn, withIdentity, type VerifiedIdentity } from './identity';

/** `session`: in the memory of this window only, for where the secret storage doesn't work. */
export type Keeping = 'kept' | 'session';

/** The profiles of the user: a list without secrets that all windows share, and the demo while it is connected. */
export interface ProfileStore extends Disposable {
  /** Checks once that VS Code still has every key, and erases keys that an interrupted removal left behind. */
  load(): Promise<void>;
  /** In the order in which they were added; the demo, while connected, is the last. */
  list(): readonly Profile[];
  /** Throws BackupError `profile-gone`. */
  get(profileId: string): Profile;
  /** The list, or the state of a key, changed, here or in another window. */
  readonly onDidChange: Event<void>;
  /** Fires the id of a profile after its stored key was replaced or removed, here or in another window. */
  readonly onDidChangeKey: Event<string>;
  /** Fires the id of a profile that was removed here: what is kept for it can go. */
  readonly onDidRemove: Event<string>;
  /**
   * Adds a profile at the end of the list, and keeps its key where it has one of its own. Throws BackupError
   * `secret-storage-failed` or `storage-failed`; nothing is left behind then.
   */
  add(profile: Profile, key?: AccessKey, keeping?: Keeping): Promise<void>;
  /**
   * Puts another key in place, and what the service said about it. Unverified, account and identity aren't known from
   * then on. Throws as `add`.
   */
  replaceKey(
    profileId: string,
    key: AccessKey,
    verified?: VerifiedIdentity,
    keeping?: Keeping,
  ): Promise<void>;
  /** Keeps what the service said about the key of a profile. Throws BackupError `storage-failed`. */
  noteIdentity(profileId: string, found: VerifiedIdentity): Promise<void>;
  /**
   * Erases profile and key. Throws BackupError `secret-storage-failed` when the key couldn't be erased: the profile
   * is gone, and `load` tries again.
   */
  remove(profileId: string): Promise<void>;
  /** What the client view shows of a profile; none means its own region. Throws BackupError `storage-failed`. */
  setPins(profileId: string, pins: readonly Pin[]): Promise<void>;
  /** Keeps which web console the account of a profile signs in to. Throws BackupError `storage-failed`. */
  setConsoleSite(profileId: string, site: ConsoleSite): Promise<void>;
  readonly demo: Demo | undefined;
  /** Takes the demo into the list, or out of it. It is kept in memory only. */
  setDemo(demo: Demo | undefined): void;
}

export interface ProfileStoreDeps {
  readonly list: ProfileList;
  readonly keys: StoredKeys;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
}

/** VS Code announces a secret and the list to other windows separately: the list may come a little later. */
const secondLookMs = 1000;

export function createProfileStore(deps: ProfileStoreDeps): ProfileStore {
  return new StoredProfileList(deps);
}

class StoredProfileList implements ProfileStore {
  readonly #deps: ProfileStoreDeps;
  readonly #changed = new Emitter<void>();
  readonly #keyChanged = new Emitter<string>();
  readonly #removed = new Emitter<string>();
  readonly #closing = new AbortController();
  /** Account and identity of the keys that only this window has; the list has those of the stored ones. */
  readonly #ofSession = new Map<string, VerifiedIdentity | undefined>();
  readonly #listening: Disposable;
  #demo: Demo | undefined;

  readonly onDidChange = this.#changed.event;
  readonly onDidChangeKey = this.#keyChanged.event;
  readonly onDidRemove = this.#removed.event;

  constructor(deps: ProfileStoreDeps) {
    this.#deps = deps;
    this.#listening = deps.keys.onDidChange(({ profileId, elsewhere }) => {
      if (elsewhere) this.#followElsewhere(profileId);
      else this.#changed.fire();
    });
  }

  async load(): Promise<void> {
    const { list, keys } = this.#deps;
    const { profiles, removing } = list.read();
    const stored = profiles.filter(isStored);
    await Promise.all(stored.map(({ id }) => keys.check(id)));
    for (const id of removing) await this.#finishRemoval(id).catch((error: unknown) => this.#warn(error));
    if (stored.some(({ id }) => keys.state(id) === 'not-kept')) this.#changed.fire();
  }

  list(): readonly Profile[] {
    const { list, keys } = this.#deps;
    const profiles = list
      .read()
      .profiles.map((profile) =>
        keys.isForSession(profile.id) ? withIdentity(profile, this.#ofSession.get(profile.id)) : profile,
      );
    return this.#demo ? [...profiles, this.#demo.profile] : profiles;
  }

  get(profileId: string): Profile {
    const profile = this.list().find(({ id }) => id === profileId);
    if (!profile) throw new BackupError('profile-gone', `no such profile: ${profileId}`);
    return profile;
  }

  async add(profile: Profile, key?: AccessKey, keeping: Keeping = 'kept'): Promise<void> {
    const { list } = this.#deps;
    // The list comes first: a key without its profile would stay for ever, a profile without its key is seen.
    await list.write((stored) => withProfile(stored, profile));
    try {
      if (key) await this.#keep(profile.id, key, keeping, identityIn(profile));
    } catch (error) {
      await list
        .write((stored) => withoutProfile(stored, profile.id, false))
        .catch((inner: unknown) => this.#warn(inner));
      throw error;
    }
    this.#changed.fire();
  }

  async replaceKey(
    profileId: string,
    key: AccessKey,
    verified?: VerifiedIdentity,
    keeping: Keeping = 'kept',
  ): Promise<void> {
    const { list, keys } = this.#deps;
    const before = this.get(profileId).accountId;
    try {
      if (keeping === 'kept' && before !== undefined && before !== verified?.accountId) {
        // Forgotten first, so that no call for the old account is signed with the new key.
        await list.replace(profileId, (profile) => withIdentity(profile, undefined));
        this.#changed.fire();
      }
      await this.#keep(profileId, key, keeping, verified);
      // Written again: meanwhile the account of the old key may have been found out.
      if (keeping === 'kept') await list.replace(profileId, (profile) => withIdentity(profile, verified));
    } catch (error) {
      await keys.check(profileId);
      throw error;
    } finally {
      this.#keyChanged.fire(profileId);
      this.#changed.fire();
    }
  }

  async noteIdentity(profileId: string, found: VerifiedIdentity): Promise<void> {
    const { list, keys } = this.#deps;
    if (keys.isForSession(profileId)) this.#ofSession.set(profileId, found);
    else await list.replace(profileId, (profile) => withIdentity(profile, found));
    this.#changed.fire();
  }

  async remove(profileId: string): Promise<void> {
    const hasSecret = this.list().some((profile) => profile.id === profileId && isStored(profile));
    // Noted first: whatever happens next, the key will be erased.
    await this.#deps.list.write((stored) => withoutProfile(stored, profileId, hasSecret));
    try {
      if (hasSecret) await this.#finishRemoval(profileId);
    } finally {
      this.#keyChanged.fire(profileId);
      this.#changed.fire();
      // Last: from here on nothing more is written for it.
      this.#removed.fire(profileId);
    }
  }

  async setPins(profileId: string, pins: readonly Pin[]): Promise<void> {
    const withPins = (profile: Profile): Profile => ({
      ...profile,
      pins: pins.length > 0 ? pins : [{ regionId: profile.regionId }],
    });
    if (this.#demo?.profile.id === profileId) {
      this.#demo = { ...this.#demo, profile: withPins(this.#demo.profile) };
    } else await this.#deps.list.replace(profileId, withPins);
    this.#changed.fire();
  }

  async setConsoleSite(profileId: string, consoleSite: ConsoleSite): Promise<void> {
    await this.#deps.list.replace(profileId, (profile) => ({ ...profile, consoleSite }));
    this.#changed.fire();
  }

  get demo(): Demo | undefined {
    return this.#demo;
  }

  setDemo(demo: Demo | undefined): void {
    this.#demo = demo;
    this.#changed.fire();
    if (!demo) this.#removed.fire(demoProfileId);
  }

  dispose(): void {
    this.#closing.abort();
    this.#listening.dispose();
    this.#changed.dispose();
    this.#keyChanged.dispose();
    this.#removed.dispose();
  }

  async #keep(
    profileId: string,
    key: AccessKey,
    keeping: Keeping,
    verified: VerifiedIdentity | undefined,
  ): Promise<void> {
    const { keys } = this.#deps;
    if (keeping === 'kept') {
      await keys.store(profileId, key);
    } else {
      this.#ofSession.set(profileId, verified);
      keys.keepForSession(profileId, key);
    }
  }

  /** Another window changed a key, and perhaps the list as well. */
  #followElsewhere(profileId: string): void {
    const seen = JSON.stringify(this.list());
    this.#keyChanged.fire(profileId);
    this.#changed.fire();
    this.#deps.clock.sleep(secondLookMs, { signal: this.#closing.signal }).then(
      () => {
        if (JSON.stringify(this.list()) !== seen) this.#changed.fire();
      },
      (error: unknown) => {
        if (!isCancelled(error)) this.#warn(error);
      },
    );
  }

  async #finishRemoval(profileId: string): Promise<void> {
    const { list, keys } = this.#deps;
    await keys.erase(profileId);
    await list.write((stored) => ({
      ...stored,
      removing: stored.removing.filter((id) => id !== profileId),
    }));
  }

  #warn(error: unknown): void {
    this.#deps.log.write('warn', 'profile storage failed', error);
  }
}

function isStored(profile: Profile): boolean {
  return !profile.demo && sourceOf(profile).kind === 'stored';
}
