import { isRecord, present } from '../core/kernel/objects';
import type {
  BackupPlan,
  BackupPolicy,
  Edition,
  Job,
  JobQuery,
  PolicyBinding,
} from '../core/service/protection';
import type { RowPage } from './boundedPages';
import { flag, integer, rowsOf, text, time, type ReplyFields } from './decodeFields';
import type { ApiReply } from './pipeline';
import { rowsPerPage } from '../core/service/api';

/** Where the rows come from, as far as they can say something else. */
interface Asked {
  readonly regionId: string;
}

const jobLists = {
  backup: { name: 'BackupJobs', wrapper: 'BackupJob', id: 'JobId' },
  restore: { name: 'RestoreJobs', wrapper: 'RestoreJob', id: 'RestoreId' },
} as const;

/** One page of jobs. Throws BackupError `unexpected-reply` where it isn't known which there are. */
export function decodeJobPage(
  reply: ApiReply,
  query: JobQuery,
  pageNumber: number,
  { regionId }: Asked,
): RowPage<Job> {
  const list = jobLists[query.kind];
  const instanceIds = query.instanceIds && new Set(query.instanceIds);
  const typeField = query.kind === 'backup' ? 'SourceType' : 'RestoreType';
  return numberedPage(reply, list, pageNumber, (from) => {
    if (isOther(from[typeField], 'ECS_FILE') || isElsewhere(from, regionId, query.edition)) return undefined;
    const job = decodeJob(from, query);
    return isAmong(instanceIds, job.instanceId) && meets(job, query) ? job : undefined;
  });
}

function decodeJob(from: ReplyFields, { kind, edition }: JobQuery): Job {
  const restore = kind === 'restore';
  return present<Job>({
    kind,
    edition,
    jobId: id(from[jobLists[kind].id]) ?? '',
    status: (text(from['Status']) ?? '').trim().toUpperCase(),
    // The source of a restore isn't occupied by it.
    clientId: id(from[restore ? 'TargetClientId' : 'ClientId']),
    instanceId: id(from[restore ? 'TargetInstanceId' : 'InstanceId']),
    planId: id(from['PlanId']),
    percent: percent(from['Progress']),
    createdTime: time(from['CreatedTime']),
    startTime: time(from['StartTime']),
    updatedTime: time(from['UpdatedTime']),
    completeTime: time(from['CompleteTime']),
    errorMessage: text(from['ErrorMessage']),
    crossAccountId: crossAccountId(from),
  });
}

/** Whether a job is of the time that was asked for, as far as it says; a service that ignores a filter sends others too. */
function meets(job: Job, { createdSince = 0, completedSince = 0 }: JobQuery): boolean {
  const { createdTime = Infinity, completeTime = Infinity } = job;
  // Its status isn't compared: one that nobody knows might mean that it goes on.
  return createdTime >= createdSince && completeTime >= completedSince;
}

/** One page of plans. Throws BackupError `unexpected-reply` where it isn't known which there are. */
export function decodePlanPage(
  reply: ApiReply,
  query: { readonly edition: Edition; readonly instanceIds?: readonly string[] },
  pageNumber: number,
  { regionId }: Asked,
): RowPage<BackupPlan> {
  const { edition } = query;
  const instanceIds = query.instanceIds && new Set(query.instanceIds);
  const list = { name: 'BackupPlans', wrapper: 'BackupPlan', id: 'PlanId' };
  return numberedPage(reply, list, pageNumber, (from) => {
    if (isOther(from['SourceType'], 'ECS_FILE') || isElsewhere(from, regionId, edition)) return undefined;
    const plan = decodePlan(from, edition);
    return isAmong(instanceIds, plan.instanceId) ? plan : undefined;
  });
}

function decodePlan(from: ReplyFields, edition: Edition): BackupPlan {
  return present<BackupPlan>({
    planId: id(from['PlanId']) ?? '',
    edition,
    name: text(from['PlanName']),
    instanceId: id(from['InstanceId']),
    clientId: id(from['ClientId']),
    schedule: text(from['Schedule']) ?? '',
    retentionDays: days(from['Retention']),
    disabled: flag(from['Disabled']) ?? false,
    createdTime: time(from['CreatedTime']),
    latestStartedJobId: id(from['LatestExecuteJobId']),
    latestFinishedJobId: id(from['LatestFinishJobId']),
  });
}

/** One page of policies. Throws BackupError `unexpected-reply` where it isn't known which there are. */
export function decodePolicyPage(reply: ApiReply): RowPage<BackupPolicy> {
  const list = { name: 'Policies', wrapper: 'Policy', id: 'PolicyId' };
  return tokenPage(reply, list, (from) => {
    const policyId = id(from['PolicyId']);
    return policyId === undefined ? undefined : decodePolicy(policyId, from);
  });
}

function decodePolicy(policyId: string, from: ReplyFields): BackupPolicy {
  const rules = rulesIn(from['Rules']);
  const typed = (type: string) => rules.filter((rule) => id(rule['RuleType'])?.toUpperCase() === type);
  return present<BackupPolicy>({
    policyId,
    name: text(from['PolicyName']),
    schedules: typed('BACKUP').map((rule) => text(rule['Schedule']) ?? ''),
    retentionDays: typed('TRANSITION').flatMap((rule) => days(rule['Retention']) ?? [])[0],
  });
}

/** One page of bindings. Throws BackupError `unexpected-reply` where it isn't known which there are. */
export function decodeBindingPage(
  reply: ApiReply,
  query: { readonly instanceIds?: readonly string[] },
): RowPage<PolicyBinding> {
  const instanceIds = query.instanceIds && new Set(query.instanceIds);
  const list = { name: 'PolicyBindings', wrapper: 'PolicyBinding', id: 'PolicyBindingId' };
  return tokenPage(reply, list, (from) => {
    const instanceId = id(from['DataSourceId']);
    if (instanceId === undefined || isOther(from['SourceType'], 'ECS_FILE')) return undefined;
    if (!isAmong(instanceIds, instanceId)) return undefined;
    return present<PolicyBinding>({
      policyId: id(from['PolicyId']) ?? '',
      instanceId,
      disabled: flag(from['Disabled']) ?? false,
      createdTime: time(from['CreatedTime']),
      crossAccountId: crossAccountId(from),
    });
  });
}

/**
 * One page of the machines that Essential Edition protects, by instance ID. Throws BackupError `unexpected-reply` where it
 * isn't known which there are.
 */
export function decodeEssentialPage(
  reply: ApiReply,
  query: { readonly instanceId?: string },
  { regionId }: Asked,
): RowPage<string> {
  const list = { name: 'ProtectedResources', wrapper: 'ProtectedResource', id: 'ResourceId' };
  return tokenPage(reply, list, (from) => {
    const instanceId = id(from['ResourceId']);
    const other =
      isOther(from['SourceType'], 'ECS_FILE') ||
      // Empty, but not absent, for what another edition protects.
      isOther(from['CreatedByProduct'], 'BASIC', true) ||
      isOther(from['ResourceRegionId'], regionId) ||
      (query.instanceId !== undefined && instanceId !== query.instanceId);
    return other ? undefined : instanceId;
  });
}

type List = Parameters<typeof rowsOf>[1];

function numberedPage<T>(
  reply: ApiReply,
  list: List,
  pageNumber: number,
  decode: (from: ReplyFields) => T | undefined,
): RowPage<T> {
  const before = (pageNumber - 1) * rowsPerPage;
  return {
    rows: keyed(rowsOf(reply, list, before), list.id, `page ${pageNumber}`, decode),
    total: integer(reply.body['TotalCount']),
    pageSize: integer(reply.body['PageSize']),
  };
}

function tokenPage<T>(reply: ApiReply, list: List, decode: (from: ReplyFields) => T | undefined): RowPage<T> {
  return {
    rows: keyed(rowsOf(reply, list, 0), list.id, reply.requestId, decode),
    total: integer(reply.body['TotalCount']),
    nextToken: text(reply.body['NextToken']),
  };
}

/** Rows that have no ID are all taken for different ones. */
function keyed<T>(
  rows: readonly ReplyFields[],
  idField: string,
  page: string,
  decode: (from: ReplyFields) => T | undefined,
): RowPage<T>['rows'] {
  return rows.map((from, index) => ({
    key: id(from[idField]) ?? `${page} ${index}`,
    value: decode(from),
  }));
}

function rulesIn(value: unknown): readonly ReplyFields[] {
  const rules = isRecord(value) && 'Rule' in value ? value['Rule'] : value;
  return (Array.isArray(rules) ? rules : [rules]).filter(isRecord);
}

/** Also for a row that doesn't say. */
function isAmong(wanted: ReadonlySet<string> | undefined, value: string | undefined): boolean {
  return wanted === undefined || value === undefined || wanted.has(value);
}

/** True for a value that says something else; one that's absent doesn't, and an empty one if that has a meaning. */
function isOther(value: unknown, expected: string, emptyIsOther = false): boolean {
  if (value === '' && emptyIsOther) return true;
  const word = text(value)?.trim();
  return word !== undefined && word.toUpperCase() !== expected.toUpperCase();
}

function isElsewhere(from: ReplyFields, regionId: string, edition: Edition): boolean {
  return isOther(from['RegionId'], regionId) || isOther(from['Edition'], edition);
}

function id(value: unknown): string | undefined {
  return text(text(value)?.trim());
}

/** The service counts to 10,000, sometimes further. */
function percent(progress: unknown): number | undefined {
  const number = integer(progress);
  return number === undefined ? undefined : Math.min(Math.max(number / 100, 0), 100);
}

function days(value: unknown): number | undefined {
  const number = integer(value);
  return number !== undefined && number > 0 ? number : undefined;
}

/** Rows of the account's own machines have no ID, or 0. */
function crossAccountId(from: ReplyFields): string | undefined {
  if (text(from['CrossAccountType']) === 'SELF_ACCOUNT') return undefined;
  const userId = id(from['CrossAccountUserId']);
  return userId === '0' ? undefined : userId;
}
