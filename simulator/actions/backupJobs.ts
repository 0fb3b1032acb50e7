import type { Backups } from '../backups';
import { toSeconds } from '../clock';
import { refusal } from '../errors';
import { Filters } from '../filters';
import { editions, type Edition, type Job } from '../jobs';
import { hbrAnswer, hbrPage, ownRegion, type Call } from './call';

const sourceTypes = [
  'ECS_FILE',
  'OSS',
  'NAS',
  'OTS',
  'UDM_ECS',
  'UDM_ECS_DISK',
  'COMMON_NAS',
  'File',
  'SYNC',
];
const restoreTypes = ['ECS_FILE', 'OSS', 'NAS', 'COMMON_FILE_SYSTEM', 'OTS_TABLE', 'UDM_ECS_ROLLBACK'];
const planSourceTypes = ['ECS_FILE', 'OSS', 'NAS', 'OTS', 'UDM_ECS', 'SYNC'];
const jobKeys = [
  ...['InstanceId', 'ClientId', 'Status', 'PlanId', 'JobId', 'VaultId', 'CreatedTime', 'CompleteTime'],
];
const restoreKeys = [
  ...['InstanceId', 'TargetInstanceId', 'Status', 'JobId', 'RestoreId', 'VaultId', 'CompleteTime'],
];
const planKeys = ['planId', 'vaultId', 'instanceId', 'planName'];

/** DescribeBackupJobs2: one page of the backups of one edition, newest first. */
export function describeBackupJobs2(call: Call): string {
  const { edition, filters } = selectionOf(call, 'SourceType', sourceTypes, jobKeys);
  const ascending = call.parameters.text('SortDirection') === 'ASCEND';
  const nowS = toSeconds(call.nowMs);
  const { backups } = ownRegion(call);
  const instanceIds = filters.oneOf('instanceid');
  const selection = {
    ...{ edition, unfinished: filters.unfinished, sinceS: filters.least() },
    ...(instanceIds && { instanceIds }),
  };
  const matching = remembered(backups, call, nowS, () => {
    const jobs = backups
      .jobs(selection, nowS)
      .filter((job) => filters.meets((key) => job.fieldAt(key, nowS)));
    return ascending ? jobs.reverse() : jobs;
  });
  return listAnswer(call, matching, (rows) => ({
    BackupJobs: { BackupJob: rows.map((job) => job.rowAt(nowS)) },
  }));
}

/** DescribeRestoreJobs2: one page of the restores of one edition, newest first. */
export function describeRestoreJobs2(call: Call): string {
  const { edition, filters } = selectionOf(call, 'RestoreType', restoreTypes, restoreKeys);
  const nowS = toSeconds(call.nowMs);
  const rows = ownRegion(call)
    .backups.restores(edition)
    .map((restore) => restore.rowAt(nowS));
  const matching = rows.filter((row) =>
    filters.meets((key) => {
      switch (key) {
        case 'status':
          return row.Status;
        case 'completetime':
          return row.CompleteTime;
        case 'jobid':
        case 'restoreid':
          return row.RestoreId;
        case 'vaultid':
          return row.VaultId;
        default:
          return row.TargetInstanceId;
      }
    }),
  );
  return listAnswer(call, matching, (RestoreJob) => ({ RestoreJobs: { RestoreJob } }));
}

/** DescribeBackupPlans: one page of the plans of one edition. */
export function describeBackupPlans(call: Call): string {
  const { edition, filters } = selectionOf(call, 'SourceType', planSourceTypes, planKeys, false);
  const nowS = toSeconds(call.nowMs);
  const { backups } = ownRegion(call);
  const matching = backups.plans(edition).filter((row) =>
    filters.meets((key) => {
      switch (key) {
        case 'planid':
          return row.PlanId;
        case 'vaultid':
          return row.VaultId;
        case 'planname':
          return row.PlanName;
        default:
          return row.InstanceId;
      }
    }),
  );
  return listAnswer(call, matching, (rows) => ({
    BackupPlans: { BackupPlan: rows.map((row) => backups.withJobs(row, nowS)) },
  }));
}

/** What a call asks for: file backups on ECS of one edition, and any other kind finds nothing. */
function selectionOf(
  call: Call,
  typeName: string,
  types: readonly string[],
  keys: readonly string[],
  operators = true,
): { readonly edition: Edition; readonly filters: Filters } {
  const { parameters, fault } = call;
  const optional = <T extends string>(name: string, choices: readonly T[]): T | undefined =>
    parameters.text(name) === undefined ? undefined : parameters.oneOf(name, choices);
  const type = optional(typeName, types);
  const edition = optional('Edition', editions) ?? 'STANDARD';
  optional('SortDirection', ['ASCEND', 'DESCEND']);
  const given = parameters.filters({ values: 500 });
  const filters = new Filters(given, keys, { operators, ignoring: fault === 'unknownFiltersIgnored' });
  if (fault === 'unfinishedRefused' && filters.unfinished) {
    throw refusal('BadRequest', 'Filters: Status does not take this value.');
  }
  if (type !== undefined && type !== 'ECS_FILE') return { edition, filters: nothing };
  return { edition, filters: fault === 'unfinishedHidden' ? filters.withoutUnfinished() : filters };
}

const nothing = new Filters([{ key: 'Status', operator: 'IN', values: [] }], ['Status']);

/** The matches of a call, as long as they're the same; else each page would look through all jobs again. */
function remembered(backups: Backups, call: Call, nowS: number, find: () => readonly Job[]): readonly Job[] {
  const parameters = [...call.parameters.entries()].filter(([name]) => name !== 'PageNumber');
  return backups.remember(JSON.stringify([call.fault, ...parameters.sort()]), nowS, find);
}

function listAnswer<T>(call: Call, matching: readonly T[], rowsOf: (rows: readonly T[]) => object): string {
  const page = hbrPage(call.parameters, call.fault === 'largePages' ? 100 : 99);
  const { rows: most = page.size, total = matching.length } = call.oddPages ?? {};
  const size = Math.min(page.size, most);
  const start = (page.number - 1) * size;
  return hbrAnswer(call, {
    PageNumber: page.number,
    PageSize: size,
    TotalCount: total,
    ...rowsOf(matching.slice(start, start + size)),
  });
}
