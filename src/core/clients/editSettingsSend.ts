import { isCancelled, toBackupError, type BackupError, type FailureCode } from '../errors';
import type { BackupClient, ClientSettingsChange } from '../model';
import type { BackupApi, ClientSettingsApi, Clock, Waiting } from '../ports';
import type { Scope } from '../scope';
import { newAt, type SettingName } from './editSettingsFields';
import { clientOf, readClients, type ClientReading, type MachineRef } from './readClients';

/** A client whose settings are changed, with its key in the list. */
export interface SettingsTarget extends MachineRef {
  readonly clientId: string;
  readonly client: BackupClient;
}

/** `unknown`: the answer was lost, and the list does not tell either. */
export type SettingsOutcome =
  | { readonly kind: 'changed' }
  | { readonly kind: 'failed' | 'unknown'; readonly failure: BackupError }
  | { readonly kind: 'not-sent' };

/** What came of one client. */
export interface SettingsResult {
  readonly target: SettingsTarget;
  readonly outcome: SettingsOutcome;
}

interface SendWorld {
  readonly api: ClientSettingsApi & Pick<BackupApi, 'listClients'>;
  readonly clock: Clock;
}

const callsAtOnce = 4;
// Besides the attempts of each call itself: hundreds of clients may well outrun what the service allows.
const throttledWaitsMs = [5_000, 15_000, 30_000];

/** Failures that every further call would meet too. */
const hopeless: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'credentials-rejected',
  'credentials-expired',
  'credentials-missing',
  'profile-gone',
  'permission-denied',
  'account-blocked',
  'service-role-missing',
  'unreachable',
  'tls-failed',
  'proxy-refused',
  'clock-skew',
  'wrong-endpoint',
  'secret-storage-failed',
]);

/**
 * Sends a change to each target, one call a client, four at a time. Aborting `stop` ends the sending and leaves calls
 * on their way alone, as does a failure that all others would share; `waiting` ends everything. Only a call that
 * certainly did not run is made again.
 */
export async function sendSettings(
  { api, clock }: SendWorld,
  scope: Scope,
  targets: readonly SettingsTarget[],
  change: ClientSettingsChange,
  onResult: () => void,
  stop: AbortSignal,
  waiting: Waiting,
): Promise<readonly SettingsResult[]> {
  const stopping = new AbortController();
  const sending = AbortSignal.any([stop, stopping.signal, waiting.signal]);
  const outcomes = new Map<SettingsTarget, SettingsOutcome>();
  const queue = targets.values();

  const send = async ({ clientId }: SettingsTarget): Promise<SettingsOutcome> => {
    for (const waitMs of [...throttledWaitsMs, undefined]) {
      try {
        await api.updateClientSettings(scope, clientId, change, waiting);
        return { kind: 'changed' };
      } catch (error) {
        const failure = toBackupError(error);
        if (hopeless.has(failure.code)) stopping.abort();
        if (isCancelled(error) || failure.fate === 'ambiguous') return { kind: 'unknown', failure };
        if (failure.code !== 'throttled' || waitMs === undefined) return { kind: 'failed', failure };
        if (!(await slept(clock, waitMs, sending))) return { kind: 'failed', failure };
      }
    }
    return { kind: 'not-sent' };
  };
  const lane = async (): Promise<void> => {
    for (const target of queue) {
      outcomes.set(target, sending.aborted ? { kind: 'not-sent' } : await send(target));
      onResult();
    }
  };
  await Promise.all(Array.from({ length: callsAtOnce }, lane));
  return targets.map((target) => ({ target, outcome: outcomes.get(target) ?? { kind: 'not-sent' } }));
}

/** False when the wait was cut short. */
async function slept(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, { signal });
    return true;
  } catch (error) {
    if (!isCancelled(error)) throw error;
    return false;
  }
}

/**
 * Reads the clients that were sent to again by id, and settles by their rows what a lost answer left open. The reading
 * is undefined when it failed, or when nothing was sent.
 */
export async function settleSettings(
  { api }: Pick<SendWorld, 'api'>,
  scope: Scope,
  results: readonly SettingsResult[],
  change: ClientSettingsChange,
  waiting: Waiting,
): Promise<{
  readonly results: readonly SettingsResult[];
  readonly reading: ClientReading | undefined;
  readonly failure?: unknown;
}> {
  const sent = results.filter(({ outcome }) => outcome.kind !== 'not-sent');
  if (sent.length === 0) return { results, reading: undefined };
  try {
    const targets = sent.map(({ target }) => target);
    const reading = await readClients(api, scope, targets, waiting);
    return { results: results.map((result) => settled(result, reading.clients, change)), reading };
  } catch (failure) {
    return { results, reading: undefined, failure };
  }
}

function settled(
  result: SettingsResult,
  clients: readonly BackupClient[],
  change: ClientSettingsChange,
): SettingsResult {
  const { target, outcome } = result;
  if (outcome.kind !== 'unknown') return result;
  const now = clientOf(target, clients);
  // A password is never told, so it proves nothing.
  const visible = (name: SettingName): boolean => name !== 'proxyPassword';
  if (!now?.settings || !newAt(target.client, change).some(visible)) return result;
  const { failure } = outcome;
  return {
    target,
    outcome: newAt(now, change).some(visible) ? { kind: 'failed', failure } : { kind: 'changed' },
  };
}
