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
  /** The clients of the scope as known now, by key. */
  readonly clients: () => ReadonlyMap<string, BackupClient>;
  /** True for a client that one of our operations already tracks. */
  readonly isCovered: (client: BackupClient) => boolean;
  readonly onReading: (reading: ClientReading) => void;
}

/**
 * Tracks clients that are being changed elsewhere (in the console, by Terraform): reads them by ID every 30 s until
 * they're no longer busy, each for at most 17 min. Without such clients, no request is sent. Runs until disposed, so keep
 * it only while the view is visible.
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

async function follow(deps: BusyClientsDeps, signal: AbortSignal): Promise<void> {
  const { api, clock, log, scope } = deps;
  const busySince = new Map<string, number>();
  for (;;) {
    const scale = api.timeScale(scope);
    await clock.sleep(scaledMs(proofSchedule.intervalSeconds, scale), { signal });
    const wanted = busyOnes(deps, busySince, scaledMs(watchLimitSeconds, scale));
    if (wanted.length === 0) continue;
    try {
      deps.onReading(await readClients(api, scope, wanted, { signal }));
    } catch (error) {
      if (signal.aborted) throw error;
      log.write('warn', `busy clients could not be read, are read again, clients: ${wanted.length}`, error);
    }
  }
}

/** Busy clients within the time limit; updates since when each is busy. */
function busyOnes(
  { clients, isCovered, clock }: BusyClientsDeps,
  busySince: Map<string, number>,
  limitMs: number,
): readonly MachineRef[] {
  const now = clock.monotonic();
  const busy = new Map(
    [...clients()].filter(([, client]) => isBusy(client) && hasId(client) && !isCovered(client)),
  );
  for (const key of [...busySince.keys()]) if (!busy.has(key)) busySince.delete(key);
  for (const key of busy.keys()) if (!busySince.has(key)) busySince.set(key, now);
  return [...busy]
    .filter(([key]) => now - (busySince.get(key) ?? now) < limitMs)
    .map(([key, { instanceId, clientId }]) => ({ key, instanceId, clientId }));
}
