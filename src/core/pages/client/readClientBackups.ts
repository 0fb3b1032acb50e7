import type { Waiting } from '../../kernel/waiting';
import { joinReads, readRows } from '../../protection/collect';
import type { Gap } from '../../protection/gap';
import { backedUpStatuses } from '../../protection/jobStates';
import { createNewestBackups, type LastBackup } from '../../protection/lastBackup';
import { plannedBackupsUnknown, type PlannedBackupsOf } from '../../protection/plannedBackups';
import { readPlannedBackups, readPlans } from '../../protection/readPlans';
import { readWork, type WorkDeps } from '../../protection/readWork';
import { unknownWork, type Work } from '../../protection/work';
import type { BackupClient } from '../../service/model';
import { editions, type ProtectionApi } from '../../service/protection';
import type { Scope } from '../../service/scope';

/** What's known of the backups of one client. */
export interface ClientBackups {
  readonly work: Work;
  readonly planned: PlannedBackupsOf;
  readonly last: LastBackup;
  /** What kept the last backup from being read; one that was found might not be the newest then. */
  readonly lastGaps: readonly Gap[];
}

export interface ClientBackupsDeps extends WorkDeps {
  readonly api: ProtectionApi;
}

/**
 * Reads the backups of one client, in eleven calls, none for a client that isn't on an ECS instance. What can't be read, or
 * takes longer than `limitMs` milliseconds, is a gap. Rejects only for a cancel.
 */
export async function readClientBackups(
  deps: ClientBackupsDeps,
  scope: Scope,
  client: BackupClient,
  waiting: Waiting,
  limitMs?: number,
): Promise<ClientBackups> {
  const machines = [{ key: '', instanceId: client.instanceId, clientId: client.clientId }];
  const limit = limitMs === undefined ? {} : { limitMs };
  const plans = readPlans(deps, scope, machines, waiting, limitMs);
  const [works, planned, last] = await Promise.all([
    readWork(deps, scope, machines, waiting, { ...limit, plans }),
    readPlannedBackups(deps, scope, machines, waiting, { ...limit, plans }),
    readLast(deps, scope, client, waiting, limitMs),
  ]);
  return {
    work: works.get('') ?? unreadable.work,
    planned: planned.of(client),
    ...last,
  };
}

const lastCall = 'hbr:DescribeBackupJobs2';

/** Where reading itself failed. */
export const unreadable: ClientBackups = {
  work: unknownWork('failed'),
  planned: plannedBackupsUnknown('failed').of({}),
  last: { kind: 'unknown' },
  lastGaps: [],
};

/** Of the newest page of each edition. */
async function readLast(
  deps: ClientBackupsDeps,
  scope: Scope,
  client: BackupClient,
  waiting: Waiting,
  limitMs: number | undefined,
): Promise<Pick<ClientBackups, 'last' | 'lastGaps'>> {
  const { instanceId } = client;
  const gap = (why: Gap['why']) =>
    ({ last: { kind: 'unknown' }, lastGaps: [{ call: lastCall, why }] }) as const;
  if (scope.clientType !== 'ECS_CLIENT') return gap('other-type');
  if (!instanceId) return gap('no-instance');
  const asOf = Math.floor(deps.serviceNow(scope) / 1000);
  const { rows, gaps } = joinReads(
    await Promise.all(
      editions.map((edition) =>
        readRows(
          deps,
          lastCall,
          (each) =>
            deps.api.listJobs(
              scope,
              { kind: 'backup', edition, statuses: backedUpStatuses, instanceIds: [instanceId] },
              { ...each, mostPages: 1 },
            ),
          waiting,
          limitMs,
        ),
      ),
    ),
  );
  const newest = createNewestBackups(scope, [['', client]]);
  newest.add(rows);
  const found = newest.found.get('');
  // Jobs come newest first, so what's beyond the first page is older.
  if (found) {
    return { last: { kind: 'at', asOf, ...found }, lastGaps: gaps.filter(({ why }) => why !== 'cut-off') };
  }
  const unread: readonly Gap[] = scope.crossAccount
    ? [...gaps, { call: lastCall, why: 'other-account' }]
    : gaps;
  return { last: unread.length > 0 ? { kind: 'unknown' } : { kind: 'none', asOf }, lastGaps: unread };
}
