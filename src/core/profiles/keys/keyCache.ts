import { CancelledError, throwIfCancelled } from '../../kernel/cancelled';
import type { AccessKey } from '../../service/model';
import type { Clock } from '../../kernel/clock';
import type { Waiting } from '../../kernel/waiting';
import type { TimedKey } from './credentialSource';

/** Holds the key of one source between calls, and gets another in time. */
export interface KeyCache {
  /**
   * The key, renewed first when its end is near. With the key that the service refused: renewed once, unless another
   * one is held by now. Throws what the source throws; a renewal that failed ahead of time leaves the old key in use
   * until it expires. Callers share one renewal, which goes on while one of them still waits.
   */
  get(refused: AccessKey | undefined, waiting: Waiting): Promise<AccessKey>;
  /** When the key that is held ends, in milliseconds since 1970; undefined without one, or when it isn't known. */
  readonly endsAtMs: number | undefined;
  /** As `TimedKey.tokenName` of the key that is held. */
  readonly tokenName: string | undefined;
  /** Forgets the key. Who is waiting for a renewal gets one that began afterwards. */
  drop(): void;
}

const marginMs = 5 * 60_000;
/** After a renewal that failed, the old key is used this long before the next is tried. */
const pauseMs = 30_000;

interface Held extends TimedKey {
  /** When to renew, in milliseconds since 1970. */
  readonly renewAtMs: number;
  /** The service rejected it: it's never handed out again, not even while it's renewed. */
  readonly refused?: true;
}

interface Renewal {
  readonly held: Promise<Held>;
  readonly stop: AbortController;
  waiters: number;
}

/**
 * Renews 5 minutes before the end of a key, and one that lives for less than 10 minutes at half of its life. A key
 * without a known end is kept until it's refused or dropped. One that came with an end in the past is used, and read
 * again half a minute later.
 */
export function createKeyCache(read: (waiting: Waiting) => Promise<TimedKey>, clock: Clock): KeyCache {
  let held: Held | undefined;
  let renewal: Renewal | undefined;
  let drops = 0;

  function renew(): Renewal {
    const stop = new AbortController();
    const take = (next: Held | undefined): void => {
      if (renewal !== started) return;
      renewal = undefined;
      held = next;
    };
    const started: Renewal = {
      stop,
      waiters: 0,
      held: read({ signal: stop.signal }).then(
        (timed) => {
          const next = { ...timed, renewAtMs: renewAt(timed, clock.now()) };
          take(next);
          return next;
        },
        (error: unknown) => {
          take(held && withPause(held, clock.now()));
          throw error;
        },
      ),
    };
    return started;
  }

  function join({ signal }: Waiting): Promise<Held> {
    const joined = (renewal ??= renew());
    joined.waiters++;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reject(new CancelledError());
        if (--joined.waiters > 0) return;
        if (renewal === joined) renewal = undefined;
        joined.stop.abort();
      };
      signal.addEventListener('abort', leave, { once: true });
      void joined.held.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  async function get(refused: AccessKey | undefined, waiting: Waiting): Promise<AccessKey> {
    throwIfCancelled(waiting.signal);
    if (held && refused && isSameKey(held.key, refused)) held = { ...held, refused: true };
    if (held && !held.refused && clock.now() < held.renewAtMs) return held.key;
    const dropsBefore = drops;
    try {
      const { key } = await join(waiting);
      return drops === dropsBefore ? key : await get(refused, waiting);
    } catch (error) {
      throwIfCancelled(waiting.signal);
      if (drops !== dropsBefore) return await get(refused, waiting);
      if (!held || held.refused || isExpired(held, clock.now())) throw error;
      return held.key;
    }
  }

  return {
    get,
    get endsAtMs() {
      return held?.expiresAtMs;
    },
    get tokenName() {
      return held?.tokenName;
    },
    drop() {
      drops++;
      held = undefined;
      renewal = undefined;
    },
  };
}

function renewAt({ expiresAtMs }: TimedKey, now: number): number {
  if (expiresAtMs === undefined) return Infinity;
  const life = expiresAtMs - now;
  // Either it has expired, or the clocks disagree. The service decides, and the source isn't read before each call.
  if (life <= 0) return now + pauseMs;
  return expiresAtMs - (life < 2 * marginMs ? life / 2 : marginMs);
}

function withPause(held: Held, now: number): Held {
  const { renewAtMs, expiresAtMs = Infinity } = held;
  return { ...held, renewAtMs: Math.max(renewAtMs, Math.min(now + pauseMs, expiresAtMs)) };
}

function isExpired({ expiresAtMs = Infinity }: TimedKey, now: number): boolean {
  return expiresAtMs <= now;
}

/** True when both are the same to the service. */
export function isSameKey(one: AccessKey, other: AccessKey): boolean {
  return (
    one.accessKeyId === other.accessKeyId &&
    one.accessKeySecret === other.accessKeySecret &&
    one.securityToken === other.securityToken
  );
}
