import type { Waiting, WriteWaiting } from '../kernel/waiting';
import type {
  BackupClient,
  ClientSettingsChange,
  CloudAssistantStatus,
  Instance,
  Submission,
  Tag,
  Task,
} from './model';
import type { ProtectionApi } from './protection';
import type { Region } from './regions';
import type { CrossAccount, Scope } from './scope';

/**
 * Rows of one page (documented as 99, though the metadata says 100), and so the IDs of one query: the service states no
 * limit for those.
 */
export const rowsPerPage = 99;

/** Which clients to list: all of the scope where both are absent, else those of the region with these IDs. */
export interface ClientQuery {
  readonly clientIds?: readonly string[];
  readonly instanceIds?: readonly string[];
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

/** The clients of one upgrade or uninstall request. Each is in exactly one of the two lists. */
export interface MachineIds {
  readonly instanceIds: readonly string[];
  readonly clientIds: readonly string[];
}

/** Cloud Backup, one method per operation. Throws BackupError, whose `fate` says whether the request ran. */
export interface BackupApi {
  /**
   * Lists clients page by page as responses arrive, each client once; returns how it ended. Throws BackupError
   * `invalid-input` for a query that the service would reject.
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
  /** Throws BackupError `not-found` when the service doesn't have the task. */
  getTask(scope: Scope, taskId: string, waiting: Waiting): Promise<Task>;
  /** What task durations are divided by: 1 except where a loopback endpoint announces more. */
  timeScale(scope: Pick<Scope, 'profileId' | 'regionId'>): number;
  /**
   * Milliseconds to add to this computer's clock to get the service's, by the `Date` header of its replies; undefined
   * until a reply had one, after this computer's clock was set or it slept until the next reply, and for a profile that
   * is gone. 0 while the two agree within what a reply takes to arrive.
   */
  clockOffsetMs(scope: Pick<Scope, 'profileId' | 'regionId'>): number | undefined;
}

/** Which instances to list: those that meet every part. */
export interface InstanceQuery {
  /** Any number of IDs. */
  readonly instanceIds?: readonly string[] | undefined;
  /** `Running` and so on. */
  readonly status?: string | undefined;
  /** At most 20 (documented); an empty value means any. */
  readonly tags?: readonly Tag[] | undefined;
}

/** The part of ECS that matters for backup clients, for the profile's own account only. */
export interface InstanceApi {
  /** All instances of the region that meet the query, in pages as they arrive. */
  listInstances(
    scope: Scope,
    query: InstanceQuery,
    waiting: Waiting,
  ): AsyncGenerator<readonly Instance[], void, void>;
  /** Any number of IDs, requested in batches. An instance that ECS doesn't know is left out. */
  listCloudAssistantStatus(
    scope: Scope,
    instanceIds: readonly string[],
    waiting: Waiting,
  ): Promise<readonly CloudAssistantStatus[]>;
}

/** The regions and accounts that a profile can reach. */
export interface AccountApi {
  /** The regions of Cloud Backup, as one of them lists them. */
  listRegions(profileId: string, regionId: string, waiting: Waiting): Promise<readonly Region[]>;
  /** All other accounts with clients that the profile's account can manage. */
  listCrossAccounts(profileId: string, regionId: string, waiting: Waiting): Promise<readonly CrossAccount[]>;
}

/** Changes the settings of one client, without a task. */
export interface ClientSettingsApi {
  /** Throws BackupError `invalid-input` for a value out of range; nothing was sent then. */
  updateClientSettings(
    scope: Scope,
    clientId: string,
    change: ClientSettingsChange,
    waiting: WriteWaiting,
  ): Promise<{ readonly requestId: string }>;
}

/**
 * What an operation needs: requests that change clients, their tasks, the list that verifies them, and what runs on
 * clients.
 */
export type OperationApi = BackupApi & ClientSettingsApi & Pick<ProtectionApi, 'listJobs' | 'listPlans'>;
