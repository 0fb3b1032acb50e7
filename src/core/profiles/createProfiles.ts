import { tellSecrets, type SecretStorePort } from './keys/accessKeys';
import type { CredentialSource, OutsideCredentials, StsApi } from './keys/credentialSource';
import { demoOf, type Demo, type DemoConnection } from './demo';
import { demoProfileId } from '../service/scope';
import { toDisposable } from '../kernel/disposables';
import type { EndpointNetwork } from '../service/endpoints';
import { endpointsWith, type EndpointOverrides } from './endpointOverrides';
import { BackupError, isCancelled } from '../service/errors';
import { Emitter, type Event } from '../kernel/events';
import { identityIn, withIdentity, type VerifiedIdentity } from './signIn/identity';
import { isSameKey } from './keys/keyCache';
import { createKeySources, type KeySources } from './keys/keySources';
import type { AccessKey } from '../service/model';
import type { Clock } from '../kernel/clock';
import type { Connection } from '../service/connection';
import type { Log } from '../kernel/log';
import type { Pin, Profile } from './profile';
import type { Waiting } from '../kernel/waiting';
import type { ProfileIndexPort } from './profileIndex';
import { createProfileList, withoutProfile, withProfile, withViewOf, type ProfileList } from './profileList';
import type { Keeping, Probe, Profiles } from './profiles';
import { createProfilesInView, notSignedIn, type ProfilesInView } from './view/profilesInView';
import type { Redactor } from '../kernel/redact';
import { sourceOf } from './keys/sourceChain';
import { createStoredKeys, type KeyState, type StoredKeys } from './keys/storedKeys';

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
}

export function createProfiles(options: ProfilesOptions): Profiles {
  return new StoredAndDemoProfiles(options);
}

/** VS Code tells other windows of a secret and of the list on two ways: the list may come a little later. */
const secondLookMs = 1000;
/** How often a profile is asked about whose key changes meanwhile. */
const identifyTries = 3;

class StoredAndDemoProfiles implements Profiles {
  readonly #options: ProfilesOptions;
  readonly #list: ProfileList;
  readonly #stored: StoredKeys;
  readonly #sources: KeySources;
  readonly #view: ProfilesInView;
  readonly #changed = new Emitter<void>();
  readonly #removed = new Emitter<string>();
  readonly #keyChanged = new Emitter<string>();
  readonly #leaving = new AbortController();
  /** Connections of keys that are tried. */
  readonly #probed = new Map<string, Connection>();
  /** Profiles of sources that are tried. */
  readonly #drafts = new Map<string, Profile>();
  /** Whose the keys are that only this window has; the list says whose the kept ones are. */
  readonly #ofSession = new Map<string, VerifiedIdentity | undefined>();
  #demo: Demo | undefined;
  #probes = 0;

  readonly onDidChange = this.#changed.event;
  readonly onDidChangeKey = this.#keyChanged.event;
  readonly onDidRenewKey: Event<string>;
  readonly onDidRemove = this.#removed.event;

  constructor(options: ProfilesOptions) {
    this.#options = options;
    this.#list = createProfileList(options.index);
    this.#stored = createStoredKeys(options.secrets, options.redactor, options.log);
    this.#sources = createKeySources({
      ...options,
      readStored: (profileId) => this.#stored.read(profileId),
      profiles: () => [...this.#list.read().profiles, ...this.#drafts.values()],
      endpoints: ({ regionId, network }) => endpointsWith(options.endpointOverrides(), regionId, network),
      whoIs: (profile, key, waiting) => this.#whoIs(profile, key, waiting),
    });
    this.#sources.onDidChange((id) => this.#keyChanged.fire(id));
    this.onDidRenewKey = this.#sources.onDidRenew;
    this.#view = createProfilesInView(
      this.#list,
      () => this.list(),
      () => this.#changed.fire(),
    );
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
    const profiles = this.#list
      .read()
      .profiles.map((profile) =>
        this.isForSession(profile.id) ? withIdentity(profile, this.#ofSession.get(profile.id)) : profile,
      );
    return this.#demo ? [...profiles, this.#demo.profile] : profiles;
  }

  get active(): Profile | undefined {
    return this.#view.active;
  }

  get shown(): readonly Profile[] {
    return this.#view.shown;
  }

  keyState(profileId: string): KeyState {
    return this.#stored.state(profileId);
  }

  keyEndsAt(profileId: string): number | undefined {
    return this.#sources.endsAt(profileId);
  }

  isForSession(profileId: string): boolean {
    return this.#stored.isForSession(profileId);
  }

  get(profileId: string, accountId = ''): Connection {
    if (this.#demo && profileId === demoProfileId) return this.#demo.connection;
    const probed = this.#probed.get(profileId);
    if (probed) return probed;
    const profile =
      this.#drafts.get(profileId) ?? this.#list.read().profiles.find(({ id }) => id === profileId);
    if (!profile) throw notSignedIn(profileId);
    const accessKey: Connection['accessKey'] = async (
      refused,
      waiting = { signal: this.#leaving.signal },
    ) => {
      const key = await this.#sources.get(profileId, refused, waiting);
      // Looked at after the key: the list says that the account isn't known before another key is there.
      this.#assertAccount(profileId, accountId);
      return key;
    };
    const connection = this.#connection(profileId, accessKey, profile.network);
    return { ...connection, explain: (error) => this.#sources.explain(profileId, error) };
  }

  async add(profile: Profile, key: AccessKey, keeping: Keeping = 'kept'): Promise<void> {
    await this.#add(profile, () => this.#keep(profile.id, key, keeping, identityIn(profile)));
  }

  async addBeside(profile: Profile, key: AccessKey, keeping: Keeping = 'kept'): Promise<void> {
    await this.#add(profile, () => this.#keep(profile.id, key, keeping, identityIn(profile)), false);
  }

  async addSource(profile: Profile, tried?: Probe): Promise<void> {
    await this.#add(profile, () => {
      if (tried) this.#sources.adopt(tried.profileId, profile);
    });
  }

  async #add(profile: Profile, keepKey: () => void | Promise<void>, shows = true): Promise<void> {
    const before = this.#list.read();
    // The list comes first: a key without its profile would lie there for ever, a profile without its key is seen.
    await this.#list.write((stored) => {
      const added = withProfile(stored, profile);
      return shows ? added : withViewOf(added, stored);
    });
    try {
      await keepKey();
    } catch (error) {
      await this.#list
        .write((stored) => withViewOf(withoutProfile(stored, profile.id, false), before))
        .catch((inner: unknown) => this.#warn(inner));
      throw error;
    }
    if (shows) this.#view.turnTo(profile.id);
    this.#changed.fire();
  }

  async replaceKey(
    profileId: string,
    key: AccessKey,
    verified?: VerifiedIdentity,
    keeping: Keeping = 'kept',
  ): Promise<void> {
    const before = this.#profile(profileId).accountId;
    try {
      if (keeping === 'kept' && before !== undefined && before !== verified?.accountId) {
        // Forgotten first, so that nothing of the old account is asked for with the new key.
        await this.#list.replace(profileId, (profile) => withIdentity(profile, undefined));
        this.#changed.fire();
      }
      await this.#keep(profileId, key, keeping, verified);
      // Written anew: meanwhile somebody may have found out whose the old key was.
      if (keeping === 'kept') {
        await this.#list.replace(profileId, (profile) => withIdentity(profile, verified));
      }
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

  async identify(profileId: string, waiting: Waiting): Promise<Profile> {
    const connection = this.get(profileId);
    for (let tries = 0; tries < identifyTries; tries++) {
      const { regionId, accountId } = this.#profile(profileId);
      const before = await connection.accessKey(undefined, waiting);
      const found = await this.#options.whoIs(profileId, regionId, waiting);
      const key = await connection.accessKey(undefined, waiting);
      if (!isSameKey(before, key)) continue;
      this.#sources.noteAccount(profileId, key, found.accountId);
      await this.#keepIdentity(profileId, found);
      // What waits for a key of this account can go on.
      if (found.accountId !== accountId) this.#keyChanged.fire(profileId);
      return this.#profile(profileId);
    }
    throw new BackupError('busy-elsewhere', `the key keeps changing, profile: ${profileId}`);
  }

  async remove(profileId: string): Promise<void> {
    const hasSecret = this.list().some((profile) => profile.id === profileId && isStored(profile));
    // Noted first: whatever happens next, the key will be erased.
    await this.#list.write((stored) => withoutProfile(stored, profileId, hasSecret));
    try {
      if (hasSecret) await this.#finishRemoval(profileId);
    } finally {
      this.#sources.drop(profileId);
      this.#changed.fire();
      // Nobody writes anything more for it by now.
      this.#removed.fire(profileId);
    }
  }

  setActive(profileId: string): Promise<void> {
    return this.#view.setActive(profileId);
  }

  setShown(profileIds: readonly string[]): Promise<void> {
    return this.#view.setShown(profileIds);
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

  probe(key: AccessKey, network?: EndpointNetwork): Probe {
    tellSecrets(key, this.#options.redactor);
    const profileId = `probe-${++this.#probes}`;
    this.#probed.set(
      profileId,
      this.#connection(profileId, () => Promise.resolve(key), network),
    );
    return { profileId, ...toDisposable(() => this.#probed.delete(profileId)) };
  }

  probeSource(source: CredentialSource, regionId: string, network?: EndpointNetwork): Probe {
    const profileId = `probe-${++this.#probes}`;
    const draft = { id: profileId, name: profileId, regionId, source, ...(network && { network }) };
    this.#drafts.set(profileId, draft);
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
    this.#view.turnTo(demoProfileId);
    this.#changed.fire();
    return demo.profile;
  }

  disconnectDemo(): void {
    if (!this.#demo) return;
    const wasActive = this.active?.id === demoProfileId;
    this.#demo = undefined;
    if (wasActive) this.#view.turnBack();
    this.#changed.fire();
    this.#removed.fire(demoProfileId);
  }

  dispose(): void {
    this.#leaving.abort();
    this.#stored.dispose();
    this.#sources.dispose();
    this.#probed.clear();
    this.#drafts.clear();
    this.#changed.dispose();
    this.#removed.dispose();
    this.#keyChanged.dispose();
  }

  #connection(
    profileId: string,
    accessKey: Connection['accessKey'],
    network: EndpointNetwork | undefined,
  ): Connection {
    const overrides = this.#options.endpointOverrides();
    return {
      profileId,
      demo: false,
      endpoints: (regionId) => endpointsWith(overrides, regionId, network),
      accessKey,
    };
  }

  async #keep(
    profileId: string,
    key: AccessKey,
    keeping: Keeping,
    verified: VerifiedIdentity | undefined,
  ): Promise<void> {
    if (keeping === 'kept') {
      await this.#stored.store(profileId, key);
    } else {
      this.#ofSession.set(profileId, verified);
      this.#stored.keepForSession(profileId, key);
    }
  }

  async #keepIdentity(profileId: string, found: VerifiedIdentity): Promise<void> {
    if (this.isForSession(profileId)) this.#ofSession.set(profileId, found);
    else await this.#list.replace(profileId, (profile) => withIdentity(profile, found));
    this.#changed.fire();
  }

  #profile(profileId: string): Profile {
    const profile = this.list().find(({ id }) => id === profileId);
    if (!profile) throw notSignedIn(profileId);
    return profile;
  }

  #assertAccount(profileId: string, accountId: string): void {
    if (accountId === '' || this.#profile(profileId).accountId === accountId) return;
    throw new BackupError('account-changed', `not known to be of the account of this call: ${profileId}`, {
      fate: 'not-run',
    });
  }

  async #whoIs(profile: Profile, key: AccessKey, waiting: Waiting): Promise<VerifiedIdentity> {
    const probe = this.probe(key, profile.network);
    try {
      const found = await this.#options.whoIs(probe.profileId, profile.regionId, waiting);
      const isNews = found.accountId === profile.accountId && found.identity !== profile.identity;
      if (isNews) await this.#keepIdentity(profile.id, found);
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
