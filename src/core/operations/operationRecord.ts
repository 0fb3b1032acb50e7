import * as v from 'valibot';
import { taskActions } from '../service/actions';
import { failureCodes } from '../service/errors';
import { scopeSchema } from '../service/scopeSchema';
import { machineOutcomes } from './outcomes';
import { finiteNumber, isTrue, listOf, planSchema } from './recordedPlan';
import { jobsSchema } from './recordedWork';

/** Version of the record format. A record with a higher one was written by a newer release. */
export const recordVersion = 1;

const text = v.string();
const optionalText = v.exactOptional(text);
const timeScale = v.pipe(finiteNumber, v.gtValue(0));
const keys = listOf(text);

const decisionSchema = v.object({
  /** Id of the operation. */
  id: text,
  plan: planSchema,
  timeScale,
});

/** What was decided, and how fast tasks go there. */
export type Decision = Readonly<v.InferOutput<typeof decisionSchema>>;

/** What an operation's file holds: one fact per line. */
const facts = {
  /** The decision itself: the first record of every file. */
  operation: v.object({ type: v.literal('operation'), ...decisionSchema.entries }),
  /** The decision to track a task that was started elsewhere: the first record of its file, instead of a plan. */
  tracked: v.object({
    type: v.literal('tracked'),
    id: text,
    action: v.picklist(taskActions),
    scope: scopeSchema,
    profileName: text,
    demo: isTrue,
    timeScale,
    taskId: text,
    /** Milliseconds since 1970 by the service's clock: when the task began. Absent where the service doesn't say. */
    begunAt: v.exactOptional(finiteNumber),
  }),
  /** A call is about to go out. It is on the disk before the first byte is sent. */
  intent: v.object({
    type: v.literal('intent'),
    call: text,
    machineKeys: keys,
    /** The decision about these machines, by which the call can be tracked when the first record is damaged. */
    decision: v.exactOptional(decisionSchema),
  }),
  /** The service took the call. Without a task ID it either refused every machine or forgot to name the task. */
  answer: v.object({
    type: v.literal('answer'),
    call: text,
    /** As in the intent, in case that is damaged. */
    machineKeys: v.exactOptional(keys),
    requestId: text,
    taskId: optionalText,
    refusals: listOf(v.object({ instanceId: text, errorCode: text })),
  }),
  callFailed: v.object({
    type: v.literal('callFailed'),
    call: text,
    /** As in the intent, in case that is damaged. */
    machineKeys: v.exactOptional(keys),
    fate: v.picklist(['not-run', 'ambiguous', 'refused']),
    /** See `CallFailure`. */
    failure: v.object({
      // A newer release may know more codes. The record must not be lost for that.
      code: v.fallback(v.picklist(failureCodes), 'internal'),
      message: text,
      ambiguous: isTrue,
      serviceCode: optionalText,
      requestId: optionalText,
    }),
  }),
  /** What reading the clients showed about a call whose answer was lost. */
  resolved: v.object({
    type: v.literal('resolved'),
    call: text,
    finding: v.picklist(['ran', 'not-run', 'unknown']),
    /**
     * With `not-run`: why it certainly didn't go out after its intent was recorded, such as `stopped`. With `unknown`: why
     * nothing could be read.
     */
    reason: optionalText,
  }),
  /** An answer of DescribeTask that differs from the one before. */
  task: v.object({
    type: v.literal('task'),
    call: text,
    /** The service's word, or `not-found`. */
    state: text,
    progress: finiteNumber,
    machines: listOf(
      v.object({
        errorCode: text,
        instanceId: optionalText,
        clientId: optionalText,
        clientStatus: optionalText,
      }),
    ),
    requestId: text,
  }),
  /** What one reading of the list showed about machines. */
  machines: v.object({
    type: v.literal('machines'),
    machines: listOf(
      v.object({
        key: text,
        outcome: v.picklist(machineOutcomes),
        reason: optionalText,
        clientStatus: optionalText,
        clientVersion: optionalText,
        /** UNIX seconds, with the outcome `done`. */
        lastHeartBeatTime: v.exactOptional(finiteNumber),
        /** Display name, for a machine that its task named only by ID. */
        name: optionalText,
      }),
    ),
  }),
  /** Clients are held back: something runs on them. Recorded again when that has changed. */
  held: v.object({
    type: v.literal('held'),
    machines: listOf(
      v.object({
        key: text,
        jobs: jobsSchema,
        /** Milliseconds since 1970 by this computer's clock. */
        until: finiteNumber,
      }),
    ),
  }),
  /** Nothing runs anymore on clients that were held back: they're sent after the others. */
  released: v.object({ type: v.literal('released'), machineKeys: keys }),
  /** Clients aren't sent: something still runs on them, and they were held back as long as the plan allows. */
  heldTooLong: v.object({ type: v.literal('heldTooLong'), machineKeys: keys }),
  /** This client goes alone before its wave, because the one that was to go first is held back. */
  canary: v.object({ type: v.literal('canary'), machineKey: text }),
  /** No further call goes out. */
  sendingStopped: v.object({
    type: v.literal('sendingStopped'),
    /**
     * `stopped`: the user chose so. `interrupted`: its window ended. `failure-limit`: too many machines failed. Else why
     * calls fail.
     */
    reason: text,
  }),
  /** The user stopped tracking. */
  watchingStopped: v.object({ type: v.literal('watchingStopped') }),
  /** The user resumed tracking. */
  watchingResumed: v.object({ type: v.literal('watchingResumed') }),
  /** Another window asks the one that tracks the operation to check now. */
  checkAsked: v.object({ type: v.literal('checkAsked') }),
  ended: v.object({ type: v.literal('ended') }),
};

/** One fact of an operation, without the time at which it was recorded. */
export type OperationFact = Facts[keyof Facts];
type Facts = { readonly [K in keyof typeof facts]: Readonly<v.InferOutput<(typeof facts)[K]>> };

export type PlanRecord = Facts['operation'];
export type ForeignRecord = Facts['tracked'];
export type IntentRecord = Facts['intent'];
export type AnswerRecord = Facts['answer'];
export type CallFailedRecord = Facts['callFailed'];
export type ResolvedRecord = Facts['resolved'];
export type TaskRecord = Facts['task'];
export type HeldRecord = Facts['held'];
export type MachinesRecord = Facts['machines'];
export type MachineFinding = Readonly<MachinesRecord['machines'][number]>;

/**
 * A fact as one JSON line: its format version and when it was recorded (milliseconds since 1970), by this computer's
 * clock and, where that was known, by the service's: verdicts compare what the service says with its own clock.
 */
export type OperationRecord = OperationFact & {
  readonly v: typeof recordVersion;
  readonly at: number;
  readonly serviceAt?: number;
};

const frame = v.object({ v: finiteNumber, type: text });
const moment = v.object({ at: finiteNumber, serviceAt: v.exactOptional(v.unknown()) });

/** Why a line was skipped. */
export type Unreadable = 'newer' | 'unknown-type' | 'malformed';

/**
 * Reads one stored line. Returns why it can't be used instead of throwing. Fields that are not known here are dropped: a
 * newer release may have added them.
 */
export function readRecord(line: unknown): OperationRecord | Unreadable {
  if (!v.is(frame, line) || line.v < recordVersion) return 'malformed';
  if (line.v > recordVersion) return 'newer';
  if (!isFactType(line.type)) return 'unknown-type';
  const fact = v.safeParse(facts[line.type], line);
  const recorded = v.safeParse(moment, line);
  if (!fact.success || !recorded.success) return 'malformed';
  const { at, serviceAt } = recorded.output;
  return { v: recordVersion, at, ...(typeof serviceAt === 'number' && { serviceAt }), ...fact.output };
}

function isFactType(type: string): type is keyof typeof facts {
  return Object.hasOwn(facts, type);
}

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
