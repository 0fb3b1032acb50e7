import type { Tag } from './parameters';

export const clientTypes = ['ECS_CLIENT', 'CONTAINER_CLIENT', 'LOCAL_CLIENT'] as const;
export type ClientType = (typeof clientTypes)[number];

export const clientStatuses = [
  'NOT_INSTALLED',
  'INSTALLING',
  'INSTALL_FAILED',
  'REGISTERED',
  'ACTIVATED',
  'DEACTIVATED',
  'STOPPED',
  'UNKNOWN',
  'UPGRADING',
  'UPGRADE_FAILED',
  'UNINSTALLING',
  'UNINSTALL_FAILED',
] as const;
export type ClientStatus = (typeof clientStatuses)[number];

/** The Settings object of a client as the service writes it; some numbers and flags are strings there. */
export interface ClientSettings {
  readonly MaxCpuCore: string;
  readonly MaxWorker: string;
  readonly UseHttps: string;
  readonly DataNetworkType: string;
  readonly DataProxySetting: string;
  readonly ProxyHost: string;
  readonly ProxyPort: number;
  readonly ProxyUser: string;
  readonly ProxyPassword: string;
  readonly MaxMemory?: number;
  readonly AlertOnPartialComplete?: boolean;
}

/** One entry of `Clients` as it goes over the wire. Status is text, so that tests can invent future ones. */
export interface ClientRow {
  readonly ClientId: string;
  readonly ClientType: ClientType;
  readonly Status: string;
  readonly BackupStatus: string;
  readonly ClientVersion: string;
  readonly MaxClientVersion: string;
  readonly InstanceId: string;
  readonly Hostname: string;
  readonly InstanceName?: string;
  readonly PrivateIpV4?: string;
  readonly ZoneId?: string;
  readonly OsType?: string;
  readonly ArchType?: string;
  readonly ClusterId?: string;
  readonly Appliance: boolean;
  /** UNIX seconds, as the other times. */
  readonly CreatedTime: number;
  readonly UpdatedTime: number;
  /** 0 where the client never reported. */
  readonly LastHeartBeatTime: number;
  readonly Tags?: readonly Tag[];
  readonly Settings?: ClientSettings;
}

/** An ECS instance, as far as DescribeInstances and DescribeCloudAssistantStatus tell of it. */
export interface Instance {
  readonly instanceId: string;
  readonly instanceName: string;
  readonly hostName: string;
  readonly status: string;
  readonly zoneId: string;
  readonly osType: 'linux' | 'windows';
  readonly archType: string;
  readonly privateIp: string;
  readonly vpcId: string;
  readonly tags: readonly Tag[];
  /** Milliseconds since 1970. */
  readonly createdMs: number;
  readonly assistantRunning: boolean;
}

const heartbeatSeconds = 60;

/** A client that the service keeps a record of. While it is activated its heartbeat comes once a minute. */
export class ClientRecord {
  #row: ClientRow;
  #beatsSince: number | undefined;
  #json: { readonly beat: number; readonly text: string } | undefined;

  /** With `beatsSince` (UNIX seconds) the heartbeat is alive from then on; else it stays as the row has it. */
  constructor(row: ClientRow, beatsSince?: number) {
    this.#row = row;
    this.#beatsSince = beatsSince;
  }

  get clientId(): string {
    return this.#row.ClientId;
  }

  get instanceId(): string {
    return this.#row.InstanceId;
  }

  get status(): string {
    return this.#row.Status;
  }

  get row(): ClientRow {
    return this.#row;
  }

  /** The row with the heartbeat of this moment. */
  rowAt(nowS: number): ClientRow {
    return { ...this.#row, LastHeartBeatTime: this.#beat(nowS) };
  }

  /** The same as JSON, kept until the row or its heartbeat changes: a page of 99 is then a join. */
  jsonAt(nowS: number): string {
    const beat = this.#beat(nowS);
    if (this.#json?.beat !== beat) {
      this.#json = { beat, text: JSON.stringify({ ...this.#row, LastHeartBeatTime: beat }) };
    }
    return this.#json.text;
  }

  /**
   * Changes fields. A status other than ACTIVATED stops the heartbeat where it is, ACTIVATED starts it, and a
   * LastHeartBeatTime in the change fixes it there.
   */
  change(change: Partial<ClientRow>, nowS: number): void {
    const beat = this.#beat(nowS);
    this.#row = { ...this.#row, LastHeartBeatTime: beat, UpdatedTime: nowS, ...change };
    this.#json = undefined;
    if (change.LastHeartBeatTime !== undefined) this.#beatsSince = undefined;
    else if (change.Status !== undefined) this.#beatsSince = change.Status === 'ACTIVATED' ? nowS : undefined;
  }

  #beat(nowS: number): number {
    const since = this.#beatsSince;
    if (since === undefined) return this.#row.LastHeartBeatTime;
    return since + Math.max(0, Math.floor((nowS - since) / heartbeatSeconds)) * heartbeatSeconds;
  }
}
