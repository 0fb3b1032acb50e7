import { toIsoSeconds, type Clock } from './clock';
import type { Reply } from './gateway';
import type { Key, Keyring } from './keyring';
import type { Random } from './random';
import { issueTemporaryKey, sessionOf, type Role } from './roles';
import { header, type RawRequest } from './signature';

export interface MetadataOptions {
  /** False forbids the form without a token, as a hardened instance does. */
  readonly tokenless?: boolean;
  /** How long each key lives; default 6 hours. */
  readonly seconds?: number;
}

interface MetadataParts extends MetadataOptions {
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly random: Random;
  /** The role that the instance has. */
  readonly role: Role;
}

const rolesPath = '/latest/meta-data/ram/security-credentials/';
const longestTokenSeconds = 21_600;
/** A new key is there so long before the one before it ends. */
const overlapMs = 30 * 60_000;

/**
 * What an ECS instance is told about itself, as far as keys go, and a credentials URI at `/credentials-uri`. The key
 * stays the same until half an hour before its end, or until the ring knows it no more.
 */
export class Metadata {
  readonly #parts: MetadataParts;
  readonly #tokens = new Map<string, number>();
  #key: Required<Key> | undefined;

  constructor(parts: MetadataParts) {
    this.#parts = parts;
  }

  answer(request: RawRequest): Reply {
    const { method, path } = request;
    if (method === 'PUT' && path === '/latest/api/token') return this.#token(request);
    if (method !== 'GET') return text(405, 'Method Not Allowed');
    if (path === '/credentials-uri') return this.#credentials();
    if (!path.startsWith(rolesPath)) return text(404, 'Not Found');
    if (!this.#isAdmitted(request)) return text(403, 'Forbidden');
    const name = path.slice(rolesPath.length);
    if (name === '') return text(200, this.#parts.role.name);
    return name === this.#parts.role.name ? this.#credentials() : text(404, 'Not Found');
  }

  #token(request: RawRequest): Reply {
    const seconds = Number(header(request, 'x-aliyun-ecs-metadata-token-ttl-seconds'));
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > longestTokenSeconds) {
      return text(400, 'Bad Request');
    }
    const token = `simulated-metadata-token-${this.#parts.random.characters(24)}`;
    this.#tokens.set(token, this.#parts.clock.nowMs() + seconds * 1000);
    return text(200, token);
  }

  #isAdmitted(request: RawRequest): boolean {
    const token = header(request, 'x-aliyun-ecs-metadata-token');
    if (token === undefined) return this.#parts.tokenless ?? true;
    return this.#parts.clock.nowMs() < (this.#tokens.get(token) ?? 0);
  }

  #credentials(): Reply {
    const { clock, keyring, random, role, seconds = 6 * 3600 } = this.#parts;
    const nowMs = clock.nowMs();
    const known = this.#key;
    const lasts = known !== undefined && known.expiresMs - nowMs > Math.min(overlapMs, seconds * 500);
    const key =
      known !== undefined && lasts && keyring.isUsable(known.accessKeyId, nowMs)
        ? known
        : issueTemporaryKey(keyring, random, sessionOf(role, 'i-simulated', random), nowMs + seconds * 1000);
    this.#key = key;
    const body = {
      Code: 'Success',
      AccessKeyId: key.accessKeyId,
      AccessKeySecret: key.accessKeySecret,
      SecurityToken: key.securityToken,
      Expiration: toIsoSeconds(key.expiresMs),
      LastUpdated: toIsoSeconds(key.expiresMs - seconds * 1000),
    };
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  }
}

function text(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}
