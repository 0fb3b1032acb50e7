import { rowsPerPage } from '../core/service/api';
import { mostFilterValues, type Edition, type JobQuery, type PagedWaiting } from '../core/service/protection';
import { checkCount, checkList, checkText, invalid } from './checkFields';
import type { Fields } from './pipeline';
import type { RequestFields } from './requestFields';

const sourceType = 'ECS_FILE';
/** Rows of a page that a token names (documented). */
const mostResults = 100;

/** Parameters of DescribeBackupJobs2 and DescribeRestoreJobs2. Throws BackupError `invalid-input` naming the field. */
export function jobFields(query: JobQuery): (pageNumber: number) => RequestFields {
  const { kind, edition, statuses, instanceIds, createdSince, completedSince } = query;
  if (statuses) checkList('statuses', statuses, mostFilterValues);
  if (instanceIds) checkList('instanceIds', instanceIds, mostFilterValues);
  if (createdSince !== undefined) checkSeconds('createdSince', createdSince);
  if (completedSince !== undefined) checkSeconds('completedSince', completedSince);
  if (instanceIds && kind === 'restore') throw invalid('instanceIds', 'for backups only');
  const since = (key: string, seconds: number | undefined): Filter | undefined =>
    seconds === undefined ? undefined : { key, operator: 'GREATER_THAN_OR_EQUAL', values: [String(seconds)] };
  const form = filterFields([
    instanceIds && { key: 'InstanceId', operator: 'IN', values: instanceIds },
    statuses && { key: 'Status', operator: 'IN', values: statuses },
    // Not among the keys that are documented for restores.
    kind === 'backup' ? since('CreatedTime', createdSince) : undefined,
    since('CompleteTime', completedSince),
  ]);
  const fixed: Fields = [
    [kind === 'backup' ? 'SourceType' : 'RestoreType', sourceType],
    ['Edition', edition],
    // Restores can't be sorted (documented).
    ...(kind === 'backup' ? [['SortDirection', 'DESCEND'] as const] : []),
  ];
  return (pageNumber) => ({ query: [...fixed, ...pageFields(pageNumber)], form });
}

/** Parameters of DescribeBackupPlans. Throws BackupError `invalid-input` naming the field. */
export function planFields(query: {
  readonly edition: Edition;
  readonly instanceIds?: readonly string[];
}): (pageNumber: number) => RequestFields {
  const { edition, instanceIds } = query;
  if (instanceIds) checkList('instanceIds', instanceIds, mostFilterValues);
  // Its filters have no operator, and the reference writes their keys like this.
  const form = filterFields([instanceIds && { key: 'instanceId', values: instanceIds }]);
  const fixed: Fields = [
    ['SourceType', sourceType],
    ['Edition', edition],
  ];
  return (pageNumber) => ({ query: [...fixed, ...pageFields(pageNumber)], form });
}

/** Parameters of DescribePoliciesV2. */
export function policyFields(token: string | undefined): RequestFields {
  return { query: [], form: tokenFields(token) };
}

/** Parameters of DescribePolicyBindings. Throws BackupError `invalid-input` naming the field. */
export function bindingFields(query: {
  readonly instanceIds?: readonly string[];
}): (token: string | undefined) => RequestFields {
  const { instanceIds } = query;
  if (instanceIds) checkList('instanceIds', instanceIds, mostFilterValues);
  const ids: Fields = instanceIds ? [['DataSourceIds', JSON.stringify(instanceIds)]] : [];
  return (token) => ({ query: [['SourceType', sourceType]], form: [...ids, ...tokenFields(token)] });
}

/** Parameters of ListProtectedResources. Throws BackupError `invalid-input` naming the field. */
export function essentialFields(query: {
  readonly instanceId?: string;
}): (token: string | undefined) => RequestFields {
  const { instanceId } = query;
  if (instanceId !== undefined) checkText('instanceId', instanceId);
  const fixed: Fields = [
    ['SourceType', sourceType],
    ['CreatedByProduct', 'BASIC'],
    ...(instanceId === undefined ? [] : [['ResourceId', instanceId] as const]),
  ];
  return (token) => ({ query: [...fixed, ...tokenFields(token)] });
}

/** Throws BackupError `invalid-input` for a bound that isn't one. */
export function checkBound({ mostPages }: Pick<PagedWaiting, 'mostPages'>): void {
  if (!Number.isInteger(mostPages)) throw invalid('mostPages', 'a whole number');
  checkCount('mostPages', mostPages, 1, Infinity);
}

interface Filter {
  readonly key: string;
  readonly operator?: string;
  readonly values: readonly string[];
}

/** They go into the form: 500 values make a URL that proxies refuse. See docs/decisions/long-filters.md. */
function filterFields(filters: readonly (Filter | undefined)[]): Fields {
  return filters
    .filter((filter) => filter !== undefined)
    .flatMap(({ key, operator, values }, index): Fields => {
      const name = `Filters.${index + 1}`;
      return [
        [`${name}.Key`, key],
        ...(operator === undefined ? [] : [[`${name}.Operator`, operator] as const]),
        ...values.map((value, nth) => [`${name}.Values.${nth + 1}`, value] as const),
      ];
    });
}

function pageFields(pageNumber: number): Fields {
  return [
    ['PageNumber', String(pageNumber)],
    ['PageSize', String(rowsPerPage)],
  ];
}

function tokenFields(token: string | undefined): Fields {
  return [
    ['MaxResults', String(mostResults)],
    ...(token === undefined ? [] : [['NextToken', token] as const]),
  ];
}

function checkSeconds(field: string, seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 0) return;
  throw invalid(field, 'a whole number of seconds since 1970');
}
