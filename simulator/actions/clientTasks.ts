import { toSeconds } from '../clock';
import { refusal, type ErrorCode } from '../errors';
import type { Region } from '../region';
import { ClientRecord, type Instance } from '../rows';
import { latestVersion } from '../seed';
import type { TaskKind, TaskTarget } from '../tasks';
import type { World } from '../world';
import { hbrAnswer, machinesOf, type Call } from './call';

/** A machine named by a call: by its instance id, its client id or both. */
interface Named {
  readonly instanceId: string;
  readonly record: ClientRecord | undefined;
}

/** InstallBackupClients: 1 to 20 instance ids. */
export function installBackupClients(call: Call): string {
  const ids = call.parameters.jsonList('InstanceIds');
  if (ids.length === 0) throw refusal('MissingParameter', 'InstanceIds is required.');
  return submit(call, 'install', ids, [], 20);
}

/** UpgradeBackupClients: 1 to 100 ids, instance and client ids together. */
export function upgradeBackupClients(call: Call): string {
  return submit(
    call,
    'upgrade',
    call.parameters.jsonList('InstanceIds'),
    call.parameters.jsonList('ClientIds'),
    100,
  );
}

/** UninstallBackupClients: 1 to 20 ids, instance and client ids together. */
export function uninstallBackupClients(call: Call): string {
  return submit(
    call,
    'uninstall',
    call.parameters.jsonList('InstanceIds'),
    call.parameters.jsonList('ClientIds'),
    20,
  );
}

function submit(
  call: Call,
  kind: TaskKind,
  instanceIds: readonly string[],
  clientIds: readonly string[],
  limit: number,
): string {
  const count = instanceIds.length + clientIds.length;
  if (count < 1 || count > limit) throw refusal('BadRequest', `1 to ${limit} ids are allowed, not ${count}.`);
  const region = machinesOf(call);
  const verdicts = named(region, instanceIds, clientIds).map((machine) => ({
    ...machine,
    errorCode: judge(kind, machine, region, call.world),
  }));
  const [only] = verdicts;
  // With one machine there is no list of refusals: the call itself fails.
  if (verdicts.length === 1 && only !== undefined && only.errorCode !== '') throw refusal(only.errorCode);
  const targets = verdicts
    .filter(({ errorCode }) => errorCode === '')
    .map((machine) => targetOf(kind, machine, region, call.nowMs));
  const nowS = toSeconds(call.nowMs);
  for (const { record } of targets) {
    if (kind === 'install') region.backups.installed(record.instanceId);
    if (kind !== 'uninstall') continue;
    const status = call.fault === 'clientDeleted' ? 'CLIENT_DELETED' : 'FAILED';
    region.backups.uninstalled(record.instanceId, nowS, status);
  }
  const order = { accountId: call.caller.identity.accountId, nowMs: call.nowMs, fate: call.fate };
  return hbrAnswer(call, {
    TaskId: targets.length === 0 ? '' : call.world.tasks.start(kind, targets, order),
    InstanceStatuses: verdicts.map(({ instanceId, errorCode }) => ({
      InstanceId: instanceId,
      ValidInstance: errorCode === '',
      ErrorCode: errorCode,
    })),
  });
}

/** The machines meant, each once, also when it is named by both its ids. */
function named(region: Region, instanceIds: readonly string[], clientIds: readonly string[]): Named[] {
  const machines = new Map<ClientRecord | string, Named>();
  for (const id of clientIds) {
    const record = region.clientById(id);
    machines.set(record ?? id, { instanceId: record?.instanceId ?? id, record });
  }
  for (const instanceId of instanceIds) {
    const already = [...machines.values()].some((machine) => machine.instanceId === instanceId);
    if (!already) machines.set(instanceId, { instanceId, record: region.clientOnInstance(instanceId) });
  }
  return [...machines.values()];
}

function judge(kind: TaskKind, { instanceId, record }: Named, region: Region, world: World): ErrorCode | '' {
  const instance = region.instance(instanceId);
  if (instance === undefined) return 'InstanceNotExists';
  if (instance.status !== 'Running') return 'InstanceNotRunning';
  if (!instance.assistantRunning) return 'CloudAssistNotRunningOnInstance';
  if (record !== undefined && isBusy(record, world)) return 'ClientIsBusy';
  if (kind === 'install') return isInstalled(record) ? 'ClientAlreadyInstalled' : '';
  if (record === undefined || record.status === 'NOT_INSTALLED') return 'ClientNotInstalled';
  if (kind === 'uninstall') return '';
  if (record.status === 'INSTALL_FAILED') return 'ClientNotInstalled';
  return record.row.ClientVersion === record.row.MaxClientVersion ? 'ClientVersionIsLatest' : '';
}

function isBusy(record: ClientRecord, world: World): boolean {
  return /^(INSTALLING|UPGRADING|UNINSTALLING)$/.test(record.status) || world.tasks.isBusy(record);
}

function isInstalled(record: ClientRecord | undefined): boolean {
  return record?.status === 'ACTIVATED' || record?.status === 'REGISTERED';
}

function targetOf(kind: TaskKind, machine: Named, region: Region, nowMs: number): TaskTarget {
  const instance = region.instance(machine.instanceId);
  if (machine.record !== undefined && kind !== 'install') {
    const { MaxClientVersion } = machine.record.row;
    return { record: machine.record, success: kind === 'upgrade' ? { ClientVersion: MaxClientVersion } : {} };
  }
  if (instance === undefined) throw refusal('InstanceNotExists');
  const record = machine.record ?? newRecord(instance, region, nowMs);
  return {
    record,
    success: {
      ClientId: record.clientId === '' ? region.newClientId() : record.clientId,
      ClientVersion: latestVersion,
      MaxClientVersion: latestVersion,
      Hostname: instance.hostName,
    },
  };
}

/** An instance gets its record with the first install; the client id is known only when that is done. */
function newRecord(instance: Instance, region: Region, nowMs: number): ClientRecord {
  const nowS = toSeconds(nowMs);
  const record = new ClientRecord({
    ClientId: '',
    ClientType: 'ECS_CLIENT',
    Status: 'NOT_INSTALLED',
    BackupStatus: 'UNPROTECTED',
    ClientVersion: '',
    MaxClientVersion: latestVersion,
    InstanceId: instance.instanceId,
    Hostname: '',
    InstanceName: instance.instanceName,
    PrivateIpV4: instance.privateIp,
    ...(instance.zoneId === '' ? {} : { ZoneId: instance.zoneId }),
    OsType: instance.osType,
    ArchType: instance.archType,
    Appliance: false,
    CreatedTime: nowS,
    UpdatedTime: nowS,
    LastHeartBeatTime: 0,
    Tags: instance.tags,
  });
  region.insert(record);
  return record;
}
