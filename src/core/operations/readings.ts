import { isCancelled, toBackupError } from '../service/errors';
import { readClients, type ClientReading } from '../clients/readClients';
import { Elapsed, type Moment } from './elapsed';
import type { MachineProgress } from './operation';
import type { OperationRun } from './operationRun';
import { Patience } from './patience';
import { troubleOf } from './trouble';
import { proofSchedule, scaledMs, shortestIntervalSeconds } from '../service/actions';

/** One reading by id, passed on to whoever shows rows; undefined, and logged, when it failed: that is no news. */
export async function read(
  run: OperationRun,
  callId: string,
  machines: readonly MachineProgress[],
): Promise<ClientReading | undefined> {
  const { journal } = run;
  const { scope } = journal.operation;
  try {
    const refs = machines.map(({ machine }) => machine);
    const reading = await readClients(run.api, scope, refs, { signal: run.watching });
    journal.meet('list', undefined);
    run.onReading(reading);
    return reading;
  } catch (error) {
    if (run.watching.aborted && isCancelled(error)) throw error;
    run.log.write('warn', `machines could not be read, are read again, call: ${callId}`, error);
    journal.meet('list', troubleOf(toBackupError(error)));
    return undefined;
  }
}

/** Waits for the next reading: the interval, or until somebody asks for one now, but 2 s at least. */
export async function pause(run: OperationRun, callId: string, patience: Patience): Promise<void> {
  const { clock, nap, watching, journal } = run;
  const { timeScale } = journal.operation;
  const waitMs = patience.next(scaledMs(proofSchedule.intervalSeconds, timeScale));
  const earliest = clock.monotonic() + scaledMs(shortestIntervalSeconds, timeScale);
  run.onSchedule(callId, clock.monotonic() + waitMs);
  await nap.sleep(clock, waitMs, watching);
  const tooSoon = earliest - clock.monotonic();
  if (tooSoon > 0) await clock.sleep(tooSoon, { signal: watching });
}

/** Waits for an end until so long after a moment. */
export function patienceSince(run: OperationRun, moment: Moment, limitSeconds: number): Patience {
  return new Patience(new Elapsed(run, moment), scaledMs(limitSeconds, run.journal.operation.timeScale));
}
