import { tellSecrets, type SecretStorePort } from './accessKeys';
import type { CredentialSource, OutsideCredentials, StsApi } from './credentialSource';
import { demoOf, demoProfileId, type Demo, type DemoConnection } from './demo';
import { toDisposable, type Disposable } from '../disposables';
import { endpointsWith, type EndpointOverrides } from './endpointOverrides';
import { BackupError, isCancelled } from '../errors';
import { Emitter, type Event } from '../events';
import type { VerifiedIdentity } from './identity';
import { createKeySources, type KeySources } from './keySources';
import type { Translate } from '../localize';
import type { AccessKey } from '../model';
import type { Clock, Connection, Connections, Log, Pin, Profile, Waiting } from '../ports';
import type { ProfileIndexPort } from './profileIndex';
import { createProfileList, withoutProfile, withProfile, withViewOf, type ProfileList } from './profileList';
import type { Redactor } from '../redact';
import { sourceOf } from './sourceChain';
import { createStoredKeys, type KeyState, type StoredKeys } from './storedKeys';

export type { DemoConnection } from './demo';
export type { KeyState } from './storedKeys';

/** A connection for a key or a source that is tried; disposing forgets it. */
export interface Probe extends Disposable {
  readonly profileId: string;
}

/** `session`: in the memory of this window only, for where the secret storage does not work. */
export type Keeping = 'kept' | 'session';

export interface ProfilesOptions {
  readonly index: ProfileIndexPort;
  readonly secrets: SecretStorePort;
  readonly outside: OutsideCredentials;
  readonly sts: StsApi;
  /** Whose key a profile or probe has, as the service says. */
  readonly whoIs: (profileId: string, regionId: string, waiting: Waiting) => Promise<VerifiedIdentity>;
  readonly redactor: Redactor;
  /** Overrides as the settings say now. Each connection keeps those it was made with. */
  readonly endpointOverrides: () => EndpointOverrides;
  readonly clock: Clock;
  readonly log: Log;
  readonly t: Translate;
}

/**
 * The profiles of the user: a list without secrets, where the key of each comes from, and which are in view in this
 * window. Also finds the connection of a profile.
 */
export interface Profiles extends Connections, Disposable {
  /** Looks once whether VS Code still keeps every key, and erases keys whose removal was interrupted. */
  load(): Promise<void>;
  /** In the order in which they were added; the demo, while connected, is the last. */
  list(): readonly Profile[];
  /** Of this window; a new window begins with the one that was active last anywhere. */
  readonly active: Profile | undefined;
  /** Those whose clients are in view: the active one, and others that were shown beside it. */
  readonly shown: readonly Profile[];
  /** The list, the active profile, or a key changed, here or in another window. */
  readonly onDidChange: Event<void>;
  /** Fires the id of a profile that may have another key now: what failed for want of one may work. */
  readonly onDidChangeKey: Event<string>;
  /** Fires the id of a profile that was removed here: what is kept for it can go. */
  readonly onDidRemove: Event<string>;
  /** `kept` until found otherwise. Only a stored key can be lost: other sources are asked when it is needed. */
  keyState(profileId: string): KeyState;
  /** True for a key that goes when this window closes. */
  isForSession(profileId: string): boolean;
  /**
   * Keeps a profile and its key, and makes it the one in view. Throws BackupError `secret-storage-failed` or
   * `storage-failed`; nothing is left behind then.
   */
  add(profile: Profile, key: AccessKey, keeping?: Keeping): Promise<void>;
  /** Keeps a profile whose source holds its key; `tried` is the probe of that source, whose key is used on. */
  addSource(profile: Profile, tried?: Probe): Promise<void>;
  /** Puts another key in place, and what the service said about it. Throws as `add`. */
  replaceKey(profileId: string, key: AccessKey, verified?: VerifiedIdentity, keeping?: Keeping): Promise<void>;
  /** Forgets the key that was read from a source, so that the next call reads it anew. */
  readKeyAgain(profileId: string): void;
  /** Keeps what the service said about the key of a profile that was saved unverified. */
  identify(profileId: string, verified: VerifiedIdentity): Promise<void>;
  /**
   * Erases profile and key. Throws BackupError `secret-storage-failed` when the key could not be erased: the profile
   * is gone all the same, and `load` tries again.
   */
  remove(profileId: string): Promise<void>;
  /** Shows this profile and no other. Throws BackupError `credentials-missing` for one that does not exist. */
  setActive(profileId: string): Promise<void>;
  /** Shows several side by side; the active one stays active while it is among them, else the first becomes it. */
  setShown(profileIds: readonly string[]): Promise<void>;
  /** What the client view shows of a profile; none means its own region. */
  setPins(profileId: string, pins: readonly Pin[]): Promise<void>;
  /** Lets a key be tried before it is kept. */
  probe(key: AccessKey): Probe;
  /** Lets a source be tried before a profile is made of it. */
  probeSource(source: CredentialSource, regionId: string): Probe;
  /**
   * Connects to a simulator on this computer, in memory only, and makes it active. Throws BackupError
   * `invalid-input` for an endpoint elsewhere.
   */
  connectDemo(demo: DemoConnection): Profile;
  disconnectDemo(): void;
}

export function createProfiles(options: ProfilesOptions): Profiles {
  return new StoredAndDemoProfiles(options);
}

/** VS Code tells other windows of a secret and of the list on two ways: the list may come a little later. */
const secondLookMs = 1000;

class StoredAndDemoProfiles implements Profiles {
  readonly #options: ProfilesOptions;
  readonly #list: ProfileList;
  readonly #stored: StoredKeys;
  readonly #sources: KeySources;
  readonly #changed = new Emitter<void>();
  readonly #removed = new Emitter<string>();
  readonly #leaving = new AbortController();
  /** Connections of keys that are tried. */
  readonly #probed = new Map<string, Connection>();
  /** Profiles of sources that are tried. */
  readonly #drafts = new Map<string, Profile>();
  #demo: Demo | undefined;
  #activeId: string | undefined;
  /** Other profiles in view, besides the active one. */
  #besideIds: readonly string[] = [];
  #probes = 0;

  readonly onDidChange = this.#changed.event;
  readonly onDidChangeKey: Event<string>;
  readonly onDidRemove = this.#removed.event;

  constructor(options: ProfilesOptions) {
    this.#options = options;
    this.#list = createProfileList(options.index);
    this.#stored = createStoredKeys(options.secrets, options.redactor, options.log);
    this.#sources = createKeySources({
      ...options,
      readStored: (profileId) => this.#stored.read(profileId),
      profiles: () => [...this.#list.read().profiles, ...this.#drafts.values()],
      endpoints: (regionId) => endpointsWith(options.endpointOverrides(), regionId),
      whoIs: (profile, key, waiting) => this.#whoIs(profile, key, waiting),
    });
    this.onDidChangeKey = this.#sources.onDidChange;
    const { activeId, shownIds } = this.#list.read();
    this.#activeId = activeId;
    this.#besideIds = shownIds ?? [];
    this.#stored.onDidChange(({ profileId, elsewhere }) => {
      if (elsewhere) this.#followElsewhere(profileId);
      else this.#changed.fire();
    });
  }

  async load(): Promise<void> {
    const { profiles, removing } = this.#list.read();
    const stored = profiles.filter(isStored);
    await Promise.all(stored.map(({ id }) => this.#stored.check(id)));
    for (const id of removing) await this.#finishRemoval(id).catch((error: unknown) => this.#warn(error));
    if (stored.some(({ id }) => this.keyState(id) === 'not-kept')) this.#changed.fire();
  }

  list(): readonly Profile[] {
    const { profiles } = this.#list.read();
    return this.#demo ? [...profiles, this.#demo.profile] : profiles;
  }

  get active(): Profile | undefined {
    const profiles = this.list();
    return profiles.find(({ id }) => id === this.#activeId) ?? profiles[0];
  }

  get shown(): readonly Profile[] {
    const { active } = this;
    return this.list().filter(({ id }) => id === active?.id || this.#besideIds.includes(id));
  }

  keyState(profileId: string): KeyState {
    return this.#stored.state(profileId);
  }

  isForSession(profileId: string): boolean {
    return this.#stored.isForSession(profileId);
  }

  get(profileId: string): Connection {
    if (this.#demo && profileId === demoProfileId) return this.#demo.connection;
    const probed = this.#probed.get(profileId);
    if (probed) return probed;
    const known =
      this.#drafts.has(profileId) || this.#list.read().profiles.some(({ id }) => id === profileId);
    if (!known) throw notSignedIn(profileId);
    return this.#connection(profileId, (refused, waiting = { signal: this.#leaving.signal }) =>
      this.#sources.get(profileId, refused, waiting),
    );
  }

  async add(profile: Profile, key: AccessKey, keeping: Keeping = 'kept'): Promise<void> {
    await this.#add(profile, () => this.#keep(profile.id, key, keeping));
  }

  async addSource(profile: Profile, tried?: Probe): Promise<void> {
    await this.#add(profile, () => {
      if (tried) this.#sources.adopt(tried.profileId, profile.id);
    });
  }

  async #add(profile: Profile, keepKey: () => void | Promise<void>): Promise<void> {
    const before = this.#list.read();
    // The list comes first: a key without its profile would lie there for ever, a profile without its key is seen.
    await this.#list.write((stored) => withProfile(stored, profile));
    try {
      await keepKey();
    } catch (error) {
      await this.#list
        .write((stored) => withViewOf(withoutProfile(stored, profile.id, false), before))
        .catch((inner: unknown) => this.#warn(inner));
      throw error;
    }
    this.#activeId = profile.id;
    this.#besideIds = [];
    this.#changed.fire();
  }

  async replaceKey(
    profileId: string,
    key: AccessKey,
    verified?: VerifiedIdentity,
    keeping: Keeping = 'kept',
  ): Promise<void> {
    try {
      await this.#keep(profileId, key, keeping);
      if (verified) await this.#list.replace(profileId, (profile) => ({ ...profile, ...verified }));
    } catch (error) {
      await this.#stored.check(profileId);
      throw error;
    } finally {
      this.#sources.drop(profileId);
      this.#changed.fire();
    }
  }

  readKeyAgain(profileId: string): void {
    this.#sources.drop(profileId);
  }

  async identify(profileId: string, verified: VerifiedIdentity): Promise<void> {
    await this.#list.replace(profileId, (profile) => ({ ...profile, ...verified }));
    this.#changed.fire();
  }

  async remove(profileId: string): Promise<void> {
    const hasSecret = this.list().some((profile) => profile.id === profileId && isStored(profile));
    // Noted first: whatever happens next, the key will be erased.
    await this.#list.write((stored) => withoutProfile(stored, profileId, hasSecret));
    try {
      if (hasSecret) await this.#finishRemoval(profileId);
    } finally {
      this.#removed.fire(profileId);
      this.#sources.drop(profileId);
      this.#changed.fire();
    }
  }

  async setActive(profileId: string): Promise<void> {
    if (!this.list().some(({ id }) => id === profileId)) throw notSignedIn(profileId);
    if (this.active?.id === profileId && this.shown.length === 1) return;
    await this.#show(profileId, [profileId]);
  }

  async setShown(profileIds: readonly string[]): Promise<void> {
    const listed = this.list().filter(({ id }) => profileIds.includes(id));
    const first = listed.find(({ id }) => id === this.active?.id) ?? listed[0];
    if (!first) throw notSignedIn(profileIds.join(', '));
    await this.#show(
      first.id,
      listed.map(({ id }) => id),
    );
  }

  async setPins(profileId: string, pins: readonly Pin[]): Promise<void> {
    const withPins = (profile: Profile): Profile => ({
      ...profile,
      pins: pins.length > 0 ? pins : [{ regionId: profile.regionId }],
    });
    if (this.#demo?.profile.id === profileId) {
      this.#demo = { ...this.#demo, profile: withPins(this.#demo.profile) };
    } else await this.#list.replace(profileId, withPins);
    this.#changed.fire();
  }

  async #show(activeId: string, shownIds: readonly string[]): Promise<void> {
    this.#activeId = activeId;
    this.#besideIds = shownIds;
    this.#changed.fire();
    // The demo is gone with the window: another one begins with what was in view before it.
    if (activeId === demoProfileId) return;
    await this.#list.write((stored) => ({
      ...stored,
      activeId,
      shownIds: shownIds.filter((id) => id !== demoProfileId),
    }));
  }

  probe(key: AccessKey): Probe {
    tellSecrets(key, this.#options.redactor);
    const profileId = `probe-${++this.#probes}`;
    this.#probed.set(
      profileId,
      this.#connection(profileId, () => Promise.resolve(key)),
    );
    return { profileId, ...toDisposable(() => this.#probed.delete(profileId)) };
  }

  probeSource(source: CredentialSource, regionId: string): Probe {
    const profileId = `probe-${++this.#probes}`;
    this.#drafts.set(profileId, { id: profileId, name: profileId, regionId, source });
    return { profileId, ...toDisposable(() => this.#drafts.delete(profileId)) };
  }

  connectDemo(connection: DemoConnection): Profile {
    const demo = demoOf(connection);
    const { regionId } = connection;
    tellSecrets(demo.key, this.#options.redactor);
    const earlier = this.#demo?.connection.endpoints(regionId).hbr;
    // Another world with the same names: nothing of the one before may stay.
    if (earlier !== undefined && earlier !== demo.connection.endpoints(regionId).hbr) this.disconnectDemo();
    this.#demo = demo;
    this.#activeId = demoProfileId;
    this.#besideIds = [];
    this.#changed.fire();
    return demo.profile;
  }

  disconnectDemo(): void {
    if (!this.#demo) return;
    this.#demo = undefined;
    if (this.#activeId === demoProfileId) this.#activeId = this.#list.read().activeId;
    this.#removed.fire(demoProfileId);
    this.#changed.fire();
  }

  dispose(): void {
    this.#leaving.abort();
    this.#stored.dispose();
    this.#sources.dispose();
    this.#probed.clear();
    this.#drafts.clear();
    this.#changed.dispose();
    this.#removed.dispose();
  }

  #connection(profileId: string, accessKey: Connection['accessKey']): Connection {
    const overrides = this.#options.endpointOverrides();
    return {
      profileId,
      demo: false,
      endpoints: (regionId) => endpointsWith(overrides, regionId),
      accessKey,
    };
  }

  async #keep(profileId: string, key: AccessKey, keeping: Keeping): Promise<void> {
    if (keeping === 'kept') await this.#stored.store(profileId, key);
    else this.#stored.keepForSession(profileId, key);
  }

  async #whoIs(profile: Profile, key: AccessKey, waiting: Waiting): Promise<VerifiedIdentity> {
    const probe = this.probe(key);
    try {
      const found = await this.#options.whoIs(probe.profileId, profile.regionId, waiting);
      const isNews = found.accountId === profile.accountId && found.identity !== profile.identity;
      if (isNews) await this.identify(profile.id, found);
      return found;
    } finally {
      probe.dispose();
    }
  }

  /** Another window changed a key, and perhaps the list as well. */
  #followElsewhere(profileId: string): void {
    const seen = JSON.stringify(this.list());
    this.#sources.drop(profileId);
    this.#changed.fire();
    this.#options.clock.sleep(secondLookMs, { signal: this.#leaving.signal }).then(
      () => {
        if (JSON.stringify(this.list()) !== seen) this.#changed.fire();
      },
      (error: unknown) => {
        if (!isCancelled(error)) this.#warn(error);
      },
    );
  }

  async #finishRemoval(profileId: string): Promise<void> {
    await this.#stored.erase(profileId);
    await this.#list.write((stored) => ({
      ...stored,
      removing: stored.removing.filter((id) => id !== profileId),
    }));
  }

  #warn(error: unknown): void {
    this.#options.log.write('warn', 'profile storage failed', error);
  }
}

function isStored(profile: Profile): boolean {
  return !profile.demo && sourceOf(profile).kind === 'stored';
}

function notSignedIn(profileId: string): BackupError {
  return new BackupError('credentials-missing', `no such profile: ${profileId}`);
}
