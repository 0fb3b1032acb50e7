import type { Disposable } from './disposables';
import type { Event } from './events';
import type {
  AccessKey,
  BackupClient,
  CallerIdentity,
  ClientSettingsChange,
  CloudAssistantStatus,
  Instance,
  Submission,
  Tag,
  Task,
} from './model';
import type { EndpointNetwork, Endpoints } from './endpoints';
import type { Region } from './regions';
import type { CredentialSource } from './profiles/credentialSource';
import type { CrossAccount, Scope } from './scope';
import type { Waiting, WriteWaiting } from './waiting';

export type { Waiting, WriteWaiting } from './waiting';

/** Time as an argument, so that a test of ten minutes takes none. */
export interface Clock {
  /** Milliseconds since 1970 by this computer's clock, which somebody may set while VS Code runs. */
  now(): number;
  /**
   * Milliseconds since some moment in the past. Nobody can set it, so durations are measured by it. It may stand still
   * while this computer sleeps, as `sleep` does.
   */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with a cancel when the signal aborts. */
  sleep(ms: number, waiting: Waiting): Promise<void>;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line a call, message first, variable part last. Implementations redact. */
export interface Log {
  write(level: LogLevel, message: string, error?: unknown): void;
}

/**
 * How one profile reaches the service. It carries its own endpoints and its own keys, so that demo data and a real
 * profile can never mix.
 */
export interface Connection {
  readonly profileId: string;
  readonly demo: boolean;
  /** Hosts for a region. */
  endpoints(regionId: string): Endpoints;
  /**
   * Key for the next attempt. With the key that the service just refused, another one if there is one by now, else
   * the same again. Throws BackupError `credentials-missing` when VS Code did not keep it, and what its source throws.
   */
  accessKey(refused?: AccessKey, waiting?: Waiting): Promise<AccessKey>;
  /** A failure of a call that was made with its key, in the words of the key's source where that knows more of it. */
  explain?(error: unknown): unknown;
}

/** Finds the connection of a profile. */
export interface Connections {
  /**
   * Throws BackupError `profile-gone` for a profile that is not signed in. With the account of a scope, `accessKey`
   * throws `account-changed` (not run) while the profile isn't known to be of it; an empty one is not checked.
   */
  get(profileId: string, accountId?: string): Connection;
}

/** Which clients to list; absent means all of the scope. */
export interface ClientQuery {
  readonly clientIds?: readonly string[];
  readonly instanceIds?: readonly string[];
  /** At most 20 (documented). */
  readonly tags?: readonly Tag[];
  readonly clusterId?: string;
  /** At most 5 filters with 100 values each; the documented key is `InstanceId`. */
  readonly filters?: readonly { readonly key: string; readonly values: readonly string[] }[];
}

/** Part of a listing, in the order of arrival. */
export interface ListingPage {
  readonly clients: readonly BackupClient[];
  /** All matches of the query as the service counts them, not the rows of this page. */
  readonly total: number;
  readonly requestId: string;
}

/** How a listing ended. */
export interface ListingEnd {
  /** True when rows moved between pages and two more passes did not settle it. */
  readonly changedWhileReading: boolean;
}

/** Machines of one upgrade or uninstall call. Each machine stands in exactly one of the two lists. */
export interface MachineIds {
  readonly instanceIds: readonly string[];
  readonly clientIds: readonly string[];
}

/** The service. One method an operation; every failure is a BackupError that tells the fate of the call. */
export interface BackupApi {
  /**
   * Lists clients page by page as answers come, each client once. Yields nothing twice; returns how it ended.
   * Throws BackupError `invalid-input` for a query the service would refuse.
   */
  listClients(
    scope: Scope,
    query: ClientQuery,
    waiting: Waiting,
  ): AsyncGenerator<ListingPage, ListingEnd, void>;
  /** At most 20 ECS instance ids (documented). */
  installClients(scope: Scope, instanceIds: readonly string[], waiting: WriteWaiting): Promise<Submission>;
  /** At most 100 ids in both lists together (documented). */
  upgradeClients(scope: Scope, machines: MachineIds, waiting: WriteWaiting): Promise<Submission>;
  /** At most 20 ids in both lists together (documented). */
  uninstallClients(scope: Scope, machines: MachineIds, waiting: WriteWaiting): Promise<Submission>;
  /** Throws BackupError `not-found` when the service does not know the task. */
  getTask(scope: Scope, taskId: string, waiting: Waiting): Promise<Task>;
  /** Who the key of a profile is. */
  getCallerIdentity(profileId: string, regionId: string, waiting: Waiting): Promise<CallerIdentity>;
  /** By how much task durations are divided: 1 except where a loopback endpoint announces more. */
  timeScale(scope: Pick<Scope, 'profileId' | 'regionId'>): number;
  /**
   * Milliseconds to add to this computer's clock to get the service's, by the `Date` header of its replies; undefined
   * until a reply had one, after this computer's clock was set or it slept until the next reply, and for a profile that
   * is gone. 0 while the two agree within what a reply takes to arrive.
   */
  clockOffsetMs(scope: Pick<Scope, 'profileId' | 'regionId'>): number | undefined;
}

/** ECS, as far as it matters for backup clients. Speaks for the profile's own account only. */
export interface InstanceApi {
  /** All instances of the region, or those named (any number of ids), in pages as they come. */
  listInstances(
    scope: Scope,
    query: { readonly instanceIds?: readonly string[]; readonly status?: string },
    waiting: Waiting,
  ): AsyncGenerator<readonly Instance[], void, void>;
  /** Any number of ids; asked in batches. An instance that ECS does not know is left out. */
  listCloudAssistantStatus(
    scope: Scope,
    instanceIds: readonly string[],
    waiting: Waiting,
  ): Promise<readonly CloudAssistantStatus[]>;
}

/** What a profile can reach. */
export interface AccountApi {
  /** Regions that the service names, asked at one of them. */
  listRegions(profileId: string, regionId: string, waiting: Waiting): Promise<readonly Region[]>;
  /** All other accounts whose machines the profile's account may look after; pages are read to the end. */
  listCrossAccounts(profileId: string, regionId: string, waiting: Waiting): Promise<readonly CrossAccount[]>;
}

/** Changes settings of one client at once, without a task. */
export interface ClientSettingsApi {
  /** Throws BackupError `invalid-input` for a value out of range; nothing was sent then. */
  updateClientSettings(
    scope: Scope,
    clientId: string,
    change: ClientSettingsChange,
    waiting: WriteWaiting,
  ): Promise<{ readonly requestId: string }>;
}

/** What operations are made of: calls that change clients, their tasks, and the list that verifies them. */
export type OperationApi = BackupApi & ClientSettingsApi;

/** A region, and perhaps another account in it, that the client view shows of a profile. */
export interface Pin {
  readonly regionId: string;
  readonly crossAccount?: CrossAccount;
}

/** A profile as the index keeps it: nothing secret. */
export interface Profile {
  readonly id: string;
  readonly name: string;
  /** Where its key is verified, and what it shows unless there are pins. */
  readonly regionId: string;
  /** An access key in SecretStorage unless given. */
  readonly source?: CredentialSource;
  /** Over which network it reaches its hosts, where no setting names them; the internet unless given. */
  readonly network?: EndpointNetwork;
  /** What the client view shows of it, never empty; its own region unless given. */
  readonly pins?: readonly Pin[];
  /** Absent when it was saved unverified. */
  readonly accountId?: string;
  readonly identity?: string;
  readonly demo?: boolean;
}

/** The last listing of a scope, kept so that a window opens with rows instead of nothing. */
export interface StoredListing {
  readonly clients: readonly BackupClient[];
  /** Milliseconds since 1970. */
  readonly listedAt: number;
}

export interface ListingStore {
  read(scope: Scope): Promise<StoredListing | undefined>;
  write(scope: Scope, listing: StoredListing): Promise<void>;
  /** Forgets every listing of a profile. */
  remove(profileId: string): Promise<void>;
}

/** Where the bytes of a record begin and end in its file. */
export interface RecordSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Records of operations: one append-only file each. A write resolves only after it is on the disk, and rejects when it
 * may not be, or only in part.
 */
export interface RecordStore {
  /** Ids of the operations that have not ended, of those that have, and of those set aside; newest last. */
  list(): Promise<{
    readonly open: readonly string[];
    readonly closed: readonly string[];
    readonly aside: readonly string[];
  }>;
  /**
   * The records of an operation from a position on, 0 or an earlier `end`; undefined when it has no file. A line that is
   * damaged is undefined among them; a last one that is still being written is left to the next read.
   */
  read(
    operationId: string,
    from?: number,
  ): Promise<{ readonly records: readonly unknown[]; readonly end: number } | undefined>;
  /** Makes the file of an operation with its first record. Rejects when it has one already. */
  create(operationId: string, record: object): Promise<RecordSpan>;
  /**
   * Adds a record to an operation that is open or closed, also while another window moves its file. Rejects when it has
   * none. When another window wrote at the same time, the span may end after its record.
   */
  append(operationId: string, record: object): Promise<RecordSpan>;
  /** Marks an operation as ended: it is no longer listed as open. */
  close(operationId: string): Promise<void>;
  /** Lists an ended operation as open again: it goes on. */
  reopen(operationId: string): Promise<void>;
  /** Takes an open operation that cannot be read out of the open ones; it is kept as it is. */
  setAside(operationId: string): Promise<void>;
  /** Puts one that was set aside back among the open ones. */
  takeBack(operationId: string): Promise<void>;
  /** Removes it wherever it is; no error when it is nowhere. */
  remove(operationId: string): Promise<void>;
  /** Fires the id of an operation that another window wrote to. */
  readonly onDidChange: Event<string>;
}

/** Lets exactly one window follow an operation. A window that died loses its lease by itself. */
export interface LeaseStore {
  /** The lease, or undefined while another living window holds it. Disposing gives it back. */
  take(name: string): Promise<Lease | undefined>;
}

export interface Lease extends Disposable {
  /** Fires once when another window took over, e.g. after this computer slept. */
  readonly onDidLose: Event<void>;
  /**
   * Looks now, and after a look that fails again until one succeeds: false when another window took over, or when no
   * look succeeded for as long as others wait for a sign of life. Asked before a write goes out. Never rejects.
   */
  isHeld(): Promise<boolean>;
}
