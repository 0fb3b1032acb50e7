import type { Waiting } from '../../kernel/waiting';
import { joinReads } from '../../protection/collect';
import { readOrGap, type Gap, type ReadDeps } from '../../protection/gap';
import { backedUpStatuses } from '../../protection/jobStates';
import {
  createNewestBackups,
  usualBackupHours,
  type LastBackup,
  type NewestBackups,
} from '../../protection/lastBackup';
import { instanceIdsOf } from '../../protection/work';
import type { BackupClient } from '../../service/model';
import {
  editions,
  mostFilterValues,
  type Job,
  type JobQuery,
  type ProtectionApi,
  type Rows,
  type RowsEnd,
} from '../../service/protection';
import type { Scope } from '../../service/scope';

export interface LastBackupDeps extends ReadDeps {
  readonly api: Pick<ProtectionApi, 'listJobs'>;
  /** Milliseconds since 1970 by the service's clock, as far as it's known. */
  readonly serviceNow: (scope: Scope) => number;
}

/** Which clients of a listing to read, and how. */
export interface WantedBackups {
  readonly clients: ReadonlyMap<string, BackupClient>;
  /** Whether backups of a client are expected, as far as that's known; it might say more once `schedules` are read. */
  readonly isExpected: (client: BackupClient) => boolean;
  readonly schedules: Promise<void>;
  /** Hours of the setting; 0 for automatic. */
  readonly overdueHours: number;
}

/** The last backups by client key, all clients of the listing, and what couldn't be read. */
export interface LastBackupsRead {
  readonly lastBackups: ReadonlyMap<string, LastBackup>;
  readonly gaps: readonly Gap[];
}

const call = 'hbr:DescribeBackupJobs2';
/** Of recent backups in each edition: 10,890 of them. */
const mostPages = 110;
/** Nobody waits for it, but a region that doesn't answer must not keep it going. */
export const readingLimitMs = 5 * 60_000;

/**
 * Reads the last backups of a listing, never one call per client. In each of the two editions, that's at most 110 pages of
 * 99 backups that completed within the last 48 hours, or within the setting if that's longer, newest first and only until
 * each active client that's expected to have one is found. One more call per edition asks for older backups of up to 500
 * clients that weren't found. A listing of up to 500 clients asks for these only. What wasn't reached isn't known. Rejects
 * only for a cancel.
 */
export async function readLastBackups(
  deps: LastBackupDeps,
  scope: Scope,
  { clients, isExpected, schedules, overdueHours }: WantedBackups,
  waiting: Waiting,
): Promise<LastBackupsRead> {
  const asOf = Math.floor(deps.serviceNow(scope) / 1000);
  const since = asOf - Math.max(usualBackupHours, overdueHours) * 3600;
  const newest = createNewestBackups(scope, clients);
  const readAll = async (query: Query, pages: number, isEnough: () => boolean) =>
    await Promise.all(
      editions.map((edition) =>
        readOrGap(
          deps,
          call,
          (each) => {
            const statuses = backedUpStatuses;
            const jobs = { ...query, kind: 'backup', edition, statuses } as const;
            const rows = deps.api.listJobs(scope, jobs, { ...each, mostPages: pages });
            return takeRows(rows, newest, isEnough);
          },
          waiting,
          readingLimitMs,
        ),
      ),
    );
  const ids = instanceIdsOf([...clients.values()]);
  const few = ids.length <= mostFilterValues;
  let missing = [...clients].filter(([, one]) => one.status === 'ACTIVATED' && isExpected(one));
  const isEnough = (): boolean => {
    missing = missing.filter(([key]) => !newest.found.has(key));
    // Further pages of an account whose machines aren't reported would be read for nothing.
    return missing.length === 0 || (scope.crossAccount !== undefined && newest.found.size === 0);
  };
  const filter = few ? { instanceIds: ids } : {};
  const recent =
    ids.length === 0 ? [] : await readAll({ completedSince: since, ...filter }, mostPages, isEnough);
  const gaps = gapsOf(scope, recent);
  await schedules;
  const unfound = [...clients].filter(([key, one]) => isExpected(one) && !newest.found.has(key));
  const olderIds = instanceIdsOf(activeFirst(unfound.map(([, one]) => one))).slice(0, mostFilterValues);
  const isDenied = gaps.some(({ why }) => why === 'permission-denied');
  const older =
    olderIds.length === 0 || isDenied ? [] : await readAll({ instanceIds: olderIds }, 1, () => false);
  const isWhole = (reads: readonly Read[]): boolean =>
    reads.length > 0 &&
    !scope.crossAccount &&
    reads.every((one) => one !== undefined && !('why' in one) && one.complete);
  const recentIsWhole = isWhole(recent);
  const withoutAny = new Set(isWhole(older) ? olderIds : []);
  const lastOf = (key: string, { instanceId = '' }: BackupClient): LastBackup => {
    const backup = newest.found.get(key);
    if (backup) return { kind: 'at', asOf, ...backup };
    if (withoutAny.has(instanceId)) return { kind: 'none', asOf };
    const isAsked = recentIsWhole && (!few || instanceId !== '');
    return isAsked ? { kind: 'none', asOf, since } : { kind: 'unknown' };
  };
  return { gaps, lastBackups: new Map([...clients].map(([key, client]) => [key, lastOf(key, client)])) };
}

type Query = Pick<JobQuery, 'instanceIds' | 'completedSince'>;

/** How a read ended; undefined where the rest wasn't needed. */
type Read = RowsEnd | Gap | undefined;

async function takeRows(
  rows: Rows<Job>,
  newest: NewestBackups,
  isEnough: () => boolean,
): Promise<RowsEnd | undefined> {
  for (;;) {
    const page = await rows.next();
    if (page.done) return page.value;
    newest.add(page.value);
    if (!isEnough()) continue;
    await rows.return({ complete: false });
    return undefined;
  }
}

function activeFirst(clients: readonly BackupClient[]): readonly BackupClient[] {
  const isActive = ({ status }: BackupClient): boolean => status === 'ACTIVATED';
  return [...clients.filter(isActive), ...clients.filter((one) => !isActive(one))];
}

/** What kept recent backups from being read. That there might be older ones isn't a gap. */
function gapsOf(scope: Scope, reads: readonly Read[]): readonly Gap[] {
  const gaps = reads.flatMap((one): readonly Gap[] =>
    one === undefined ? [] : 'why' in one ? [one] : one.complete ? [] : [{ call, why: 'cut-off' }],
  );
  return joinReads<never>(scope.crossAccount ? [...gaps, { call, why: 'other-account' }] : gaps).gaps;
}
