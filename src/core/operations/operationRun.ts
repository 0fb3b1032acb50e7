import type { ClientSettingsChange } from '../service/model';
import type { Nap } from '../kernel/nap';
import type { OperationJournal } from './operationJournal';
import type { Clocks } from './elapsed';
import type { OperationApi } from '../service/api';
import type { Log } from '../kernel/log';
import type { ClientReading } from '../clients/readClients';

/** What sending and following an operation needs. */
export interface OperationRun extends Clocks {
  readonly api: OperationApi;
  readonly log: Log;
  readonly journal: OperationJournal;
  /** What an operation on settings sends. The password at the proxy is in it, so it is never written. */
  readonly settings: ClientSettingsChange | undefined;
  readonly nap: Nap;
  /** Aborts when this window ends or loses the operation: everything stops where it is. */
  readonly alive: AbortSignal;
  /** Aborts also when the user stops watching: what is being sent still gets its answer. */
  readonly watching: AbortSignal;
  /** Asked before each call and before the end is told: true while no other window has taken over. */
  readonly isOurs: () => Promise<boolean>;
  /** Asked before each write: true while read-only mode is on. */
  readonly isReadOnly: () => boolean;
  /** True where this window makes the calls: then it also knows how long ago each went out. */
  readonly sends: boolean;
  /** When a call is looked at next, by `Clock.monotonic`; undefined when it no longer is. */
  readonly onSchedule: (callId: string, due: number | undefined) => void;
  readonly onReading: (reading: ClientReading) => void;
}
