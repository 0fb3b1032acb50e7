import type { Log } from '../kernel/log';
import { readClients, type ClientReading } from '../clients/readClients';
import { proofSchedule } from '../service/actions';
import type { MachineIds, OperationApi } from '../service/api';
import { isCancelled, toBackupError } from '../service/errors';
import type { ClientSettingsChange } from '../service/model';
import type { FollowingApi } from './callBudget';
import { CheckTimer, type InterruptibleSleep } from './checkTimer';
import { Elapsed, type Clocks, type Moment } from './elapsed';
import type { MachineProgress } from './operation';
import type { OperationJournal } from './operationJournal';
import { troubleOf } from './trouble';

/** What the window that starts an operation sends. */
export interface Outgoing {
  /** The IDs that name each client, by its key. */
  readonly ids: ReadonlyMap<string, MachineIds>;
  /** What an operation on settings sets. The proxy password is in it, so it's never written. */
  readonly settings?: ClientSettingsChange | undefined;
}

/** What sending and tracking an operation needs. */
export interface OperationRun extends Clocks {
  readonly api: OperationApi;
  /** Follows within the budget of calls that all operations share. */
  readonly reads: FollowingApi;
  readonly log: Log;
  readonly journal: OperationJournal;
  /** Absent where another window started the operation: then no call is made. */
  readonly outgoing?: Outgoing | undefined;
  readonly sleep: InterruptibleSleep;
  /** Aborts when this window ends or loses the operation: everything stops where it is. */
  readonly alive: AbortSignal;
  /** Aborts also when no further request is sent. What is being sent still gets its answer. */
  readonly sending: AbortSignal;
  /** Aborts also when the user stops tracking. What is being sent still gets its answer. */
  readonly watching: AbortSignal;
  /** Asked before each call and before the end is announced: true while no other window has taken over. */
  readonly isOurs: () => Promise<boolean>;
  /** Asked before each write: true while read-only mode is on. */
  readonly isReadOnly: () => boolean;
  /** When a call is checked next, by `Clock.monotonic`; undefined when it no longer is. */
  readonly onSchedule: (callId: string, due: number | undefined) => void;
  readonly onReading: (reading: ClientReading) => void;
}

/**
 * Reads clients by ID and passes the reading on to whoever shows rows. Undefined, and logged, when it failed: that isn't
 * news. Rejects only with a cancel.
 */
export async function readMachines(
  run: OperationRun,
  callId: string,
  machines: readonly MachineProgress[],
): Promise<ClientReading | undefined> {
  const { journal } = run;
  const { scope } = journal.operation;
  try {
    const refs = machines.map(({ machine }) => machine);
    const reading = await readClients(run.reads, scope, refs, { signal: run.watching });
    journal.setTrouble('list', undefined);
    run.onReading(reading);
    return reading;
  } catch (error) {
    if (run.watching.aborted && isCancelled(error)) throw error;
    run.log.write('warn', `machines could not be read, are read again, call: ${callId}`, error);
    journal.setTrouble('list', troubleOf(toBackupError(error)));
    return undefined;
  }
}

/** Times the readings of a call's clients: every 30 s, for a limit that counts from a moment. */
export function readingTimer(
  run: OperationRun,
  callId: string,
  moment: Moment,
  limitSeconds: number,
): CheckTimer {
  return new CheckTimer({
    ...{ clock: run.clock, sleep: run.sleep, signal: run.watching, limitSeconds },
    intervalSeconds: proofSchedule.intervalSeconds,
    elapsed: new Elapsed(run, moment),
    timeScale: run.journal.operation.timeScale,
    onSchedule: (due) => {
      run.onSchedule(callId, due);
    },
  });
}
