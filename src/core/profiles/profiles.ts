import type { EndpointNetwork } from '../service/endpoints';
import type { CredentialSource } from './keys/credentialSource';
import type { DemoConnection } from './demo';
import type { Disposable } from '../kernel/disposables';
import type { Event } from '../kernel/events';
import type { VerifiedIdentity } from './signIn/identity';
import type { AccessKey } from '../service/model';
import type { Connections } from '../service/connection';
import type { Pin, Profile } from './profile';
import type { Waiting } from '../kernel/waiting';
import type { KeyState } from './keys/storedKeys';

export type { DemoConnection } from './demo';
export type { KeyState } from './keys/storedKeys';

/** A connection for a key or a source that is tried; disposing forgets it. */
export interface Probe extends Disposable {
  readonly profileId: string;
}

/** `session`: in the memory of this window only, for where the secret storage does not work. */
export type Keeping = 'kept' | 'session';

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
  /** Fires the id of a profile that uses a key with another end now; nothing else of it changed. */
  readonly onDidRenewKey: Event<string>;
  /** Fires the id of a profile that was removed here: what is kept for it can go. */
  readonly onDidRemove: Event<string>;
  /** `kept` until found otherwise. Only a stored key can be lost: other sources are asked when it is needed. */
  keyState(profileId: string): KeyState;
  /** True for a key that goes when this window closes. */
  isForSession(profileId: string): boolean;
  /** When the key that a profile uses now ends, in milliseconds since 1970, where that is known. */
  keyEndsAt(profileId: string): number | undefined;
  /**
   * Keeps a profile and its key, and makes it the one in view. Throws BackupError `secret-storage-failed` or
   * `storage-failed`; nothing is left behind then.
   */
  add(profile: Profile, key: AccessKey, keeping?: Keeping): Promise<void>;
  /** As `add`, and leaves in view what is in view. */
  addBeside(profile: Profile, key: AccessKey, keeping?: Keeping): Promise<void>;
  /** Keeps a profile whose source holds its key; `tried` is the probe of that source, whose key is used on. */
  addSource(profile: Profile, tried?: Probe): Promise<void>;
  /**
   * Puts another key in place, and what the service said about it. Unverified, account and identity are not known from
   * then on. Throws as `add`.
   */
  replaceKey(
    profileId: string,
    key: AccessKey,
    verified?: VerifiedIdentity,
    keeping?: Keeping,
  ): Promise<void>;
  /** Forgets the key that was read from a source, so that the next call reads it anew. */
  readKeyAgain(profileId: string): void;
  /**
   * Asks the service whose key a profile has now, keeps the answer, and answers the profile with it. Throws BackupError
   * as any call, and `busy-elsewhere` when the key keeps changing meanwhile.
   */
  identify(profileId: string, waiting: Waiting): Promise<Profile>;
  /**
   * Erases profile and key. Throws BackupError `secret-storage-failed` when the key could not be erased: the profile
   * is gone all the same, and `load` tries again.
   */
  remove(profileId: string): Promise<void>;
  /** Shows this profile and no other. Throws BackupError `profile-gone` for one that does not exist. */
  setActive(profileId: string): Promise<void>;
  /** Shows several side by side; the active one stays active while it is among them, else the first becomes it. */
  setShown(profileIds: readonly string[]): Promise<void>;
  /** What the client view shows of a profile; none means its own region. */
  setPins(profileId: string, pins: readonly Pin[]): Promise<void>;
  /** Lets a key be tried before it is kept, over the internet unless another network is given. */
  probe(key: AccessKey, network?: EndpointNetwork): Probe;
  /** Lets a source be tried before a profile is made of it. */
  probeSource(source: CredentialSource, regionId: string, network?: EndpointNetwork): Probe;
  /**
   * Connects to a simulator on this computer, in memory only, and makes it active. Throws BackupError
   * `invalid-input` for an endpoint elsewhere.
   */
  connectDemo(demo: DemoConnection): Profile;
  disconnectDemo(): void;
}
