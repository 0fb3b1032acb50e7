import { BackupError } from '../core/errors';
import type { Tag } from '../core/model';
import type { ClientQuery, MachineIds } from '../core/ports';
import { idsPerCall, type Action } from '../core/schedules';
import type { CrossAccount, Scope } from '../core/scope';
import type { Fields } from './pipeline';
import { rowsPerPage } from './readPages';

/** Limits of a listing's query (documented). */
const mostTags = 20;
const mostFilters = 5;
const mostFilterValues = 100;

/** The parts of a request that carry parameters. */
export interface RequestFields {
  readonly query: Fields;
  readonly form?: Fields;
}

/**
 * Parameters of DescribeBackupClients, where the official client puts them. Throws BackupError `invalid-input`
 * naming the field that the service would refuse.
 */
export function clientQueryFields(scope: Scope, query: ClientQuery): (pageNumber: number) => RequestFields {
  const filters = query.filters ?? [];
  checkCount('filters', filters.length, 0, mostFilters);
  for (const [index, { key, values }] of filters.entries()) {
    checkText(`filters[${index}].key`, key);
    checkList(`filters[${index}].values`, values, mostFilterValues);
  }
  if (query.clusterId !== undefined) checkText('clusterId', query.clusterId);
  if (query.clientIds) checkList('clientIds', query.clientIds, Infinity);
  if (query.instanceIds) checkList('instanceIds', query.instanceIds, Infinity);
  const fixed: Fields = [
    ['ClientType', scope.clientType],
    ...(query.clusterId === undefined ? [] : [['ClusterId', query.clusterId] as const]),
    ...crossAccountFields(scope.crossAccount),
    ...filters.flatMap(({ key, values }, index) => [
      [`Filters.${index + 1}.Key`, key] as const,
      ...values.map((value, at) => [`Filters.${index + 1}.Values.${at + 1}`, value] as const),
    ]),
  ];
  const form: Fields = [
    ...(query.clientIds ? [['ClientIds', JSON.stringify(query.clientIds)] as const] : []),
    ...(query.instanceIds ? [['InstanceIds', JSON.stringify(query.instanceIds)] as const] : []),
    ...tagFields(query.tags ?? []),
  ];
  return (pageNumber) => ({
    query: [...fixed, ['PageNumber', String(pageNumber)], ['PageSize', String(rowsPerPage)]],
    form,
  });
}

/** Parameters of InstallBackupClients. Throws BackupError `invalid-input` naming the field. */
export function installFields(scope: Scope, instanceIds: readonly string[]): RequestFields {
  checkList('instanceIds', instanceIds, idsPerCall.install);
  return {
    query: [['InstanceIds', JSON.stringify(instanceIds)], ...crossAccountFields(scope.crossAccount)],
  };
}

/** Parameters of an operation on machines that have a client. Throws BackupError `invalid-input` naming the field. */
export function machineFields(scope: Scope, action: Action, machines: MachineIds): RequestFields {
  const { instanceIds, clientIds } = machines;
  checkCount(
    'instanceIds and clientIds together',
    instanceIds.length + clientIds.length,
    1,
    idsPerCall[action],
  );
  if (instanceIds.length > 0) checkList('instanceIds', instanceIds, idsPerCall[action]);
  if (clientIds.length > 0) checkList('clientIds', clientIds, idsPerCall[action]);
  return {
    query: [
      ...(instanceIds.length > 0 ? [['InstanceIds', JSON.stringify(instanceIds)] as const] : []),
      ...(clientIds.length > 0 ? [['ClientIds', JSON.stringify(clientIds)] as const] : []),
      ...crossAccountFields(scope.crossAccount),
    ],
  };
}

/** Parameters of DescribeTask. Throws BackupError `invalid-input` without an id. */
export function taskFields(taskId: string): RequestFields {
  checkText('taskId', taskId);
  return { query: [['TaskId', taskId]] };
}

function crossAccountFields(crossAccount: CrossAccount | undefined): Fields {
  if (crossAccount === undefined) return [];
  const { type, userId, roleName } = crossAccount;
  if (!/^\d+$/.test(userId)) throw invalid('crossAccount.userId', 'digits only');
  if (type === 'CROSS_ACCOUNT') checkText('crossAccount.roleName', roleName ?? '');
  // A name goes into the request; the service builds the ARN.
  if (roleName?.includes(':')) throw invalid('crossAccount.roleName', 'the name of the role, not its ARN');
  return [
    ['CrossAccountType', type],
    ['CrossAccountUserId', userId],
    ...(roleName ? [['CrossAccountRoleName', roleName] as const] : []),
  ];
}

function tagFields(tags: readonly Tag[]): Fields {
  checkCount('tags', tags.length, 0, mostTags);
  return tags.flatMap(({ key, value }, index) => {
    checkText(`tags[${index}].key`, key);
    return [[`Tag.${index + 1}.Key`, key] as const, [`Tag.${index + 1}.Value`, value] as const];
  });
}

function checkList(field: string, values: readonly string[], most: number): void {
  checkCount(field, values.length, 1, most);
  for (const [index, value] of values.entries()) checkText(`${field}[${index}]`, value);
  if (new Set(values).size < values.length) throw invalid(field, 'each value once');
}

function checkCount(field: string, count: number, least: number, most: number): void {
  if (count < least) throw invalid(field, `at least ${least}, got ${count}`);
  if (count > most) throw invalid(field, `at most ${most}, got ${count}`);
}

function checkText(field: string, value: string): void {
  if (value.trim() === '') throw invalid(field, 'must not be empty');
}

function invalid(field: string, rule: string): BackupError {
  return new BackupError('invalid-input', `${field}: ${rule}`, { fate: 'not-run' });
}
