import { throwIfCancelled } from '../kernel/cancelled';
import { hasSettings, type RecordedSettings } from './recordedSettings';
import { clientOf, type ClientReading } from '../clients/readClients';
import type { BackupClient } from '../service/model';
import { proofSchedule, scaledMs } from '../service/actions';
import { Elapsed } from './elapsed';
import type { MachineProgress } from './operation';
import { isSentOutcome } from './outcomes';
import type { MachineFinding } from './operationRecord';
import { readingTimer, readMachines, type OperationRun } from './operationRun';

/** All calls of a settings operation are followed together: each has one client, and there can be hundreds. */
const allCalls = 'settings';

/**
 * Follows every client that a call named until it has an outcome. The service changes settings immediately, so a
 * response is the outcome once the list shows the new values, where it shows any. If a response was lost, the list
 * decides: new values mean that the call ran, old values a minute later that it did not. Reads the clients now, then
 * every 30 s for 5 minutes. Rejects only with a cancel.
 */
export async function followSettings(run: OperationRun): Promise<void> {
  const { journal, clock } = run;
  const { settings } = journal.operation;
  if (!settings) return;
  const timer = readingTimer(
    run,
    allCalls,
    { at: clock.now(), serviceAt: run.serviceNow() },
    proofSchedule.limitSeconds,
  );
  const ages = new Map(
    journal.operation.calls.map(({ id, intentAt, intentServiceAt }) => [
      id,
      new Elapsed(run, { at: intentAt, serviceAt: intentServiceAt }),
    ]),
  );
  const open = (): readonly MachineProgress[] =>
    journal.operation.machines.filter(({ outcome }) => isSentOutcome(outcome));
  try {
    while (open().length > 0) {
      throwIfCancelled(run.watching);
      const reading = await readMachines(run, allCalls, open());
      const last = timer.isLast(reading !== undefined);
      await judge(run, open(), settings, reading, { last, ages });
      if (last || open().length === 0) return;
      await timer.next();
    }
  } finally {
    run.onSchedule(allCalls, undefined);
  }
}

async function judge(
  { journal, log }: OperationRun,
  open: readonly MachineProgress[],
  settings: RecordedSettings,
  reading: ClientReading | undefined,
  { last, ages }: { readonly last: boolean; readonly ages: ReadonlyMap<string, Elapsed> },
): Promise<void> {
  const { calls, timeScale } = journal.operation;
  const callOf = new Map(calls.flatMap((call) => call.machineKeys.map((key) => [key, call] as const)));
  const settleMs = scaledMs(2 * proofSchedule.intervalSeconds, timeScale);
  const findings: MachineFinding[] = [];
  for (const progress of open) {
    const { machine, outcome } = progress;
    const client = reading && clientOf(machine, reading.clients);
    const missing = reading?.missingKeys.includes(machine.key) ?? false;
    const call = callOf.get(machine.key);
    if (outcome === 'running' && call) {
      const settled = (ages.get(call.id)?.shortestMs() ?? 0) >= settleMs;
      const finding = findingOf(progress, client, settings, { settled, last });
      if (finding === undefined) continue;
      log.write('info', `an answer was lost, found by reading: ${finding}, call: ${call.id}`);
      await journal.note({ type: 'resolved', call: call.id, finding });
      if (finding === 'ran') findings.push({ ...seenOf(progress, client), outcome: 'done' });
    } else if (client && hasSettings(client, settings) !== false) {
      findings.push({ ...seenOf(progress, client), outcome: 'done' });
    } else if (last) {
      const reason = missing ? { reason: 'not-listed' } : {};
      findings.push({ ...seenOf(progress, client), outcome: 'unconfirmed', ...reason });
    }
  }
  if (findings.length > 0) await journal.note({ type: 'machines', machines: findings });
}

/** What a client shows about a call whose response was lost; undefined if it must be read again. */
function findingOf(
  { machine: { fromSettings } }: MachineProgress,
  client: BackupClient | undefined,
  settings: RecordedSettings,
  { settled, last }: { readonly settled: boolean; readonly last: boolean },
): 'ran' | 'not-run' | 'unknown' | undefined {
  // Values that were already set, and passwords, show nothing.
  const wasSo = hasSettings({ ...(fromSettings && { settings: fromSettings }) }, settings) === true;
  const isSo = client && hasSettings(client, settings);
  if (client && (wasSo || isSo === undefined)) return 'unknown';
  if (isSo === true) return 'ran';
  if (isSo === false && settled) return 'not-run';
  return last ? 'unknown' : undefined;
}

function seenOf({ machine }: MachineProgress, client: BackupClient | undefined): { readonly key: string } {
  return {
    key: machine.key,
    ...(client && { clientStatus: client.status }),
    ...(client?.clientVersion !== undefined && { clientVersion: client.clientVersion }),
  };
}
