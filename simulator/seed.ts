import { toSeconds } from './clock';
import { hostileNames, Names, type MachineName } from './names';
import type { Tag } from './parameters';
import type { Random } from './random';
import type { Region } from './region';
import { zonesOf } from './regions';
import {
  ClientRecord,
  clientStatuses,
  type ClientRow,
  type ClientSettings,
  type ClientStatus,
  type Instance,
} from './rows';

/** What a seeded region holds. */
export interface SeedOptions {
  /** Number of ECS clients; the other kinds come on top. */
  readonly clients: number;
  readonly zones: number;
  /** A few of the instances have one of `hostileNames`. */
  readonly hostileNames: boolean;
  readonly nowMs: number;
}

/** The newest version of each kind of client, which an upgrade leads to. */
export const latestVersion = '2.13.2';

/** In the Settings of one client the password is not masked, to prove that no reader shows it. */
const unmaskedPassword = 'proxy-secret-in-settings';

const olderVersions = ['2.4.1', '2.4.5', '2.9.3', '2.10.0', '2.12.7'];
const dayS = 86_400;
const busyStatuses: readonly ClientStatus[] = ['INSTALLING', 'UPGRADING', 'UNINSTALLING'];
const silentStatuses: readonly ClientStatus[] = ['DEACTIVATED', 'STOPPED', 'UNKNOWN', 'UNINSTALL_FAILED'];

/** Fills an empty region; the same seed, account and region id give the same machines. */
export function seedRegion(region: Region, options: SeedOptions): void {
  new Seeder(region, options).fill();
}

class Seeder {
  readonly #region: Region;
  readonly #random: Random;
  readonly #names: Names;
  readonly #options: SeedOptions;
  readonly #zones: readonly string[];
  readonly #nowS: number;
  readonly #vpcIds: readonly string[];
  #address = 10;

  constructor(region: Region, options: SeedOptions) {
    this.#region = region;
    this.#random = region.random;
    this.#names = new Names(region.random);
    this.#options = options;
    this.#zones = zonesOf(region.regionId, options.zones);
    this.#nowS = toSeconds(options.nowMs);
    const own = region.random.characters(20);
    this.#vpcIds = [`vpc-${own}`, `vpc-${own.slice(10)}${own.slice(0, 10)}`];
  }

  fill(): void {
    const { clients } = this.#options;
    const hostile = this.#options.hostileNames ? [...hostileNames] : [];
    let outdated = 0;
    this.#statuses(clients).forEach((status, index) => {
      // Every seventh or so is behind, counted so that small worlds have some too.
      const behind =
        status === 'UPGRADING' ||
        status === 'UPGRADE_FAILED' ||
        (status === 'ACTIVATED' && outdated < Math.ceil((index + 1) * 0.15));
      if (behind) outdated += 1;
      const name = status === 'ACTIVATED' && clients >= 20 && index % 3 === 1 ? hostile.shift() : undefined;
      this.#ecsClient(status, behind, name);
    });
    this.#plantPassword();
    const idle = clients === 0 ? 6 : Math.max(6, Math.ceil(clients / 10));
    for (let index = 0; index < idle; index++) this.#idleInstance(index);
    for (let index = 0; index < Math.ceil(clients * 0.06); index++) this.#localClient();
    for (let index = 0; index < Math.ceil(clients * 0.04); index++) this.#containerClient();
  }

  /** Each status once as far as the number reaches, most of them ACTIVATED, in a mixed order. */
  #statuses(count: number): ClientStatus[] {
    const statuses: ClientStatus[] = [...clientStatuses]
      .sort((one, other) => Number(other === 'ACTIVATED') - Number(one === 'ACTIVATED'))
      .slice(0, count);
    const rare = clientStatuses.filter((status) => status !== 'ACTIVATED' && !busyStatuses.includes(status));
    while (statuses.length < count) {
      statuses.push(this.#random.chance(0.12) ? this.#random.pick(rare) : 'ACTIVATED');
    }
    return this.#random.shuffled(statuses);
  }

  #ecsClient(status: ClientStatus, behind: boolean, hostileName: string | undefined): void {
    const instance = this.#instance(this.#names.next(), hostileName);
    const absent = status === 'NOT_INSTALLED' || status === 'INSTALLING';
    const silent = silentStatuses.includes(status);
    const stale = status === 'ACTIVATED' && this.#random.chance(0.03);
    const age = this.#random.integer(1, 600) * dayS;
    const protectedNow = !absent && status !== 'INSTALL_FAILED' && this.#random.chance(0.8);
    const heartbeat =
      silent || stale ? this.#nowS - this.#random.integer(2 * 3600, 20 * dayS) : this.#nowS - 30;
    const never = absent || status === 'INSTALL_FAILED';
    const version = behind ? this.#random.pick(olderVersions) : latestVersion;
    const row: ClientRow = {
      ClientId: status === 'NOT_INSTALLED' ? '' : this.#region.newClientId(),
      ClientType: 'ECS_CLIENT',
      Status: status,
      BackupStatus: protectedNow ? 'PROTECTED' : 'UNPROTECTED',
      ClientVersion: never ? '' : version,
      MaxClientVersion: latestVersion,
      InstanceId: instance.instanceId,
      Hostname: absent ? '' : instance.hostName,
      InstanceName: instance.instanceName,
      PrivateIpV4: instance.privateIp,
      ...(instance.zoneId === '' ? {} : { ZoneId: instance.zoneId }),
      OsType: instance.osType,
      ArchType: instance.archType,
      Appliance: false,
      CreatedTime: this.#nowS - age,
      UpdatedTime: this.#nowS - Math.min(age, this.#random.integer(60, 30 * dayS)),
      LastHeartBeatTime: never ? 0 : heartbeat,
      ...(instance.tags.length === 0 ? {} : { Tags: instance.tags }),
      Settings: this.#settings(version),
    };
    const beats = status === 'ACTIVATED' && !stale;
    const phase = this.#random.integer(0, 59);
    this.#region.insert(new ClientRecord(row, beats ? this.#nowS - phase : undefined));
    const released = status === 'UNKNOWN' && this.#random.chance(0.4);
    const stopped = status === 'UNKNOWN' || status === 'STOPPED' ? this.#random.chance(0.5) : false;
    if (!released) {
      const assistantRunning = !stopped && (busyStatuses.includes(status) || this.#random.chance(0.97));
      this.#region.putInstance({ ...instance, status: stopped ? 'Stopped' : 'Running', assistantRunning });
    }
  }

  #instance(name: MachineName, hostileName?: string): Instance {
    const windows = this.#random.chance(0.2);
    const tags: Tag[] = [];
    if (this.#random.chance(0.9)) {
      tags.push({ Key: 'env', Value: name.environment }, { Key: 'team', Value: name.team });
    }
    if (this.#random.chance(0.1)) tags.push({ Key: '环境', Value: '生产 & 测试' });
    const address = this.#address++;
    return {
      instanceId: this.#region.newInstanceId(),
      instanceName: hostileName ?? name.instanceName,
      hostName: name.hostname,
      status: 'Running',
      // A few old machines of the classic network are in no zone that the service tells.
      zoneId: this.#random.chance(0.02) ? '' : this.#random.pick(this.#zones),
      osType: windows ? 'windows' : 'linux',
      archType: this.#random.chance(0.95) ? 'amd64' : '386',
      privateIp: `10.${(address >> 16) & 255}.${(address >> 8) & 255}.${address & 255}`,
      vpcId: this.#vpcIds[address % 3 === 0 ? 1 : 0] ?? '',
      tags,
      createdMs: this.#options.nowMs - this.#random.integer(1, 900) * dayS * 1000,
      assistantRunning: true,
    };
  }

  /** An ECS instance that never had a client: every third of them cannot take one as it is. */
  #idleInstance(index: number): void {
    const instance = this.#instance(this.#names.next());
    this.#region.putInstance({
      ...instance,
      status: index % 6 === 2 ? 'Stopped' : 'Running',
      assistantRunning: index % 6 !== 2 && index % 6 !== 5,
    });
  }

  #settings(version: string): ClientSettings {
    const proxied = this.#random.chance(0.1);
    const recent = version === latestVersion;
    return {
      MaxCpuCore: this.#random.chance(0.2) ? '2' : '0',
      MaxWorker: this.#random.chance(0.2) ? '4' : '0',
      UseHttps: String(this.#random.chance(0.5)),
      DataNetworkType: this.#random.chance(0.9) ? 'VPC' : 'PUBLIC',
      DataProxySetting: proxied ? 'CUSTOM' : this.#random.chance(0.5) ? 'USE_CONTROL_PROXY' : '',
      ProxyHost: proxied ? '10.0.0.250' : '',
      ProxyPort: proxied ? 3128 : 0,
      ProxyUser: proxied ? 'backup' : '',
      ProxyPassword: proxied ? '******' : '',
      ...(recent ? { MaxMemory: 0, AlertOnPartialComplete: false } : {}),
    };
  }

  #plantPassword(): void {
    const record = this.#region.clients('ECS_CLIENT').find(({ status }) => status === 'ACTIVATED');
    if (record?.row.Settings === undefined) return;
    const { UpdatedTime } = record.row;
    const Settings = { ...record.row.Settings, ProxyPassword: unmaskedPassword };
    record.change({ Settings, UpdatedTime }, this.#nowS);
  }

  #localClient(): void {
    this.#otherClient({
      ClientType: 'LOCAL_CLIENT',
      InstanceId: this.#random.characters(32, '0123456789abcdef'),
    });
  }

  #containerClient(): void {
    const ClusterId = `cl-000${this.#options.clients % 2}${'k8s'.repeat(5)}x`;
    this.#otherClient({
      ClientType: 'CONTAINER_CLIENT',
      InstanceId: this.#region.newInstanceId(),
      ClusterId,
    });
  }

  /** Clients outside ECS have no name, address, zone or system in the service's records. */
  #otherClient(kind: Pick<ClientRow, 'ClientType' | 'InstanceId'> & Partial<ClientRow>): void {
    const { hostname } = this.#names.next();
    const activated = this.#random.chance(0.8);
    const age = this.#random.integer(1, 600) * dayS;
    const behind = this.#random.chance(0.2);
    const row: ClientRow = {
      ClientId: this.#region.newClientId(),
      Status: activated ? 'ACTIVATED' : 'UNKNOWN',
      BackupStatus: this.#random.chance(0.7) ? 'PROTECTED' : 'UNPROTECTED',
      ClientVersion: behind ? this.#random.pick(olderVersions) : latestVersion,
      MaxClientVersion: latestVersion,
      Hostname: hostname,
      Appliance: false,
      CreatedTime: this.#nowS - age,
      UpdatedTime: this.#nowS - Math.min(age, dayS),
      LastHeartBeatTime: this.#nowS - this.#random.integer(3600, 9 * dayS),
      Settings: this.#settings(latestVersion),
      ...kind,
    };
    const phase = this.#random.integer(0, 59);
    this.#region.insert(new ClientRecord(row, activated ? this.#nowS - phase : undefined));
  }
}
