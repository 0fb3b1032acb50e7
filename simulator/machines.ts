import { toSeconds, type Clock } from './clock';
import { backupHooks, type BackupHooks } from './backupHooks';
import type { Region } from './region';
import { ClientRecord, type ClientRow, type ClientType, type Instance } from './rows';
import { latestVersion } from './seed';

/** The machines of one account in one region, in the hands of a test. */
export interface Machines extends BackupHooks {
  /** The rows of the list as they are now, in its order. */
  clients(type?: ClientType): readonly ClientRow[];
  /**
   * Adds a row; what is left out is taken from a plain activated client. `at` is its place, default the end. An ECS
   * client gets a running instance if there is none with its id.
   */
  insertClient(row: Partial<ClientRow> & Pick<ClientRow, 'InstanceId'>, at?: number): ClientRow;
  /** Changes the client with this client id or instance id. Throws when there is none. */
  updateClient(id: string, change: Partial<ClientRow>): void;
  /** Takes the client with this client id or instance id out of the list. Throws when there is none. */
  deleteClient(id: string): void;
  instances(): readonly Instance[];
  /** Changes an ECS instance. Throws when there is none with this id. */
  updateInstance(instanceId: string, change: Partial<Omit<Instance, 'instanceId'>>): void;
  deleteInstance(instanceId: string): void;
}

/** `settle` is called before anything is looked at, so that tasks have done their work. */
export function machinesIn(region: Region, clock: Clock, settle: () => void): Machines {
  const recordOf = (id: string): ClientRecord => {
    settle();
    const found = region.clientById(id) ?? region.clientOnInstance(id);
    if (found === undefined) throw new Error(`There is no client ${id}.`);
    return found;
  };
  return {
    clients: (type = 'ECS_CLIENT') => {
      settle();
      return region.clients(type).map((record) => record.rowAt(toSeconds(clock.nowMs())));
    },
    insertClient: (row, at) => {
      const nowS = toSeconds(clock.nowMs());
      const complete = { ...plainClient(region.newClientId(), nowS), ...row };
      const beats = complete.Status === 'ACTIVATED' && row.LastHeartBeatTime === undefined;
      region.insert(new ClientRecord(complete, beats ? nowS : undefined), at);
      if (complete.ClientType === 'ECS_CLIENT' && region.instance(complete.InstanceId) === undefined) {
        region.putInstance(plainInstance(complete, clock.nowMs()));
      }
      return complete;
    },
    updateClient: (id, change) => recordOf(id).change(change, toSeconds(clock.nowMs())),
    deleteClient: (id) => region.remove(recordOf(id)),
    instances: () => [...region.instances()],
    updateInstance: (instanceId, change) => {
      const instance = region.instance(instanceId);
      if (instance === undefined) throw new Error(`There is no instance ${instanceId}.`);
      region.putInstance({ ...instance, ...change });
    },
    deleteInstance: (instanceId) => region.removeInstance(instanceId),
    ...backupHooks(region, clock),
  };
}

function plainClient(clientId: string, nowS: number): Omit<ClientRow, 'InstanceId'> {
  return {
    ClientId: clientId,
    ClientType: 'ECS_CLIENT',
    Status: 'ACTIVATED',
    BackupStatus: 'UNPROTECTED',
    ClientVersion: latestVersion,
    MaxClientVersion: latestVersion,
    Hostname: 'inserted',
    Appliance: false,
    CreatedTime: nowS,
    UpdatedTime: nowS,
    LastHeartBeatTime: nowS,
  };
}

function plainInstance(row: ClientRow, nowMs: number): Instance {
  return {
    instanceId: row.InstanceId,
    instanceName: row.InstanceName ?? '',
    hostName: row.Hostname,
    status: 'Running',
    zoneId: row.ZoneId ?? '',
    osType: row.OsType === 'windows' ? 'windows' : 'linux',
    archType: row.ArchType ?? 'amd64',
    privateIp: row.PrivateIpV4 ?? '',
    vpcId: '',
    tags: row.Tags ?? [],
    createdMs: nowMs,
    assistantRunning: true,
  };
}
