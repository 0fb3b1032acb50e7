import {
  clientStatusOf,
  type BackupClient,
  type CallerIdentity,
  type ClientSettings,
  type MachineResult,
  type Refusal,
  type Submission,
  type Tag,
  type Task,
} from '../core/service/model';
import { isRecord, present } from '../core/kernel/objects';
import { flag, integer, missing, objects, seconds, text, time, type ReplyFields } from './decodeFields';
import type { ApiReply } from './pipeline';
import { parseReplyJson } from './replyJson';

/** One page of DescribeBackupClients. */
export interface ClientPage {
  readonly clients: readonly BackupClient[];
  /** All matches, as the service counts them; absent when it sent no count. */
  readonly total: number | undefined;
  /** Rows that the service puts on a page; absent when it did not say. */
  readonly pageSize: number | undefined;
  /** UNIX seconds by the service's own clock. */
  readonly servedAt: number | undefined;
  readonly requestId: string;
}

/** Throws BackupError `unexpected-reply` when the list of clients is missing: an empty tree would be a lie. */
export function decodeClientPage(reply: ApiReply): ClientPage {
  const clients = objects(reply.body['Clients'], 'Client');
  if (clients === undefined) throw missing('Clients', reply);
  return {
    clients: clients.map(decodeClient),
    total: integer(reply.body['TotalCount']),
    pageSize: integer(reply.body['PageSize']),
    servedAt: seconds(reply.header('date')),
    requestId: reply.requestId,
  };
}

function decodeClient(from: ReplyFields): BackupClient {
  return present<BackupClient>({
    clientId: text(from['ClientId']),
    instanceId: text(from['InstanceId']),
    clientType: text(from['ClientType']) ?? '',
    status: clientStatusOf(text(from['Status']) ?? ''),
    backupStatus: text(from['BackupStatus'])?.trim().toUpperCase(),
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
    tags: decodeTags(from['Tags']),
    settings: isRecord(from['Settings']) ? decodeSettings(from['Settings']) : undefined,
  });
}

function decodeTags(from: unknown): Tag[] {
  const tags: Tag[] = [];
  for (const { Key, Value } of objects(from, 'Tag') ?? []) {
    const key = text(Key);
    if (key !== undefined) tags.push({ key, value: text(Value) ?? '' });
  }
  return tags;
}

function decodeSettings(from: ReplyFields): ClientSettings {
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

function decodeRefusal(from: ReplyFields): Refusal[] {
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
    requestId: reply.requestId,
  });
}

/** `Result` is JSON text, or its value; empty, `{}` or not readable while nothing is known. */
function decodeResult(result: unknown): MachineResult[] {
  const value = typeof result === 'string' ? parsed(result) : result;
  const machines = Array.isArray(value) ? value.filter(isRecord) : isRecord(value) ? [value] : [];
  return machines.flatMap((from) => {
    const instanceId = text(from['instanceId'] ?? from['InstanceId']);
    const clientId = text(from['clientId'] ?? from['ClientId']);
    if (instanceId === undefined && clientId === undefined) return [];
    const status = text(from['clientStatus'] ?? from['ClientStatus']);
    const clientStatus = status === undefined ? undefined : clientStatusOf(status);
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

function parsed(json: string): unknown {
  try {
    return parseReplyJson(json);
  } catch {
    return undefined;
  }
}
