import { failureCodes, type FailureCode } from '../service/errors';
import type { ClientType, MachineResult } from '../service/model';
import type { CallFailure, MachineOutcome, Plan, PlannedMachine, Strategy } from './operation';
import {
  recordVersion,
  type Decision,
  type MachineFinding,
  type OperationFact,
  type OperationRecord,
} from './operationRecord';
import { readSettings, type RecordedSettings } from './recordedSettings';
import type { Action, OperationAction } from '../service/actions';
import type { CrossAccount, Scope } from '../service/scope';

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
    const { serviceAt } = fields;
    const when = { at: numberOf(fields['at']), ...(typeof serviceAt === 'number' && { serviceAt }) };
    return fact ? { v: recordVersion, ...when, ...fact } : 'unknown-type';
  } catch (error) {
    if (error instanceof Malformed) return 'malformed';
    throw error;
  }
}

function factOf(type: string, fields: Fields): OperationFact | undefined {
  switch (type) {
    case 'operation':
      return { type, ...decisionOf(fields) };
    case 'tracked':
      return {
        type,
        id: textOf(fields['id']),
        ...asWhomOf(fields, taskActions),
        timeScale: scaleOf(fields['timeScale']),
        taskId: textOf(fields['taskId']),
        ...(fields['begunAt'] === undefined ? {} : { begunAt: numberOf(fields['begunAt']) }),
      };
    case 'intent':
      return {
        type,
        call: textOf(fields['call']),
        machineKeys: listOf(fields['machineKeys'], textOf),
        ...(fields['decision'] === undefined ? {} : { decision: decisionOf(objectOf(fields['decision'])) }),
      };
    case 'answer':
      return {
        type,
        call: textOf(fields['call']),
        ...optionalKeys(fields),
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
        ...optionalKeys(fields),
        fate: wordOf(fields['fate'], ['not-run', 'ambiguous', 'refused']),
        failure: failureOf(objectOf(fields['failure'])),
      };
    case 'resolved':
      return {
        type,
        call: textOf(fields['call']),
        finding: wordOf(fields['finding'], ['ran', 'not-run', 'unknown']),
        ...optionalText(fields, 'reason'),
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
    case 'watchingResumed':
    case 'checkAsked':
    case 'ended':
      return { type };
    default:
      return undefined;
  }
}

function decisionOf(fields: Fields): Decision {
  return {
    id: textOf(fields['id']),
    plan: planOf(objectOf(fields['plan'])),
    timeScale: scaleOf(fields['timeScale']),
  };
}

function optionalKeys(fields: Fields): { readonly machineKeys?: readonly string[] } {
  return fields['machineKeys'] === undefined ? {} : { machineKeys: listOf(fields['machineKeys'], textOf) };
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

/** Written out, since files have these by the hundred thousand. */
function machineResultOf(fields: Fields): MachineResult {
  const { instanceId, clientId, clientStatus } = fields;
  const result: { -readonly [K in keyof MachineResult]: MachineResult[K] } = {
    errorCode: textOf(fields['errorCode']),
  };
  if (typeof instanceId === 'string') result.instanceId = instanceId;
  if (typeof clientId === 'string') result.clientId = clientId;
  if (typeof clientStatus === 'string') result.clientStatus = clientStatus;
  return result;
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
  if (!isObject(value)) throw new Malformed();
  return value;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
