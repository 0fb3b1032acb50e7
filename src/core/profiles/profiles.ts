import { createAccessKeys, tellSecrets, type AccessKeys, type SecretStorePort } from './accessKeys';
import { toDisposable, type Disposable } from '../disposables';
import { endpointsWith, type EndpointOverrides } from './endpointOverrides';
import { checkEndpoint, isLoopback } from '../endpoints';
import { BackupError } from '../errors';
import { Emitter, type Event } from '../events';
import type { AccessKey } from '../model';
import type { Connection, Connections, Endpoints, Log, Pin, Profile } from '../ports';
import { decodeStoredProfiles, type ProfileIndexPort, type StoredProfiles } from './profileIndex';
import type { Redactor } from '../redact';

/** `not-kept`: the profile is in the list, and VS Code has no key for it. */
export type KeyState = 'kept' | 'not-kept';

/** Account and identity behind a key, as the service told them. */
export interface VerifiedIdentity {
  readonly accountId: string;
  readonly identity: string;
}

/** What the simulator announces about itself. */
export interface DemoConnection {
  /** Of its own region, and of every region that has none in `endpoints`. */
  readonly endpoint: string;
  readonly endpoints?: Readonly<Record<string, string>>;
  readonly regionId: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly accountId: string;
}

/** A connection for one key that is kept nowhere; disposing forgets it. */
export interface Probe extends Disposable {
  readonly profileId: string;
}

export const demoProfileId = 'demo';

export interface ProfilesOptions {
  readonly index: ProfileIndexPort;
  readonly secrets: SecretStorePort;
  readonly redactor: Redactor;
  /** Overrides as the settings say now. Each connection keeps those it was made with. */
  readonly endpointOverrides: () => EndpointOverrides;
  readonly log: Log;
}

/**
 * The profiles of the user: a list without secrets, one secret a profile, and which one is active in this window.
 * Also finds the connection of a profile.
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
  /** Fires the id of a profile that was removed here: what is kept for it can go. */
  readonly onDidRemove: Event<string>;
  /** `kept` until found otherwise. */
  keyState(profileId: string): KeyState;
  /**
   * Keeps a profile and its key, and makes it active. Throws BackupError `secret-storage-failed` or
   * `storage-failed`; nothing is left behind then.
   */
  add(profile: Profile, key: AccessKey): Promise<void>;
  /** Puts another key in place, and what the service said about it. Throws as `add`. */
  replaceKey(profileId: string, key: AccessKey, verified?: VerifiedIdentity): Promise<void>;
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

class StoredAndDemoProfiles implements Profiles {
  readonly #index: ProfileIndexPort;
  readonly #keys: AccessKeys;
  readonly #redactor: Redactor;
  readonly #endpointOverrides: () => EndpointOverrides;
  readonly #log: Log;
  readonly #changed = new Emitter<void>();
  readonly #removed = new Emitter<string>();
  readonly #listening: Disposable;
  readonly #notKept = new Set<string>();
  /** Connections that exist in memory only: the demo and probes. */
  readonly #unstored = new Map<string, Connection>();
  #demo: Profile | undefined;
  #activeId: string | undefined;
  /** Other profiles in view, besides the active one. */
  #besideIds: readonly string[] = [];
  #probes = 0;

  readonly onDidChange = this.#changed.event;
  readonly onDidRemove = this.#removed.event;

  constructor(options: ProfilesOptions) {
    this.#index = options.index;
    this.#redactor = options.redactor;
    this.#endpointOverrides = options.endpointOverrides;
    this.#log = options.log;
    this.#keys = createAccessKeys(options.secrets, options.redactor);
    const { activeId, shownIds } = this.#stored();
    this.#activeId = activeId;
    this.#besideIds = shownIds ?? [];
    this.#listening = this.#keys.onDidChange((profileId) => {
      // Another window changed it, and perhaps the list as well.
      void this.#checkKey(profileId)
        .then(() => this.#changed.fire())
        .catch((error: unknown) => this.#warn(error));
    });
  }

  async load(): Promise<void> {
    const { profiles, removing } = this.#stored();
    await Promise.all(profiles.map(({ id }) => this.#checkKey(id)));
    for (const id of removing) await this.#finishRemoval(id).catch((error: unknown) => this.#warn(error));
    if (this.#notKept.size > 0) this.#changed.fire();
  }

  list(): readonly Profile[] {
    const { profiles } = this.#stored();
    return this.#demo ? [...profiles, this.#demo] : profiles;
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
    return this.#notKept.has(profileId) ? 'not-kept' : 'kept';
  }

  get(profileId: string): Connection {
    const unstored = this.#unstored.get(profileId);
    if (unstored) return unstored;
    if (!this.#stored().profiles.some(({ id }) => id === profileId)) throw notSignedIn(profileId);
    return this.#connection(profileId, () => this.#readKey(profileId));
  }

  async add(profile: Profile, key: AccessKey): Promise<void> {
    const id = profile.id;
    const { activeId: before } = this.#stored();
    // The list comes first: a key without its profile would lie there for ever, a profile without its key is seen.
    await this.#write((stored) => ({
      profiles: [...stored.profiles.filter((other) => other.id !== id), profile],
      activeId: id,
      removing: stored.removing.filter((other) => other !== id),
    }));
    try {
      await this.#keys.store(id, key);
    } catch (error) {
      await this.#write((stored) => ({
        profiles: stored.profiles.filter((other) => other.id !== id),
        ...(before !== undefined && { activeId: before }),
        removing: stored.removing,
      })).catch((inner: unknown) => this.#warn(inner));
      throw error;
    }
    this.#activeId = id;
    this.#besideIds = [];
    this.#notKept.delete(id);
    this.#changed.fire();
  }

  async replaceKey(profileId: string, key: AccessKey, verified?: VerifiedIdentity): Promise<void> {
    try {
      await this.#keys.store(profileId, key);
      this.#notKept.delete(profileId);
      if (verified) await this.#writeIdentity(profileId, verified);
    } catch (error) {
      await this.#checkKey(profileId);
      throw error;
    } finally {
      this.#changed.fire();
    }
  }

  async identify(profileId: string, verified: VerifiedIdentity): Promise<void> {
    await this.#writeIdentity(profileId, verified);
    this.#changed.fire();
  }

  async remove(profileId: string): Promise<void> {
    await this.#write((stored) => {
      const { activeId, ...rest } = stored;
      return {
        ...(activeId !== undefined && activeId !== profileId && { activeId }),
        profiles: rest.profiles.filter(({ id }) => id !== profileId),
        // Noted first: whatever happens next, the key will be erased.
        removing: [...rest.removing.filter((id) => id !== profileId), profileId],
      };
    });
    this.#notKept.delete(profileId);
    try {
      await this.#finishRemoval(profileId);
    } finally {
      this.#removed.fire(profileId);
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
    if (this.#demo?.id === profileId) this.#demo = withPins(this.#demo);
    else {
      await this.#write((stored) => ({
        ...stored,
        profiles: stored.profiles.map((profile) => (profile.id === profileId ? withPins(profile) : profile)),
      }));
    }
    this.#changed.fire();
  }

  async #show(activeId: string, shownIds: readonly string[]): Promise<void> {
    this.#activeId = activeId;
    this.#besideIds = shownIds;
    this.#changed.fire();
    // The demo is gone with the window: another one begins with what was in view before it.
    if (activeId === demoProfileId) return;
    await this.#write((stored) => ({
      ...stored,
      activeId,
      shownIds: shownIds.filter((id) => id !== demoProfileId),
    }));
  }

  probe(key: AccessKey): Probe {
    tellSecrets(key, this.#redactor);
    const profileId = `probe-${++this.#probes}`;
    this.#unstored.set(
      profileId,
      this.#connection(profileId, () => Promise.resolve(key)),
    );
    return { profileId, ...toDisposable(() => this.#unstored.delete(profileId)) };
  }

  connectDemo(demo: DemoConnection): Profile {
    const { regionId, accountId, accessKeyId, accessKeySecret } = demo;
    const home = demoHosts(demo.endpoint);
    const hosts = new Map(
      Object.entries(demo.endpoints ?? {}).map(([id, origin]) => [id, demoHosts(origin)]),
    );
    const key = { accessKeyId, accessKeySecret };
    tellSecrets(key, this.#redactor);
    const earlier = this.#unstored.get(demoProfileId)?.endpoints(regionId).hbr;
    // Another world with the same names: nothing of the one before may stay.
    if (earlier !== undefined && earlier !== home.hbr) this.disconnectDemo();
    this.#unstored.set(demoProfileId, {
      profileId: demoProfileId,
      demo: true,
      endpoints: (id) => hosts.get(id) ?? home,
      accessKey: () => Promise.resolve(key),
    });
    const profile: Profile = { id: demoProfileId, name: 'Demo', regionId, accountId, demo: true };
    this.#demo = profile;
    this.#activeId = demoProfileId;
    this.#besideIds = [];
    this.#changed.fire();
    return profile;
  }

  disconnectDemo(): void {
    if (!this.#demo) return;
    this.#demo = undefined;
    this.#unstored.delete(demoProfileId);
    if (this.#activeId === demoProfileId) this.#activeId = this.#stored().activeId;
    this.#removed.fire(demoProfileId);
    this.#changed.fire();
  }

  dispose(): void {
    this.#listening.dispose();
    this.#unstored.clear();
    this.#changed.dispose();
    this.#removed.dispose();
  }

  #connection(profileId: string, accessKey: () => Promise<AccessKey>): Connection {
    const overrides = this.#endpointOverrides();
    return {
      profileId,
      demo: false,
      endpoints: (regionId) => endpointsWith(overrides, regionId),
      accessKey,
    };
  }

  async #readKey(profileId: string): Promise<AccessKey> {
    const key = await this.#keys.read(profileId);
    const before = this.keyState(profileId);
    this.#note(profileId, key !== undefined);
    if (before !== this.keyState(profileId)) this.#changed.fire();
    if (key) return key;
    throw new BackupError('credentials-missing', `key not kept by VS Code, profile: ${profileId}`);
  }

  /** A storage that does not answer has not kept the key, as far as anybody can tell. */
  async #checkKey(profileId: string): Promise<void> {
    try {
      this.#note(profileId, (await this.#keys.read(profileId)) !== undefined);
    } catch (error) {
      this.#warn(error);
      this.#note(profileId, false);
    }
  }

  #note(profileId: string, kept: boolean): void {
    const listed = this.#stored().profiles.some(({ id }) => id === profileId);
    if (kept || !listed) this.#notKept.delete(profileId);
    else this.#notKept.add(profileId);
  }

  async #finishRemoval(profileId: string): Promise<void> {
    await this.#keys.erase(profileId);
    await this.#write((stored) => ({
      ...stored,
      removing: stored.removing.filter((id) => id !== profileId),
    }));
  }

  async #writeIdentity(profileId: string, { accountId, identity }: VerifiedIdentity): Promise<void> {
    await this.#write((stored) => ({
      ...stored,
      profiles: stored.profiles.map((profile) =>
        profile.id === profileId ? { ...profile, accountId, identity } : profile,
      ),
    }));
  }

  /** Read anew each time: another window may have written. */
  #stored(): StoredProfiles {
    return decodeStoredProfiles(this.#index.read());
  }

  async #write(change: (stored: StoredProfiles) => StoredProfiles): Promise<void> {
    try {
      await this.#index.write(change(this.#stored()));
    } catch (cause) {
      throw new BackupError('storage-failed', 'list of profiles not written', { cause });
    }
  }

  #warn(error: unknown): void {
    this.#log.write('warn', 'profile storage failed', error);
  }
}

function notSignedIn(profileId: string): BackupError {
  return new BackupError('credentials-missing', `no such profile: ${profileId}`);
}

function demoHosts(origin: string): Endpoints {
  const check = checkEndpoint(origin);
  if (!check.ok || !isLoopback(check.endpoint)) {
    throw new BackupError('invalid-input', 'demo data comes from this computer only');
  }
  return { hbr: check.endpoint, ecs: check.endpoint, sts: check.endpoint };
}
