import { untilLookedAt, type Looking } from '../interaction/looking';
import { hasId, isBusy } from '../service/clientFacts';
import { toDisposable, type Disposable } from '../kernel/disposables';
import { isCancelled } from '../service/errors';
import type { BackupClient } from '../service/model';
import type { BackupApi } from '../service/api';
import type { Clock } from '../kernel/clock';
import type { Log } from '../kernel/log';
import { readClients, type ClientReading, type MachineRef } from './readClients';
import { proofSchedule, scaledMs, watchLimitSeconds } from '../service/actions';
import type { Scope } from '../service/scope';

export interface BusyClientsDeps {
  readonly api: Pick<BackupApi, 'listClients' | 'timeScale'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly scope: Scope;
  /** Whether somebody looks at the clients. */
  readonly looking: Looking;
  /** The clients of the scope as known now, by key. */
  readonly clients: () => ReadonlyMap<string, BackupClient>;
  /** Answers, as of now, whether one of our operations already tracks a client. */
  readonly covered: () => (client: BackupClient) => boolean;
  readonly onReading: (reading: ClientReading) => void;
}

/**
 * Tracks clients that are being changed elsewhere (in the console, by Terraform): reads them by ID every 30 s until
 * they're no longer busy, each for at most 17 min. Without such clients, and while nobody looks, no request is sent; who
 * looks again after longer than 30 s gets a reading at once. Runs until disposed.
 */
export function followBusyClients(deps: BusyClientsDeps): Disposable {
  const end = new AbortController();
  follow(deps, end.signal).catch((error: unknown) => {
    if (!isCancelled(error)) deps.log.write('error', 'following busy clients failed', error);
  });
  return toDisposable(() => {
    end.abort();
  });
}

/** 17 min, counted by readings: while nobody looks, no time passes. */
const mostReadings = watchLimitSeconds / proofSchedule.intervalSeconds;

async function follow(deps: BusyClientsDeps, signal: AbortSignal): Promise<void> {
  const { api, clock, log, scope, looking } = deps;
  const readings = new Map<string, number>();
  for (;;) {
    await clock.sleep(scaledMs(proofSchedule.intervalSeconds, api.timeScale(scope)), { signal });
    await untilLookedAt(looking, { signal });
    const wanted = busyOnes(deps, readings);
    if (wanted.length === 0) continue;
    try {
      deps.onReading(await readClients(api, scope, wanted, { signal }));
    } catch (error) {
      if (signal.aborted) throw error;
      log.write('warn', `busy clients could not be read, are read again, clients: ${wanted.length}`, error);
    }
  }
}

/** Busy clients that weren't read too often; counts how often each is. */
function busyOnes(
  { clients, covered }: BusyClientsDeps,
  readings: Map<string, number>,
): readonly MachineRef[] {
  const isCovered = covered();
  const busy = new Map(
    [...clients()].filter(([, client]) => isBusy(client) && hasId(client) && !isCovered(client)),
  );
  for (const key of [...readings.keys()]) if (!busy.has(key)) readings.delete(key);
  const wanted = [...busy].filter(([key]) => (readings.get(key) ?? 0) < mostReadings);
  for (const [key] of wanted) readings.set(key, (readings.get(key) ?? 0) + 1);
  return wanted.map(([key, { instanceId, clientId }]) => ({ key, instanceId, clientId }));
}
