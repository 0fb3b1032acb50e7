import type { Clock } from '../kernel/clock';
import type { Log } from '../kernel/log';
import type { Waiting } from '../kernel/waiting';
import { isCancelled, toBackupError } from '../service/errors';
import type { ProtectionCall } from '../service/protection';

/**
 * Why something couldn't be read. `other-account`: the service doesn't say whether it reports jobs and plans of another
 * account's machines. `other-type`: it reports them for clients on ECS instances only. `cut-off`: there are more rows than
 * are read. `unclear`: a job is in a status that says nothing. `unnamed`: one doesn't say on which machine it runs.
 * `no-instance`: the client has no instance ID to ask by.
 */
export const gapReasons = [
  'permission-denied',
  'other-account',
  'other-type',
  'failed',
  'too-slow',
  'cut-off',
  'unclear',
  'unnamed',
  'no-instance',
] as const;

/** What couldn't be read about backups, and why. */
export interface Gap {
  readonly call: ProtectionCall;
  readonly why: (typeof gapReasons)[number];
}

export interface ReadDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/** Milliseconds after which a read before a change counts as not made. */
const readLimitMs = 15_000;

/**
 * The result of a read, or why there's none. What takes longer than `limitMs` milliseconds is canceled. Rejects only for a
 * cancel of `waiting`.
 */
export async function readOrGap<T>(
  { clock, log }: ReadDeps,
  call: ProtectionCall,
  read: (waiting: Waiting) => Promise<T>,
  { signal }: Waiting,
  limitMs = readLimitMs,
): Promise<T | Gap> {
  const ended = new AbortController();
  const late = new AbortController();
  const limit = clock.sleep(limitMs, { signal: AbortSignal.any([signal, ended.signal]) }).then(
    () => late.abort(),
    (error: unknown) => {
      if (!isCancelled(error)) throw error;
    },
  );
  try {
    return await read({ signal: AbortSignal.any([signal, late.signal]) });
  } catch (error) {
    if (signal.aborted) throw error;
    if (late.signal.aborted) return { call, why: 'too-slow' };
    log.write('info', `backups could not be read, call: ${call}`, error);
    return { call, why: toBackupError(error).code === 'permission-denied' ? 'permission-denied' : 'failed' };
  } finally {
    ended.abort();
    await limit;
  }
}
