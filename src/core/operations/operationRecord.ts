import type { CallFate } from '../service/errors';
import type { MachineResult, Refusal } from '../service/model';
import type { CallFailure, CallFinding, MachineOutcome, Plan } from './operation';
import type { Action } from '../service/actions';
import type { Scope } from '../service/scope';

/** Version of the record format. A record with a higher one was written by a newer release. */
export const recordVersion = 1;

/** What was decided, and how fast tasks go there. */
export interface Decision {
  /** Id of the operation. */
  readonly id: string;
  readonly plan: Plan;
  readonly timeScale: number;
}

/** The decision itself: the first record of every file. */
export interface PlanRecord extends Decision {
  readonly type: 'operation';
}

/** The decision to follow a task that somebody else began: the first record of its file, instead of a plan. */
export interface TrackedRecord {
  readonly type: 'tracked';
  readonly id: string;
  readonly action: Action;
  readonly scope: Scope;
  readonly profileName: string;
  readonly demo: boolean;
  readonly timeScale: number;
  readonly taskId: string;
  /** Milliseconds since 1970 by the service's clock: when it began the task. Absent where it doesn't say so. */
  readonly begunAt?: number;
}

/** A call is about to go out. It is on the disk before the first byte is sent. */
export interface IntentRecord {
  readonly type: 'intent';
  readonly call: string;
  readonly machineKeys: readonly string[];
  /** The decision about these machines, by which the call can be followed when the first record is damaged. */
  readonly decision?: Decision;
}

/** The service took the call. Without a task id it either refused every machine or forgot to name the task. */
export interface AnswerRecord {
  readonly type: 'answer';
  readonly call: string;
  /** As in the intent, in case that is damaged. */
  readonly machineKeys?: readonly string[];
  readonly requestId: string;
  readonly taskId?: string;
  readonly refusals: readonly Refusal[];
}

export interface CallFailedRecord {
  readonly type: 'callFailed';
  readonly call: string;
  /** As in the intent, in case that is damaged. */
  readonly machineKeys?: readonly string[];
  readonly fate: CallFate;
  readonly failure: CallFailure;
}

/**
 * What reading the clients told about a call whose answer is not known. With a reason: why it certainly did not go out
 * after its intent was recorded, as `stopped` (the finding is `not-run`); or why nothing could be read (`unknown`).
 */
export interface ResolvedRecord {
  readonly type: 'resolved';
  readonly call: string;
  readonly finding: CallFinding;
  readonly reason?: string;
}

/** An answer of DescribeTask that differs from the one before. */
export interface TaskRecord {
  readonly type: 'task';
  readonly call: string;
  /** The service's word, or `not-found`. */
  readonly state: string;
  readonly progress: number;
  readonly machines: readonly MachineResult[];
  readonly requestId: string;
}

/** What a reading of the list told about machines: one record a reading. */
export interface MachinesRecord {
  readonly type: 'machines';
  readonly machines: readonly MachineFinding[];
}

export interface MachineFinding {
  readonly key: string;
  readonly outcome: MachineOutcome;
  readonly reason?: string;
  readonly clientStatus?: string;
  readonly clientVersion?: string;
  /** UNIX seconds, with the outcome `done`. */
  readonly lastHeartBeatTime?: number;
  /** Display name, for a machine that only its task had named by id. */
  readonly name?: string;
}

/**
 * No further call goes out. `stopped`: the user chose so. `interrupted`: its window ended. `failure-limit`: too many
 * machines did not get there. Else why calls fail.
 */
export interface SendingStoppedRecord {
  readonly type: 'sendingStopped';
  readonly reason: string;
}

/** `watchingStopped`: the user chose so; `watchingResumed`: and changed their mind. `checkAsked`: another window asks the following one to look now. */
export interface PlainRecord {
  readonly type: 'watchingStopped' | 'watchingResumed' | 'checkAsked' | 'ended';
}

/** One fact of an operation, without the frame it is stored in. */
export type OperationFact =
  | PlanRecord
  | TrackedRecord
  | IntentRecord
  | AnswerRecord
  | CallFailedRecord
  | ResolvedRecord
  | TaskRecord
  | MachinesRecord
  | SendingStoppedRecord
  | PlainRecord;

/**
 * A fact as one JSON line: its format version and when it was recorded (milliseconds since 1970), by this computer's
 * clock and, as far as that was known, by the service's: verdicts compare what the service says with its own clock.
 */
export type OperationRecord = OperationFact & {
  readonly v: typeof recordVersion;
  readonly at: number;
  readonly serviceAt?: number;
};

/**
 * The fact with `redact` applied to its free text. This is the one list of the fields that hold any: the message of a
 * failure, and a sentence that the service put in the place of a code. Ids, keys, codes and words that the engine acts
 * on are never changed.
 */
export function redactFreeText(fact: OperationFact, redact: (text: string) => string): OperationFact {
  const reason = (code: string): string => (isCode(code) ? code : redact(code));
  switch (fact.type) {
    case 'callFailed': {
      const { message, serviceCode } = fact.failure;
      const code = serviceCode === undefined ? {} : { serviceCode: reason(serviceCode) };
      return { ...fact, failure: { ...fact.failure, message: redact(message), ...code } };
    }
    case 'answer':
      return {
        ...fact,
        refusals: fact.refusals.map((one) => ({ ...one, errorCode: reason(one.errorCode) })),
      };
    case 'task':
      return {
        ...fact,
        machines: fact.machines.map((one) => ({ ...one, errorCode: reason(one.errorCode) })),
      };
    case 'machines':
      return {
        ...fact,
        machines: fact.machines.map((one) =>
          one.reason === undefined ? one : { ...one, reason: reason(one.reason) },
        ),
      };
    case 'sendingStopped':
      return { ...fact, reason: reason(fact.reason) };
    default:
      return fact;
  }
}

/** True for a word such as `InstanceNotRunning` or `Throttling.User`. */
export function isCode(text: string): boolean {
  return /^[\w.:-]*$/.test(text);
}
