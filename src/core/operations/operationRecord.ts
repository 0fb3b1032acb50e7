import { failureCodes, type CallFate, type FailureCode } from '../errors';
import type { ClientType, MachineResult, Refusal } from '../model';
import type { CallFailure, CallFinding, MachineOutcome, Plan, PlannedMachine, Strategy } from './operation';
import { readSettings, type RecordedSettings } from '../clients/recordedSettings';
import type { Action, OperationAction } from '../schedules';
import type { CrossAccount, Scope } from '../scope';

/** Version of the record format. A record with a higher one was written by a newer release. */
export const recordVersion = 1;

/** The decision itself: the first record of every file. */
export interface PlanRecord {
  readonly type: 'operation';
  readonly id: string;
  readonly plan: Plan;
  readonly timeScale: number;
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
  /** Milliseconds since 1970: when the service began the task, as far as it says so. */
  readonly begunAt: number;
}

/** A call is about to go out. It is on the disk before the first byte is sent. */
export interface IntentRecord {
  readonly type: 'intent';
  readonly call: string;
  readonly machineKeys: readonly string[];
}

/** The service took the call. Without a task id it either refused every machine or forgot to name the task. */
export interface AnswerRecord {
  readonly type: 'answer';
  readonly call: string;
  readonly requestId: string;
  readonly taskId?: string;
  readonly refusals: readonly Refusal[];
}

export interface CallFailedRecord {
  readonly type: 'callFailed';
  readonly call: string;
  readonly fate: CallFate;
  readonly failure: CallFailure;
}

/** What reading the clients told about a call whose answer is not known. */
export interface ResolvedRecord {
  readonly type: 'resolved';
  readonly call: string;
  readonly finding: CallFinding;
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

/** `watchingStopped`: the user chose so. `checkAsked`: another window asks the following one to look now. */
export interface PlainRecord {
  readonly type: 'watchingStopped' | 'checkAsked' | 'ended';
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

/** A fact as one JSON line: its format version and when it was recorded (milliseconds since 1970). */
export type OperationRecord = OperationFact & { readonly v: typeof recordVersion; readonly at: number };

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

/** Why a line was passed over. */
export type Unreadable = 'newer' | 'unknown-type' | 'malformed';

/** Reads one stored line. Answers why it cannot be used instead of throwing. */
export function readRecord(value: unknown): OperationRecord | Unreadable {
  try {
    const fields = objectOf(value);
    const v = numberOf(fields['v']);
    if (v > recordVersion) return 'newer';
    if (v !== recordVersion) return 'malformed';
    const fact = factOf(textOf(fields['type']), fields);
    return fact ? { v: recordVersion, at: numberOf(fields['at']), ...fact } : 'unknown-type';
  } catch (error) {
    if (error instanceof Malformed) return 'malformed';
    throw error;
  }
}

function factOf(type: string, fields: Fields): OperationFact | undefined {
  switch (type) {
    case 'operation':
      return {
        type,
        id: textOf(fields['id']),
        plan: planOf(objectOf(fields['plan'])),
        timeScale: scaleOf(fields['timeScale']),
      };
    case 'tracked':
      return {
        type,
        id: textOf(fields['id']),
        ...asWhomOf(fields, taskActions),
        timeScale: scaleOf(fields['timeScale']),
        taskId: textOf(fields['taskId']),
        begunAt: numberOf(fields['begunAt']),
      };
    case 'intent':
      return { type, call: textOf(fields['call']), machineKeys: listOf(fields['machineKeys'], textOf) };
    case 'answer':
      return {
        type,
        call: textOf(fields['call']),
        requestId: textOf(fields['requestId']),
        ...optionalText(fields, 'taskId'),
        refusals: listOf(fields['refusals'], (one) => {
          const refusal = objectOf(one);
          return { instanceId: textOf(refusal['instanceId']), errorCode: textOf(refusal['errorCode']) };
        }),
      };
    case 'callFailed':
      return {
        type,
        call: textOf(fields['call']),
        fate: wordOf(fields['fate'], ['not-run', 'ambiguous', 'refused']),
        failure: failureOf(objectOf(fields['failure'])),
      };
    case 'resolved':
      return {
        type,
        call: textOf(fields['call']),
        finding: wordOf(fields['finding'], ['ran', 'not-run', 'unknown']),
      };
    case 'task':
      return {
        type,
        call: textOf(fields['call']),
        state: textOf(fields['state']),
        progress: numberOf(fields['progress']),
        machines: listOf(fields['machines'], (one) => machineResultOf(objectOf(one))),
        requestId: textOf(fields['requestId']),
      };
    case 'machines':
      return { type, machines: listOf(fields['machines'], (one) => findingOf(objectOf(one))) };
    case 'sendingStopped':
      return { type, reason: textOf(fields['reason']) };
    case 'watchingStopped':
    case 'checkAsked':
    case 'ended':
      return { type };
    default:
      return undefined;
  }
}

const taskActions = ['install', 'upgrade', 'uninstall'] as const satisfies readonly Action[];

function planOf(fields: Fields): Plan {
  const { strategy, maxFailures } = fields;
  const asWhom = asWhomOf<OperationAction>(fields, [...taskActions, 'settings']);
  return {
    ...asWhom,
    ...(asWhom.action === 'settings' && { settings: settingsOf(objectOf(fields['settings'])) }),
    machines: listOf(fields['machines'], (one) => plannedMachineOf(objectOf(one), asWhom.action)),
    ...(strategy === undefined ? {} : { strategy: strategyOf(objectOf(strategy)) }),
    ...(maxFailures === undefined ? {} : { maxFailures: numberOf(maxFailures) }),
    ...optionalText(fields, 'retryOf'),
  };
}

/** What is done, where and as whom. */
function asWhomOf<A extends OperationAction>(
  fields: Fields,
  actions: readonly A[],
): Pick<Plan, 'scope' | 'profileName' | 'demo'> & { readonly action: A } {
  return {
    action: wordOf(fields['action'], actions),
    scope: scopeOf(objectOf(fields['scope'])),
    profileName: textOf(fields['profileName']),
    demo: fields['demo'] === true,
  };
}

function settingsOf({ values, proxyPasswordChanged }: Fields): RecordedSettings {
  return {
    values: readSettings(objectOf(values)),
    ...(proxyPasswordChanged === true && { proxyPasswordChanged }),
  };
}

function strategyOf(fields: Fields): Strategy {
  const kind = wordOf(fields['kind'], ['all', 'canary', 'zones', 'batches']);
  return kind === 'batches' ? { kind, size: numberOf(fields['size']) } : { kind };
}

function scopeOf(fields: Fields): Scope {
  const scope = {
    profileId: textOf(fields['profileId']),
    accountId: textOf(fields['accountId']),
    regionId: textOf(fields['regionId']),
    clientType: wordOf<ClientType>(fields['clientType'], ['ECS_CLIENT', 'CONTAINER_CLIENT', 'LOCAL_CLIENT']),
  };
  if (fields['crossAccount'] === undefined) return scope;
  const cross = objectOf(fields['crossAccount']);
  return {
    ...scope,
    crossAccount: {
      type: wordOf<CrossAccount['type']>(cross['type'], ['CROSS_ACCOUNT', 'CROSS_ACCOUNT_BY_RD']),
      userId: textOf(cross['userId']),
      ...optionalText(cross, 'roleName'),
      ...optionalText(cross, 'alias'),
    },
  };
}

function plannedMachineOf(fields: Fields, action: OperationAction): PlannedMachine {
  const { namedBy } = fields;
  return {
    key: textOf(fields['key']),
    name: textOf(fields['name']),
    // Older releases did not record it, and what they left unsent is never sent: the id to look for is all that counts.
    namedBy:
      namedBy === undefined
        ? action === 'install'
          ? 'instance'
          : 'client'
        : wordOf(namedBy, ['instance', 'client']),
    ...optionalText(fields, 'instanceId'),
    ...optionalText(fields, 'clientId'),
    ...optionalText(fields, 'zoneId'),
    ...optionalText(fields, 'fromStatus'),
    ...optionalText(fields, 'fromVersion'),
    ...optionalText(fields, 'targetVersion'),
    ...(fields['fromSettings'] !== undefined && {
      fromSettings: readSettings(objectOf(fields['fromSettings'])),
    }),
  };
}

function failureOf(fields: Fields): CallFailure {
  return {
    // A newer release may know more codes; a record must not be lost for that.
    code: failureCodes.find((code) => code === fields['code']) ?? ('internal' satisfies FailureCode),
    message: textOf(fields['message']),
    ambiguous: fields['ambiguous'] === true,
    ...optionalText(fields, 'serviceCode'),
    ...optionalText(fields, 'requestId'),
  };
}

function machineResultOf(fields: Fields): MachineResult {
  return {
    errorCode: textOf(fields['errorCode']),
    ...optionalText(fields, 'instanceId'),
    ...optionalText(fields, 'clientId'),
    ...optionalText(fields, 'clientStatus'),
  };
}

const outcomes = [
  'waiting',
  'running',
  'refused',
  'failed',
  'confirming',
  'done',
  'unconfirmed',
  'not-sent',
  'unknown',
  'unwatched',
] as const satisfies readonly MachineOutcome[];

function findingOf(fields: Fields): MachineFinding {
  return {
    key: textOf(fields['key']),
    outcome: wordOf<MachineOutcome>(fields['outcome'], outcomes),
    ...optionalText(fields, 'reason'),
    ...optionalText(fields, 'clientStatus'),
    ...optionalText(fields, 'clientVersion'),
    ...(typeof fields['lastHeartBeatTime'] === 'number' && {
      lastHeartBeatTime: fields['lastHeartBeatTime'],
    }),
    ...optionalText(fields, 'name'),
  };
}

class Malformed extends Error {}

type Fields = Readonly<Record<string, unknown>>;

function objectOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed();
  return { ...value };
}

function listOf<T>(value: unknown, read: (one: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) throw new Malformed();
  return value.map((one: unknown) => read(one));
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Malformed();
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Malformed();
  return value;
}

function scaleOf(value: unknown): number {
  const scale = numberOf(value);
  if (scale <= 0) throw new Malformed();
  return scale;
}

function wordOf<T extends string>(value: unknown, words: readonly T[]): T {
  const word = words.find((one) => one === value);
  if (word === undefined) throw new Malformed();
  return word;
}

// The one cast here: TypeScript widens a computed key of a generic type to `string`.
function optionalText<K extends string>(fields: Fields, key: K): Partial<Readonly<Record<K, string>>> {
  const value = fields[key];
  return typeof value === 'string' ? ({ [key]: value } as Record<K, string>) : {};
}
