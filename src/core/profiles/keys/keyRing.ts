import type { Clock } from '../../kernel/clock';
import { toDisposable, type Disposable } from '../../kernel/disposables';
import { Emitter, type Event } from '../../kernel/events';
import type { Redactor } from '../../kernel/redact';
import type { Waiting } from '../../kernel/waiting';
import type { Connection, Connections } from '../../service/connection';
import type { Endpoints } from '../../service/endpoints';
import { asProfile, BackupError } from '../../service/errors';
import type { AccessKey } from '../../service/model';
import { demoProfileId } from '../../service/scope';
import { endpointsWith, type EndpointOverrides } from '../endpointOverrides';
import type { Profile } from '../profile';
import type { ProfileStore } from '../profileStore';
import { identityOf, type VerifiedIdentity } from '../identity';
import { registerSecrets } from './accessKeys';
import { createAccountGuard } from './accountGuard';
import type { OutsideCredentials, StsApi } from './credentialSource';
import { isSameKey } from './keyCache';
import { createKeySources } from './keySources';
import type { KeyState, StoredKeys } from './storedKeys';

/** The keys of all profiles, and where each of them reaches the service. Calls are made with what it gives. */
export interface KeyRing extends Connections, Disposable {
  /** `kept` until found otherwise. Only a stored key can be lost: other sources are asked when it is needed. */
  state(profileId: string): KeyState;
  /** True for a key that goes when this window closes. */
  isForSession(profileId: string): boolean;
  /** When the key that a profile uses now ends, in milliseconds since 1970, where that is known. */
  endsAt(profileId: string): number | undefined;
  /** Forgets the key that was read from a source, so that the next call reads it again. */
  readAgain(profileId: string): void;
  /**
   * Asks the service for the account and identity of a profile's key, and stores them. Throws BackupError as any call, and
   * `busy-elsewhere` when the key keeps changing meanwhile.
   */
  identify(profileId: string, waiting: Waiting): Promise<VerifiedIdentity>;
  /** Hosts that a profile of a region reaches, by the settings as they are now; the internet unless given. */
  endpoints(at: Reach): Endpoints;
  /** Asks the service for the account and identity of a key without a profile. Throws BackupError as any call. */
  ownerOf(key: AccessKey, at: Reach, waiting: Waiting): Promise<VerifiedIdentity>;
  /** Makes the source of a profile usable before the profile is added. Disposing forgets one that wasn't added. */
  tryOut(draft: Profile): Disposable;
  /** Fires the id of a profile that may have another key now: what failed for want of one may work. */
  readonly onDidChange: Event<string>;
  /** Fires the id of a profile that uses a key with another end now; nothing else of it changed. */
  readonly onDidRenew: Event<string>;
}

/** In which region, and over which network, a service is reached. */
type Reach = Pick<Profile, 'regionId' | 'network'>;

export interface KeyRingDeps {
  readonly store: ProfileStore;
  readonly storedKeys: StoredKeys;
  readonly outside: OutsideCredentials;
  readonly sts: StsApi;
  /** Overrides as the settings say now. Each connection keeps those it was made with. */
  readonly endpointOverrides: () => EndpointOverrides;
  readonly redactor: Redactor;
  readonly clock: Clock;
}

/** How often a profile is asked about when its key changes meanwhile. */
const identifyTries = 3;

export function createKeyRing(deps: KeyRingDeps): KeyRing {
  const { store, storedKeys, sts, endpointOverrides, redactor } = deps;
  const closing = new AbortController();
  const changes = new Emitter<string>();
  const drafts = new Map<string, Profile>();

  const accounts = createAccountGuard(async (profile, key, waiting) => {
    const { id, accountId, identity } = profile;
    const found = await ownerOf(key, profile, waiting);
    // Another user of the same account: only the name is news.
    if (found.accountId === accountId && found.identity !== identity) await store.noteIdentity(id, found);
    return found;
  });
  const sources = createKeySources({
    ...deps,
    readStored: (profileId) => storedKeys.read(profileId),
    profiles: () => [...store.list(), ...drafts.values()],
    endpoints,
    accounts,
  });
  sources.onDidChange((id) => changes.fire(id));
  const listening = store.onDidChangeKey((id) => sources.drop(id));

  function endpoints({ regionId, network }: Reach): Endpoints {
    return endpointsWith(endpointOverrides(), regionId, network);
  }

  async function ownerOf(key: AccessKey, at: Reach, waiting: Waiting): Promise<VerifiedIdentity> {
    registerSecrets(key, redactor);
    return identityOf(await sts.getCallerIdentity(endpoints(at).sts, () => Promise.resolve(key), waiting));
  }

  const isAdded = (profileId: string): boolean => store.list().some(({ id }) => id === profileId);

  function profileOf(profileId: string): Profile {
    const draft = isAdded(profileId) ? undefined : drafts.get(profileId);
    return draft ?? store.get(profileId);
  }

  function assertAccount(profileId: string, accountId: string): void {
    if (accountId === '' || profileOf(profileId).accountId === accountId) return;
    throw new BackupError('account-changed', `not known to be of the account of this call: ${profileId}`, {
      fate: 'not-run',
    });
  }

  function get(profileId: string, accountId = ''): Connection {
    if (store.demo && profileId === demoProfileId) return store.demo.connection;
    const { network } = profileOf(profileId);
    const overrides = endpointOverrides();
    return {
      profileId,
      demo: false,
      endpoints: (regionId) => endpointsWith(overrides, regionId, network),
      accessKey: async (refused, waiting = { signal: closing.signal }) => {
        const key = await sources.get(profileId, refused, waiting);
        // Checked after the key: the list says that the account isn't known before another key is there.
        assertAccount(profileId, accountId);
        return key;
      },
      explain: (error) => sources.explain(profileId, error),
    };
  }

  async function identify(profileId: string, waiting: Waiting): Promise<VerifiedIdentity> {
    const connection = get(profileId);
    const askForKey: Connection['accessKey'] = (refused, each) => connection.accessKey(refused, each);
    for (let tries = 0; tries < identifyTries; tries++) {
      const { regionId, accountId } = profileOf(profileId);
      const before = await connection.accessKey(undefined, waiting);
      const caller = await sts
        .getCallerIdentity(connection.endpoints(regionId).sts, askForKey, waiting)
        .catch((error: unknown) => {
          throw connection.explain?.(error) ?? error;
        });
      const found = identityOf(caller);
      const key = await connection.accessKey(undefined, waiting);
      if (!isSameKey(before, key)) continue;
      accounts.note(profileId, key, found.accountId);
      if (!isAdded(profileId)) return found;
      await store.noteIdentity(profileId, found);
      // What waits for a key of this account can go on.
      if (found.accountId !== accountId) changes.fire(profileId);
      return found;
    }
    throw new BackupError('busy-elsewhere', `the key keeps changing, profile: ${profileId}`);
  }

  return {
    get,
    state: (profileId) => storedKeys.state(profileId),
    isForSession: (profileId) => storedKeys.isForSession(profileId),
    endsAt: (profileId) => sources.endsAt(profileId),
    endpoints,
    ownerOf,
    readAgain: (profileId) => sources.drop(profileId),
    identify: (profileId, waiting) => asProfile(profileId, () => identify(profileId, waiting)),
    tryOut(draft) {
      drafts.set(draft.id, draft);
      return toDisposable(() => {
        drafts.delete(draft.id);
        if (!isAdded(draft.id)) sources.drop(draft.id);
      });
    },
    onDidChange: changes.event,
    onDidRenew: sources.onDidRenew,
    dispose() {
      closing.abort();
      listening.dispose();
      sources.dispose();
      drafts.clear();
      changes.dispose();
    },
  };
}
