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

export interface BusyClientsWorld {
  readonly api: Pick<BackupApi, 'listClients' | 'timeScale'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly scope: Scope;
  /** The rows of the scope as they are known now, by client key. */
  readonly clients: () => ReadonlyMap<string, BackupClient>;
  /** True for a client that an operation of ours follows already. */
  readonly isCovered: (client: BackupClient) => boolean;
  readonly onReading: (reading: ClientReading) => void;
}

/**
 * Follows clients that are being changed by somebody else (the console, Terraform): reads them by id every 30 s until
 * they are no longer busy, each for 17 min at most. Without such clients no call is made. Runs until disposed: keep it
 * only while somebody looks.
 */
export function followBusyClients(world: BusyClientsWorld): Disposable {
  const end = new AbortController();
  follow(world, end.signal).catch((error: unknown) => {
    if (!isCancelled(error)) world.log.write('error', 'following busy clients failed', error);
  });
  return toDisposable(() => {
    end.abort();
  });
}

async function follow(world: BusyClientsWorld, signal: AbortSignal): Promise<void> {
  const { api, clock, log, scope } = world;
  const busySince = new Map<string, number>();
  for (;;) {
    const scale = api.timeScale(scope);
    await clock.sleep(scaledMs(proofSchedule.intervalSeconds, scale), { signal });
    const wanted = busyOnes(world, busySince, scaledMs(watchLimitSeconds, scale));
    if (wanted.length === 0) continue;
    try {
      world.onReading(await readClients(api, scope, wanted, { signal }));
    } catch (error) {
      if (signal.aborted) throw error;
      log.write('warn', `busy clients could not be read, are read again, clients: ${wanted.length}`, error);
    }
  }
}

/** Busy clients that are not given up on; remembers since when each is busy. */
function busyOnes(
  { clients, isCovered, clock }: BusyClientsWorld,
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
