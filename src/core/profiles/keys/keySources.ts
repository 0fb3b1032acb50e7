import { t } from '@vscode/l10n';
import { throwIfCancelled } from '../../kernel/cancelled';
import { toDisposable, type Disposable } from '../../kernel/disposables';
import type { Endpoints } from '../../service/endpoints';
import { BackupError, failures } from '../../service/errors';
import { Emitter, type Event } from '../../kernel/events';
import type { AccessKey } from '../../service/model';
import { plainText } from '../../kernel/plainText';
import type { Clock } from '../../kernel/clock';
import type { Profile } from '../profile';
import type { Waiting } from '../../kernel/waiting';
import type { Redactor } from '../../kernel/redact';
import { registerSecrets } from './accessKeys';
import type { AccountGuard } from './accountGuard';
import {
  SourceUnusable,
  type CredentialSource,
  type OutsideCredentials,
  type StsApi,
  type TimedKey,
} from './credentialSource';
import { createKeyCache, isSameKey, type KeyCache } from './keyCache';
import { roleTroubleOf } from './roleTrouble';
import { tokenTroubleOf } from './tokenTrouble';
import { dependentsOf, rootSourceOf, sourceChainOf, sourceOf } from './sourceChain';

type RoleSource = Extract<CredentialSource, { kind: 'role' }>;

/** A held key, and what was last known when it was given. */
interface HeldKey {
  /** What its outside source said when it was read last. */
  stamp?: string;
  /** The end that was last reported. */
  endsAtMs?: number | undefined;
  readonly cache: KeyCache;
}

export interface KeySourcesDeps {
  /** Of a stored profile. Throws BackupError `credentials-missing` and `secret-storage-failed`. */
  readonly readStored: (profileId: string) => Promise<AccessKey>;
  readonly outside: OutsideCredentials;
  readonly sts: StsApi;
  /** All that may have a key, drafts that are tried included. */
  readonly profiles: () => readonly Profile[];
  /** Hosts of a profile in its region. */
  readonly endpoints: (profile: Profile) => Endpoints;
  readonly accounts: Pick<AccountGuard, 'check'>;
  readonly clock: Clock;
  readonly redactor: Redactor;
}

/** How the source of a profile becomes a key. */
export interface KeySources extends Disposable {
  /**
   * The key of a profile; with the one that the service refused, another if there is one by now. Throws
   * {@link SourceUnusable}, what a source outside throws, and the failures of STS.
   */
  get(profileId: string, refused: AccessKey | undefined, waiting: Waiting): Promise<AccessKey>;
  /** A failure of a call with the key of a profile; where the key's session token is to blame, it names the token. */
  explain(profileId: string, error: unknown): unknown;
  /** When the key that is held for a profile ends, in milliseconds since 1970, where that is known. */
  endsAt(profileId: string): number | undefined;
  /** Drops what is held for a profile and for all that depend on it, and fires each of them. */
  drop(profileId: string): void;
  /** Fires the id of a profile that may have another key now. */
  readonly onDidChange: Event<string>;
  /** Fires the id of a profile that uses a key with another end now. */
  readonly onDidRenew: Event<string>;
}

/**
 * A stored key is read each time; all others are held until shortly before their end. Each secret is registered
 * with the redactor before anything else happens to it. Files are watched from their first use, and checked before each
 * use.
 */
export function createKeySources(deps: KeySourcesDeps): KeySources {
  const { outside, sts, accounts, clock, redactor } = deps;
  const caches = new Map<string, HeldKey>();
  const changes = new Emitter<string>();
  const renewals = new Emitter<string>();
  let watching: Disposable | undefined;

  async function get(id: string, refused: AccessKey | undefined, waiting: Waiting): Promise<AccessKey> {
    const { kind } = sourceOf(profileOf(id));
    if (kind === 'stored') return await deps.readStored(id);
    await dropIfOther(id);
    let held = caches.get(id);
    if (!held) {
      const created: HeldKey = { cache: createKeyCache((shared) => read(id, created, shared), clock) };
      held = created;
      caches.set(id, held);
    }
    const key = await held.cache.get(refused, waiting);
    // It was read before the account was known. Another window might have found out another account meanwhile.
    if (kind !== 'role') await accounts.check(profileOf(id), key, waiting);
    const { endsAtMs } = held.cache;
    if (endsAtMs !== held.endsAtMs) {
      held.endsAtMs = endsAtMs;
      renewals.fire(id);
    }
    return key;
  }

  async function read(id: string, held: HeldKey, waiting: Waiting): Promise<TimedKey> {
    const profile = profileOf(id);
    const source = sourceOf(profile);
    if (source.kind === 'stored') return { key: await deps.readStored(profile.id) };
    if (source.kind === 'role') return await assume(profile, source, waiting);
    watching ??= outside.onDidChange(() => void dropChanged());
    // Before the key: what changes in between is found to be another source, never taken for the same.
    held.stamp = await outside.stampOf(source);
    const timed = await outside.read(source, waiting);
    registerSecrets(timed.key, redactor);
    try {
      await accounts.check(profile, timed.key, waiting);
    } catch (error) {
      throw tokenTroubleOf(error, timed.tokenName) ?? error;
    }
    return timed;
  }

  async function assume(profile: Profile, source: RoleSource, waiting: Waiting): Promise<TimedKey> {
    const from = sourceChainOf(profile, deps.profiles())[1];
    const endpoint = deps.endpoints(profile).sts;
    const ask = async (key: AccessKey): Promise<TimedKey> => {
      try {
        const timed = await sts.assumeRole(endpoint, key, source.role, waiting);
        registerSecrets(timed.key, redactor);
        return timed;
      } catch (error) {
        throwIfCancelled(waiting.signal);
        const trouble = roleTroubleOf(error, from.name);
        throw trouble
          ? new SourceUnusable(trouble.sentence, `role not assumed: ${profile.id}`, error)
          : error;
      }
    };
    const key = await keyOfSource(from, undefined, waiting);
    try {
      return await ask(key);
    } catch (error) {
      if (!isKeyRefused(error)) throw error;
      const other = await keyOfSource(from, key, waiting);
      if (isSameKey(other, key)) throw error;
      return await ask(other);
    }
  }

  async function keyOfSource(
    from: Profile,
    refused: AccessKey | undefined,
    waiting: Waiting,
  ): Promise<AccessKey> {
    try {
      return await get(from.id, refused, waiting);
    } catch (error) {
      if (!(error instanceof BackupError) || error.code !== 'credentials-missing') throw error;
      throw new SourceUnusable(
        t(
          'VS Code has no credentials for “{0}”, the source profile of this role. Sign in to that profile again.',
          plainText(from.name),
        ),
        `source profile has no key: ${from.id}`,
        error,
      );
    }
  }

  /** Looks at the files behind a profile before a held key is used: news of a change may be late, or never come. */
  async function dropIfOther(id: string): Promise<void> {
    const root = rootSourceOf(profileOf(id), deps.profiles());
    if (root && (await isOther(root))) for (const each of withDependents(root.id)) forget(each);
  }

  /** True when the source of a key that is held says something else by now; once for each change. */
  async function isOther(profile: Profile): Promise<boolean> {
    const source = sourceOf(profile);
    const held = caches.get(profile.id);
    if (source.kind === 'stored' || source.kind === 'role' || held?.stamp === undefined) return false;
    const before = held.stamp;
    const now = await outside.stampOf(source);
    if (now === before || held.stamp !== before) return false;
    held.stamp = now;
    return true;
  }

  /** The tools that own the files write them often, and a program that gives a key may do so itself. */
  async function dropChanged(): Promise<void> {
    const changed: string[] = [];
    for (const profile of deps.profiles()) {
      if (await isOther(profile)) changed.push(profile.id);
    }
    for (const id of new Set(changed.flatMap(withDependents))) forget(id);
  }

  const withDependents = (id: string): readonly string[] => [id, ...dependentsOf(id, deps.profiles())];

  function forget(id: string): void {
    caches.get(id)?.cache.drop();
    changes.fire(id);
  }

  function profileOf(id: string): Profile {
    const profile = deps.profiles().find((one) => one.id === id);
    if (!profile) throw new BackupError('profile-gone', `no such profile: ${id}`);
    return profile;
  }

  return {
    get,
    explain: (profileId, error) => tokenTroubleOf(error, caches.get(profileId)?.cache.tokenName) ?? error,
    endsAt: (profileId) => caches.get(profileId)?.cache.endsAtMs,
    drop: (id) => withDependents(id).forEach(forget),
    onDidChange: changes.event,
    onDidRenew: renewals.event,
    ...toDisposable(() => {
      watching?.dispose();
      changes.dispose();
      renewals.dispose();
      for (const { cache } of caches.values()) cache.drop();
      caches.clear();
    }),
  };
}

function isKeyRefused(error: unknown): boolean {
  return error instanceof BackupError && failures[error.code].keyVerdict === 'refused';
}
