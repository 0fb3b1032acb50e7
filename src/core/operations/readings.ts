import { isCancelled } from '../errors';
import { readClients, type ClientReading } from '../clients/readClients';
import type { MachineProgress } from './operation';
import type { OperationRun } from './operationRun';
import type { Patience } from './patience';
import { proofSchedule, scaledMs } from '../schedules';

/** One reading by id, passed on to whoever shows rows; undefined, and logged, when it failed: that is no news. */
export async function read(
  run: OperationRun,
  callId: string,
  machines: readonly MachineProgress[],
): Promise<ClientReading | undefined> {
  const { scope } = run.journal.operation;
  try {
    const refs = machines.map(({ machine }) => machine);
    const reading = await readClients(run.api, scope, refs, { signal: run.watching });
    run.onReading(reading);
    return reading;
  } catch (error) {
    if (run.watching.aborted && isCancelled(error)) throw error;
    run.log.write('warn', `machines could not be read, are read again, call: ${callId}`, error);
    return undefined;
  }
}

/** Waits for the next reading: the interval, or until somebody asks for one now, but 2 s at least. */
export async function pause(run: OperationRun, callId: string, patience: Patience): Promise<void> {
  const { clock, nap, watching, journal } = run;
  const at = patience.next(scaledMs(proofSchedule.intervalSeconds, journal.operation.timeScale));
  run.onSchedule(callId, at);
  const shortest = clock.now() + scaledMs(2, journal.operation.timeScale);
  await nap.sleep(clock, at - clock.now(), watching);
  if (clock.now() < shortest) await clock.sleep(shortest - clock.now(), { signal: watching });
}
