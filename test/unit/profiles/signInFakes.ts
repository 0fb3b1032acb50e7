import { strict as assert } from 'node:assert';
import type { SecretStorePort } from '../../../src/core/profiles/keys/accessKeys';
import { BackupError } from '../../../src/core/service/errors';
import { Emitter } from '../../../src/core/kernel/events';
import type { Waiting } from '../../../src/core/kernel/waiting';
import type { Connection } from '../../../src/core/service/connection';
import type { AccessKey, CallerIdentity } from '../../../src/core/service/model';
import type { VerifiedIdentity } from '../../../src/core/profiles/identity';
import type { Profile } from '../../../src/core/profiles/profile';
import type { Keeping } from '../../../src/core/profiles/profileStore';
import type { Log } from '../../../src/core/kernel/log';
import type { ShownProfilesPort } from '../../../src/core/profiles/view/profilesInView';
import { createProfiles, type Profiles, type ProfilesDeps } from '../../../src/core/profiles/createProfiles';
import {
  SourceUnusable,
  type OutsideCredentials,
  type OutsideSource,
  type RoleRequest,
  type SourceOffers,
  type StsApi,
  type TimedKey,
} from '../../../src/core/profiles/keys/credentialSource';
import { Redactor } from '../../../src/core/kernel/redact';
import { createHandClock } from '../../support/handClock';
import type { ProfileIndexPort, StoredProfiles } from '../../../src/core/profiles/profileIndex';

/** Secrets in memory. Two windows that share `contents` hear of each other's changes through `changes`. */
export class FakeSecrets implements SecretStorePort {
  readonly contents: Map<string, string>;
  readonly changes: Emitter<string>;
  /** Whether storing works, fails, or seems to work. */
  storing: 'works' | 'fails' | 'forgets' = 'works';
  erasing: 'works' | 'fails' = 'works';
  reading: 'works' | 'fails' | 'hangs' = 'works';

  constructor(shared: Partial<Pick<FakeSecrets, 'contents' | 'changes'>> = {}) {
    this.contents = shared.contents ?? new Map<string, string>();
    this.changes = shared.changes ?? new Emitter();
  }

  get onDidChange() {
    return this.changes.event;
  }

  get(name: string): Promise<string | undefined> {
    if (this.reading === 'fails') return Promise.reject(new Error('keyring is locked'));
    if (this.reading === 'hangs') return new Promise(() => undefined);
    return Promise.resolve(this.contents.get(name));
  }

  set(name: string, value: string): Promise<void> {
    if (this.storing === 'fails') return Promise.reject(new Error('no keyring'));
    if (this.storing === 'works') this.contents.set(name, value);
    this.changes.fire(name);
    return Promise.resolve();
  }

  delete(name: string): Promise<void> {
    if (this.erasing === 'fails') return Promise.reject(new Error('keyring is locked'));
    this.contents.delete(name);
    this.changes.fire(name);
    return Promise.resolve();
  }
}

/** An index that keeps what goes through JSON, as VS Code's does. */
export class FakeIndex implements ProfileIndexPort {
  text: string | undefined;
  writing: 'works' | 'fails' = 'works';

  read(): unknown {
    return this.text === undefined ? undefined : JSON.parse(this.text);
  }

  write(stored: StoredProfiles): Promise<void> {
    if (this.writing === 'fails') return Promise.reject(new Error('disk full'));
    this.text = JSON.stringify(stored);
    return Promise.resolve();
  }
}

/** Sources outside, each with the keys that it gives in order; the last one stays. */
export class FakeOutside implements OutsideCredentials {
  readonly changes = new Emitter<void>();
  readonly onDidChange = this.changes.event;
  readonly keys = new Map<string, (TimedKey | Error)[]>();
  readonly reads: string[] = [];
  readonly allowed: OutsideSource[] = [];
  readonly #stamps = new Map<string, string>();
  here: SourceOffers = { offers: [], problems: [] };

  /** What a source gives from now on. */
  give(name: string, ...keys: readonly (TimedKey | AccessKey | Error)[]): this {
    this.keys.set(
      name,
      keys.map((key) => (key instanceof Error || 'key' in key ? key : { key })),
    );
    return this;
  }

  offers(): Promise<SourceOffers> {
    return Promise.resolve(this.here);
  }

  read(source: OutsideSource): Promise<TimedKey> {
    const name = nameOfSource(source);
    this.reads.push(name);
    const left = this.keys.get(name) ?? [];
    const [next] = left;
    if (left.length > 1) left.shift();
    if (next === undefined) return Promise.reject(new SourceUnusable(`No ${name}. Add it.`, `no ${name}`));
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  }

  /** The key that it gives next stands for what the files say, from the first question until they change. */
  consoleSiteOf(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  stampOf(source: OutsideSource): Promise<string> {
    const name = nameOfSource(source);
    const stamp = this.#stamps.get(name) ?? JSON.stringify(this.keys.get(name)?.[0] ?? null);
    this.#stamps.set(name, stamp);
    return Promise.resolve(stamp);
  }

  /** A file changes, and nobody hears of it yet. */
  changeUnheard(): void {
    this.#stamps.clear();
  }

  /** A file changed; resolves when everybody has looked. */
  async change(): Promise<void> {
    this.changeUnheard();
    this.changes.fire();
    await new Promise((resolve) => setImmediate(resolve));
  }

  allowCommand(source: OutsideSource): Promise<void> {
    this.allowed.push(source);
    return Promise.resolve();
  }

  dispose(): void {
    this.changes.dispose();
  }
}

function nameOfSource(source: OutsideSource): string {
  switch (source.kind) {
    case 'cli':
      return `cli:${source.name ?? ''}`;
    case 'sdkFile':
      return `sdkFile:${source.section}`;
    case 'default':
      return 'default';
  }
}

interface Assumed {
  readonly endpoint: string;
  readonly key: AccessKey;
  readonly role: RoleRequest;
}

/** STS that hands out what it is told to, by the ARN of the role; keys are numbered where it is told nothing. */
export class FakeSts implements StsApi {
  readonly assumed: Assumed[] = [];
  answer: (asked: Assumed, count: number) => TimedKey | Error = (_asked, count) => ({
    key: {
      accessKeyId: `STS.${count}`,
      accessKeySecret: `secret-of-session-${count}`,
      securityToken: `token/${count}`,
    },
  });

  /** Whose a key is, in STS at an endpoint. */
  whoIs: (key: AccessKey, endpoint: string, waiting: Waiting) => Promise<CallerIdentity> = () =>
    Promise.reject(new BackupError('internal', 'nobody asks here'));

  async getCallerIdentity(
    endpoint: string,
    accessKey: Connection['accessKey'],
    waiting: Waiting,
  ): Promise<CallerIdentity> {
    return await this.whoIs(await accessKey(undefined, waiting), endpoint, waiting);
  }

  assumeRole(endpoint: string, key: AccessKey, role: RoleRequest): Promise<TimedKey> {
    const asked = { endpoint, key, role };
    this.assumed.push(asked);
    const answer = this.answer(asked, this.assumed.length);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }

  assumeRoleWithOidc(): Promise<TimedKey> {
    return assert.fail('not asked here');
  }
}

/** What one workspace keeps. */
export class FakeWorkspace implements ShownProfilesPort {
  #stored: unknown;

  read(): unknown {
    return this.#stored;
  }

  write(shown: unknown): Promise<void> {
    this.#stored = shown;
    return Promise.resolve();
  }
}

/** Profiles of one window, with fakes for everything that is not given. */
export function openProfiles(given: Partial<ProfilesDeps> = {}): Profiles {
  return createProfiles({
    index: new FakeIndex(),
    workspace: new FakeWorkspace(),
    secrets: new FakeSecrets(),
    outside: new FakeOutside(),
    sts: new FakeSts(),
    redactor: new Redactor(),
    endpointOverrides: () => ({}),
    clock: createHandClock(),
    log: new FakeLog(),
    ...given,
  });
}

/** Adds a profile and shows it alone, as signing in does. */
export async function addShown(
  { store, view }: Pick<Profiles, 'store' | 'view'>,
  profile: Profile,
  key?: AccessKey,
  keeping?: Keeping,
): Promise<void> {
  await store.add(profile, key, keeping);
  await view.setActive(profile.id);
}

/** What STS answers about a key of an identity such as `user/alice`. */
export function callerOf({ accountId, identity }: VerifiedIdentity): CallerIdentity {
  return {
    accountId,
    identityType: 'RAMUser',
    arn: `acs:ram::${accountId}:${identity}`,
    requestId: 'REQUEST-1',
  };
}

/** The region in the host of STS. */
export function regionOfSts(endpoint: string): string {
  return /^https:\/\/sts\.([\w-]+)\.aliyuncs\.com$/.exec(endpoint)?.[1] ?? assert.fail(endpoint);
}

/** A log that keeps its lines, with the errors and their causes in them, unredacted. */
export class FakeLog implements Log {
  readonly lines: string[] = [];

  write(_level: string, message: string, error?: unknown): void {
    let line = message;
    for (let at = error; at instanceof Error; at = at.cause) line += ` | ${at.message}`;
    this.lines.push(line);
  }
}
