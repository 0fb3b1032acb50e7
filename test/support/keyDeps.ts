import { strict as assert } from 'node:assert';
import { BackupError } from '../../src/core/service/errors';
import type { AccessKey } from '../../src/core/service/model';
import type { Clock } from '../../src/core/kernel/clock';
import type { Waiting } from '../../src/core/kernel/waiting';
import type { CommandConsent } from '../../src/core/profiles/keys/commandConsent';
import {
  SourceUnusable,
  type OidcRequest,
  type RoleRequest,
  type StsApi,
  type TimedKey,
} from '../../src/core/profiles/keys/credentialSource';
import type { EndpointOverrides } from '../../src/core/profiles/endpointOverrides';
import type { PlainHttp, PlainReply, PlainRequest } from '../../src/core/profiles/keys/plainHttp';
import { createHandClock } from './handClock';

/** A wait that nobody ends. */
export const patient: Waiting = { signal: new AbortController().signal };

/** HTTP that answers from a table of `METHOD url`; nobody is at any other address. */
interface FakeHttp extends PlainHttp {
  readonly asked: PlainRequest[];
  readonly replies: Map<string, PlainReply>;
}

function createFakeHttp(): FakeHttp {
  const asked: PlainRequest[] = [];
  const replies = new Map<string, PlainReply>();
  return {
    asked,
    replies,
    request(request) {
      asked.push(request);
      const reply = replies.get(`${request.method} ${request.url}`);
      return reply ? Promise.resolve(reply) : Promise.reject(new BackupError('unreachable', 'nobody there'));
    },
  };
}

/** STS that gives out `STS.1`, `STS.2` and so on, each for an hour, and remembers what it was asked. */
interface FakeSts extends StsApi {
  readonly roles: { readonly endpoint: string; readonly key: AccessKey; readonly role: RoleRequest }[];
  readonly oidc: { readonly endpoint: string; readonly request: OidcRequest }[];
}

function createFakeSts(clock: Clock): FakeSts {
  const roles: FakeSts['roles'] = [];
  const oidc: FakeSts['oidc'] = [];
  const give = (): Promise<TimedKey> => {
    const count = roles.length + oidc.length;
    const key = {
      accessKeyId: `STS.${count}`,
      accessKeySecret: `secret-of-sts-${count}`,
      securityToken: `token-of-sts-${count}`,
    };
    return Promise.resolve({ key, expiresAtMs: clock.now() + 3_600_000 });
  };
  return {
    roles,
    oidc,
    getCallerIdentity: () => assert.fail('not asked here'),
    assumeRole(endpoint, key, role) {
      roles.push({ endpoint, key, role });
      return give();
    },
    assumeRoleWithOidc(endpoint, request) {
      oidc.push({ endpoint, request });
      return give();
    },
  };
}

/** Consent that is given by the test. */
function createFakeConsent(): CommandConsent & { readonly allowed: Set<string> } {
  const allowed = new Set<string>();
  return {
    allowed,
    isAllowed: (profileName, commandLine) => allowed.has(`${profileName}: ${commandLine}`),
    allow(profileName, commandLine) {
      allowed.add(`${profileName}: ${commandLine}`);
      return Promise.resolve();
    },
    list: () => [],
    revoke: () => Promise.resolve(),
  };
}

/** Everything that reading a key needs, with the ends that a test looks at. */
export function fakeKeyDeps(home = '/home/user') {
  const clock = createHandClock();
  const hidden = new Set<string>();
  const env: Record<string, string | undefined> = {};
  /** By how much the service's clock is ahead. */
  const offset = { ms: 0 };
  const overrides: { current: EndpointOverrides } = { current: {} };
  return {
    clock,
    offset,
    clockOffsetMs: () => offset.ms,
    http: createFakeHttp(),
    sts: createFakeSts(clock),
    consent: createFakeConsent(),
    env,
    hidden,
    hide: (secret: string) => void hidden.add(secret),
    overrideHosts: overrides,
    overrides: () => overrides.current,
    platform: process.platform,
    home,
  };
}

/** The sentence with which something says that it cannot give a key. */
export async function sentenceOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SourceUnusable) return error.sentence;
    throw error;
  }
  return assert.fail('gave a key');
}
