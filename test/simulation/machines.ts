import type { Action, OperationAction } from '../../src/core/service/actions';

/** What one write did to one client. */
export interface Change {
  /** The write in the service's journal. */
  readonly write: number;
  readonly action: OperationAction;
  readonly beganMs: number;
  readonly endsMs: number;
  /** The client was where the change takes it before it began. */
  readonly wasThere: boolean;
  /** Empty when it succeeds. */
  readonly errorCode: string;
  /** False where the task ends without a word about this machine. */
  readonly isReported: boolean;
  settled: boolean;
}

/** A client as it truly is. */
export interface SimulatedClient {
  clientId: string;
  readonly instanceId: string;
  readonly zoneId: string;
  /** Another client is on its instance. */
  readonly isTwin: boolean;
  readonly backupStatus: 'PROTECTED' | 'UNPROTECTED';
  status: string;
  version: string;
  readonly latestVersion: string;
  updatedMs: number;
  /** When it went silent; undefined while its heart beats. */
  silentSinceMs: number | undefined;
  /** A setting: how many cores it may use. */
  cores: number;
  /** Everything that writes have done to it, in order. */
  readonly changes: Change[];
}

export const latestVersion = '2.13.0';

const ends: Readonly<
  Record<
    Action,
    { readonly busy: string; readonly done: string; readonly doneInTask: string; readonly failed: string }
  >
> = {
  install: { busy: 'INSTALLING', done: 'ACTIVATED', doneInTask: 'ACTIVATED', failed: 'INSTALL_FAILED' },
  upgrade: { busy: 'UPGRADING', done: 'ACTIVATED', doneInTask: 'ACTIVATED', failed: 'UPGRADE_FAILED' },
  uninstall: {
    busy: 'UNINSTALLING',
    done: 'STOPPED',
    doneInTask: 'NOT_INSTALLED',
    failed: 'UNINSTALL_FAILED',
  },
};
/** What a task says of a machine at this time. */
export function statusInTask(
  action: Action,
  { endsMs, errorCode, isReported }: Change,
  nowMs: number,
): string {
  const { busy, failed, doneInTask } = ends[action];
  if (nowMs < endsMs) return busy;
  if (errorCode === '') return doneInTask;
  return isReported ? failed : busy;
}

/** True when nothing would tell a success of this action from its failure. */
export function isThere(action: Action, { status }: SimulatedClient): boolean {
  return action === 'uninstall' && status === ends.uninstall.done;
}

export function beginChange(client: SimulatedClient, action: Action, change: Change): void {
  client.changes.push(change);
  client.status = ends[action].busy;
  client.updatedMs = change.beganMs;
}

/** Changes a setting, which the service does at once. */
export function changeCores(client: SimulatedClient, write: number, cores: number, nowMs: number): void {
  client.changes.push({
    write,
    action: 'settings',
    beganMs: nowMs,
    endsMs: nowMs,
    wasThere: client.cores === cores,
    errorCode: '',
    isReported: true,
    settled: true,
  });
  client.cores = cores;
  client.updatedMs = nowMs;
}

/** Brings a client to what it is at this time. */
export function settleClient(client: SimulatedClient, nowMs: number): void {
  for (const change of client.changes) {
    const { action } = change;
    if (action === 'settings' || change.settled || nowMs < change.endsMs) continue;
    change.settled = true;
    client.updatedMs = change.endsMs;
    const { done, failed } = ends[action];
    if (change.errorCode !== '') {
      client.status = failed;
      continue;
    }
    client.status = done;
    if (action === 'uninstall') client.silentSinceMs = change.endsMs;
    else {
      client.version = client.latestVersion;
      client.silentSinceMs = undefined;
      if (client.clientId === '') client.clientId = `c-${client.instanceId.slice(2)}-new`;
    }
  }
}

/** A row of DescribeBackupClients. */
export function rowOf(client: SimulatedClient, nowMs: number): object {
  // A heart beats once a minute, at its own second.
  const phaseMs = (client.instanceId.length * 7_919) % 60_000;
  const beatMs = Math.floor((nowMs - phaseMs) / 60_000) * 60_000 + phaseMs;
  const lastBeatMs = client.silentSinceMs === undefined ? beatMs : Math.min(beatMs, client.silentSinceMs);
  return {
    ClientId: client.clientId,
    InstanceId: client.instanceId,
    ClientType: 'ECS_CLIENT',
    Status: client.status,
    BackupStatus: client.backupStatus,
    ClientVersion: client.version,
    MaxClientVersion: client.latestVersion,
    InstanceName: `web-${client.instanceId}`,
    Hostname: `host-${client.instanceId}`,
    ZoneId: client.zoneId,
    CreatedTime: 1_760_000_000,
    UpdatedTime: Math.floor(client.updatedMs / 1000),
    LastHeartBeatTime: client.version === '' ? 0 : Math.floor(lastBeatMs / 1000),
    Settings: { MaxCpuCore: client.cores },
    Tags: [],
  };
}
