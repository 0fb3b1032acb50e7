import type { SimulatedClient } from './machines';

/** A backup or restore as it truly is. */
export interface SimulatedJob {
  readonly kind: 'backup' | 'restore';
  readonly id: string;
  /** The client that it occupies. */
  readonly client: SimulatedClient;
  /** What the service calls it while it runs. */
  readonly word: string;
  /** The same in the second half of its time. */
  readonly laterWord: string;
  readonly beganMs: number;
  readonly endsMs: number;
}

/** Words of a job that runs: those of the vendor, one of no documentation, and the one that says nothing. */
export const jobWords = [
  'RUNNING',
  'RUNNING',
  'RUNNING',
  'QUEUED',
  'CREATED',
  'CANCELING',
  'REHEARSING',
  'UNKNOWN',
];

/** What the service calls a job that runs. */
export function wordAt({ word, laterWord, beganMs, endsMs }: SimulatedJob, nowMs: number): string {
  return nowMs - beganMs < (endsMs - beganMs) / 2 ? word : laterWord;
}

/** True while it occupies its client, as far as its word says so. */
export function isBusyWith(job: SimulatedJob, nowMs: number): boolean {
  return wordAt(job, nowMs) !== 'UNKNOWN' && nowMs < job.endsMs;
}

/** What DescribeBackupJobs2 or DescribeRestoreJobs2 says beyond the common fields. Filters are a form's. */
export function jobsBody(
  kind: SimulatedJob['kind'],
  jobs: readonly SimulatedJob[],
  parameters: ReadonlyMap<string, string>,
  nowMs: number,
): object {
  const filters = filtersIn(parameters);
  const rows = jobs
    .filter(
      (job) =>
        job.kind === kind &&
        parameters.get('Edition') === 'STANDARD' &&
        isAmong(filters.get('InstanceId'), job.client.instanceId),
    )
    .map((job) => rowOf(job, nowMs))
    .filter(
      ({ Status, CreatedTime }) =>
        isAmong(filters.get('Status'), Status) && CreatedTime >= Number(filters.get('CreatedTime')?.[0] ?? 0),
    );
  const [page, size] = [Number(parameters.get('PageNumber') ?? 1), Number(parameters.get('PageSize') ?? 10)];
  const shown = rows.slice((page - 1) * size, page * size);
  const list =
    kind === 'backup' ? { BackupJobs: { BackupJob: shown } } : { RestoreJobs: { RestoreJob: shown } };
  return { ...list, TotalCount: rows.length, PageNumber: page, PageSize: size };
}

/** True where a request asks for jobs by a status that the reference doesn't list. */
export function asksForUnfinished(parameters: ReadonlyMap<string, string>): boolean {
  return filtersIn(parameters).has('Status');
}

function rowOf(job: SimulatedJob, nowMs: number) {
  const { kind, id, client, beganMs, endsMs } = job;
  const { instanceId, clientId } = client;
  const common = {
    Status: nowMs < endsMs ? wordAt(job, nowMs) : 'COMPLETE',
    CreatedTime: Math.floor(beganMs / 1000),
    StartTime: Math.floor(beganMs / 1000),
    UpdatedTime: Math.floor(nowMs / 1000),
    CompleteTime: nowMs < endsMs ? 0 : Math.floor(endsMs / 1000),
    Progress: nowMs < endsMs ? Math.floor((100 * (nowMs - beganMs)) / (endsMs - beganMs)) : 100,
  };
  return kind === 'backup'
    ? { ...common, JobId: id, SourceType: 'ECS_FILE', InstanceId: instanceId, ClientId: clientId }
    : {
        ...common,
        RestoreId: id,
        RestoreType: 'ECS_FILE',
        TargetInstanceId: instanceId,
        TargetClientId: clientId,
      };
}

/** The values of each filter by its key. */
function filtersIn(parameters: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const filters = new Map<string, readonly string[]>();
  for (let n = 1; parameters.has(`Filters.${n}.Key`); n++) {
    const values: string[] = [];
    for (let m = 1; parameters.has(`Filters.${n}.Values.${m}`); m++) {
      values.push(parameters.get(`Filters.${n}.Values.${m}`) ?? '');
    }
    filters.set(parameters.get(`Filters.${n}.Key`) ?? '', values);
  }
  return filters;
}

function isAmong(wanted: readonly string[] | undefined, value: string): boolean {
  return wanted?.includes(value) ?? true;
}
