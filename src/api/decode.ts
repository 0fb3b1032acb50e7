import { BackupError } from '../core/errors';
import type {
  BackupClient,
  CallerIdentity,
  ClientSettings,
  MachineResult,
  Refusal,
  Submission,
  Tag,
  Task,
} from '../core/model';
import type { ApiReply } from './pipeline';

/** One page of DescribeBackupClients. */
export interface ClientPage {
  readonly clients: readonly BackupClient[];
  /** All matches, as the service counts them; absent when it sent no count. */
  readonly total: number | undefined;
  /** UNIX seconds by the service's own clock. */
  readonly servedAt: number | undefined;
  readonly requestId: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Throws BackupError `unexpected-reply` when the list of clients is missing: an empty tree would be a lie. */
export function decodeClientPage(reply: ApiReply): ClientPage {
  const clients = objects(reply.body['Clients'], 'Client');
  if (clients === undefined) throw missing('Clients', reply);
  return {
    clients: clients.map(decodeClient),
    total: integer(reply.body['TotalCount']),
    servedAt: seconds(reply.header('date')),
    requestId: reply.requestId,
  };
}

function decodeClient(from: Fields): BackupClient {
  return present<BackupClient>({
    clientId: text(from['ClientId']),
    instanceId: text(from['InstanceId']),
    clientType: text(from['ClientType']) ?? '',
    status: text(from['Status']) ?? '',
    backupStatus: text(from['BackupStatus']),
    clientVersion: text(from['ClientVersion']),
    maxClientVersion: text(from['MaxClientVersion']),
    hostname: text(from['Hostname']),
    instanceName: text(from['InstanceName']),
    privateIpV4: text(from['PrivateIpV4']),
    zoneId: text(from['ZoneId']),
    clusterId: text(from['ClusterId']),
    osType: text(from['OsType']),
    archType: text(from['ArchType']),
    appliance: flag(from['Appliance']),
    createdTime: time(from['CreatedTime']),
    updatedTime: time(from['UpdatedTime']),
    lastHeartBeatTime: time(from['LastHeartBeatTime']),
    tags: (objects(from['Tags'], 'Tag') ?? []).flatMap(decodeTag),
    settings: isFields(from['Settings']) ? decodeSettings(from['Settings']) : undefined,
  });
}

function decodeTag(from: Fields): Tag[] {
  const key = text(from['Key']);
  return key === undefined ? [] : [{ key, value: text(from['Value']) ?? '' }];
}

function decodeSettings(from: Fields): ClientSettings {
  return present<ClientSettings>({
    useHttps: flag(from['UseHttps']),
    dataNetworkType: text(from['DataNetworkType']),
    dataProxySetting: text(from['DataProxySetting']),
    proxyHost: text(from['ProxyHost']),
    proxyPort: integer(from['ProxyPort']),
    proxyUser: text(from['ProxyUser']),
    maxCpuCore: integer(from['MaxCpuCore']),
    maxWorker: integer(from['MaxWorker']),
    maxMemory: integer(from['MaxMemory']),
    alertOnPartialComplete: flag(from['AlertOnPartialComplete']),
  });
}

/** The answer to install and upgrade: a task, and the machines that it leaves out. */
export function decodeSubmission(reply: ApiReply): Submission {
  const statuses = objects(reply.body['InstanceStatuses'], 'InstanceStatus') ?? [];
  return present<Submission>({
    taskId: text(reply.body['TaskId']),
    requestId: reply.requestId,
    refusals: statuses.flatMap(decodeRefusal),
  });
}

function decodeRefusal(from: Fields): Refusal[] {
  const errorCode = text(from['ErrorCode']) ?? '';
  if (errorCode === '' && flag(from['ValidInstance']) !== false) return [];
  return [{ instanceId: text(from['InstanceId']) ?? '', errorCode }];
}

/** Throws BackupError `unexpected-reply` when the task has no state. */
export function decodeTask(reply: ApiReply, taskId: string): Task {
  const { body } = reply;
  const state = text(body['Description']);
  if (state === undefined) throw missing('Description', reply);
  return present<Task>({
    taskId,
    name: text(body['Name']),
    state,
    progress: integer(body['Progress']) ?? 0,
    machines: decodeResult(body['Result']),
    createdTime: time(body['CreatedTime']),
    updatedTime: time(body['UpdatedTime']),
    completedTime: time(body['CompletedTime']),
    requestId: reply.requestId,
  });
}

/** `Result` is JSON text, or its value; empty, `{}` or not readable while nothing is known. */
function decodeResult(result: unknown): MachineResult[] {
  const value = typeof result === 'string' ? parsed(result) : result;
  const machines = Array.isArray(value) ? value.filter(isFields) : isFields(value) ? [value] : [];
  return machines.flatMap((from) => {
    const instanceId = text(from['instanceId'] ?? from['InstanceId']);
    const clientId = text(from['clientId'] ?? from['ClientId']);
    if (instanceId === undefined && clientId === undefined) return [];
    const clientStatus = text(from['clientStatus'] ?? from['ClientStatus']);
    const errorCode = text(from['errorCode'] ?? from['ErrorCode']) ?? '';
    return [present<MachineResult>({ instanceId, clientId, clientStatus, errorCode })];
  });
}

/** Throws BackupError `unexpected-reply` when the account is missing. */
export function decodeCallerIdentity(reply: ApiReply): CallerIdentity {
  const accountId = text(reply.body['AccountId']);
  if (accountId === undefined) throw missing('AccountId', reply);
  return {
    accountId,
    identityType: text(reply.body['IdentityType']) ?? '',
    arn: text(reply.body['Arn']) ?? '',
    requestId: reply.requestId,
  };
}

function missing(field: string, reply: ApiReply): BackupError {
  return new BackupError(
    'unexpected-reply',
    `field missing in the reply: ${field}, request: ${reply.requestId}`,
    {
      requestId: reply.requestId,
      httpStatus: reply.status,
      // The service said that it did what was asked; only its account of it cannot be read.
      fate: 'ambiguous',
    },
  );
}

/** Text, or a number or boolean as text; empty counts as absent. */
function text(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number, also as text. */
function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** UNIX seconds; the service says 0 for what it does not know. */
function time(value: unknown): number | undefined {
  const unixSeconds = integer(value);
  return unixSeconds !== undefined && unixSeconds > 0 ? unixSeconds : undefined;
}

/** UNIX seconds of a date header. */
function seconds(date: string | undefined): number | undefined {
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}

/** A boolean, also as text. */
function flag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

/** A list of objects: plain, or wrapped in an object with one member, as some documented samples show it. */
function objects(value: unknown, wrapper: string): Fields[] | undefined {
  const list = isFields(value) ? value[wrapper] : value;
  return Array.isArray(list) ? list.filter(isFields) : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The object without its undefined members: what the service left out is absent. */
function present<T extends object>(object: { readonly [K in keyof T]: T[K] | undefined }): T;
function present(object: Fields): object {
  const result: Record<string, unknown> = {};
  for (const name in object) {
    if (object[name] !== undefined) result[name] = object[name];
  }
  return result;
}
