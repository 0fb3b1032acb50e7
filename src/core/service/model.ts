/** Kinds of clients the service lists; a listing names exactly one (documented). */
export const clientTypes = ['ECS_CLIENT', 'CONTAINER_CLIENT', 'LOCAL_CLIENT'] as const;
export type ClientType = (typeof clientTypes)[number];

/** The twelve documented values of `Status`. The service may send others: see {@link BackupClient.status}. */
export const clientStatuses = [
  'INSTALL_FAILED',
  'UPGRADE_FAILED',
  'UNINSTALL_FAILED',
  'STOPPED',
  'UNKNOWN',
  'DEACTIVATED',
  'INSTALLING',
  'UPGRADING',
  'UNINSTALLING',
  'ACTIVATED',
  'REGISTERED',
  'NOT_INSTALLED',
] as const;
export type ClientStatus = (typeof clientStatuses)[number];
const knownStatuses: ReadonlySet<string> = new Set(clientStatuses);

/** A `Status` in the documented spelling, whatever its case; one that is not documented stays as it was sent. */
export function clientStatusOf(text: string): string {
  const word = knownStatuses.has(text) ? text : text.trim().toUpperCase();
  return knownStatuses.has(word) ? word : text;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Settings of a client. `ProxyPassword` is left out on purpose: it is never decoded, so it cannot leak. */
export interface ClientSettings {
  readonly useHttps?: boolean;
  readonly dataNetworkType?: string;
  readonly dataProxySetting?: string;
  readonly proxyHost?: string;
  readonly proxyPort?: number;
  readonly proxyUser?: string;
  /** 0 means no limit. */
  readonly maxCpuCore?: number;
  /** 0 means no limit. */
  readonly maxWorker?: number;
  /** Bytes; 0 means no limit; clients from 2.13.0. */
  readonly maxMemory?: number;
  readonly alertOnPartialComplete?: boolean;
}

/** One backup client as the service lists it. A field the service left out is absent. */
export interface BackupClient {
  /** `c-…`; absent while nothing is installed. */
  readonly clientId?: string;
  /** ECS instance id; for local clients a hardware fingerprint. */
  readonly instanceId?: string;
  readonly clientType: ClientType | (string & {});
  /** One of {@link clientStatuses}, or whatever text the service sent. */
  readonly status: string;
  /** `PROTECTED` or `UNPROTECTED`, or whatever text the service sent. */
  readonly backupStatus?: string;
  readonly clientVersion?: string;
  readonly maxClientVersion?: string;
  readonly hostname?: string;
  readonly instanceName?: string;
  readonly privateIpV4?: string;
  readonly zoneId?: string;
  readonly clusterId?: string;
  readonly osType?: string;
  readonly archType?: string;
  readonly appliance?: boolean;
  /** UNIX seconds. */
  readonly createdTime?: number;
  /** UNIX seconds. */
  readonly updatedTime?: number;
  /** UNIX seconds; absent when the service sent 0. */
  readonly lastHeartBeatTime?: number;
  readonly tags: readonly Tag[];
  readonly settings?: ClientSettings;
  /** Not of the service: true for a record that stays listed though an operation of ours uninstalled its client. */
  readonly leftover?: true;
}

/** State of a task: `Description` on the wire; kept as text when the service sends something new. */
export type TaskState = 'created' | 'completed' | 'expired' | 'cancelled' | (string & {});

/** What a task says of one machine. */
export interface MachineResult {
  readonly instanceId?: string;
  readonly clientId?: string;
  readonly clientStatus?: string;
  /** Empty when the service reports no error. */
  readonly errorCode: string;
}

/** One answer of DescribeTask. */
export interface Task {
  readonly taskId: string;
  readonly name?: string;
  readonly state: TaskState;
  /** 0 to 100, or -1 for failed (documented). */
  readonly progress: number;
  /** Empty while the service knows nothing yet; that is not a failure. */
  readonly machines: readonly MachineResult[];
  /** UNIX seconds. */
  readonly createdTime?: number;
  readonly requestId: string;
}

/** Why the service refused one machine of a call: `InstanceStatuses[]` (documented). */
export interface Refusal {
  readonly instanceId: string;
  /** `InstanceNotExists`, `InstanceNotRunning`, `CloudAssistNotRunningOnInstance`, or other text. */
  readonly errorCode: string;
}

/** The answer to an install, upgrade or uninstall call. */
export interface Submission {
  /** Absent when the service refused every machine. */
  readonly taskId?: string;
  readonly requestId: string;
  readonly refusals: readonly Refusal[];
}

/** Who a key belongs to: GetCallerIdentity. */
export interface CallerIdentity {
  readonly accountId: string;
  readonly identityType: string;
  readonly arn: string;
  readonly requestId: string;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Present with temporary credentials only. */
  readonly securityToken?: string;
}

/** One ECS instance, as far as it matters for a backup client: DescribeInstances. */
export interface Instance {
  readonly instanceId: string;
  readonly instanceName?: string;
  readonly hostName?: string;
  /** `Pending`, `Running`, `Starting`, `Stopping`, `Stopped`, or other text. */
  readonly status: string;
  readonly zoneId?: string;
  /** Absent in a classic network. */
  readonly vpcId?: string;
  /** `linux` or `windows`. */
  readonly osType?: string;
  readonly privateIps: readonly string[];
  readonly publicIps: readonly string[];
  readonly tags: readonly Tag[];
}

/** Whether Cloud Assistant answers on an instance: DescribeCloudAssistantStatus. */
export interface CloudAssistantStatus {
  readonly instanceId: string;
  /** True with a heartbeat within the last two minutes (documented). */
  readonly running: boolean;
}

/** What UpdateClientSettings shall change; what is absent stays as it is. */
export interface ClientSettingsChange {
  readonly useHttps?: boolean;
  readonly dataNetworkType?: 'PUBLIC' | 'VPC' | 'CLASSIC';
  readonly dataProxySetting?: 'DISABLE' | 'USE_CONTROL_PROXY' | 'CUSTOM';
  readonly proxyHost?: string;
  /** 1 to 65535. */
  readonly proxyPort?: number;
  readonly proxyUser?: string;
  /** Travels in the form body only, never in a URL. */
  readonly proxyPassword?: string;
  /** 0 to 999; 0 means no limit. */
  readonly maxCpuCore?: number;
  /** 0 to 999; 0 means no limit. */
  readonly maxWorker?: number;
  /** Bytes, 0 to 1 TiB; 0 means no limit. Clients from 2.13.0 only. */
  readonly maxMemory?: number;
  /** ECS and local clients only. */
  readonly alertOnPartialComplete?: boolean;
}
