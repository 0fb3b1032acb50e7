import { mostOf } from '../core/service/editSettingsLimits';
import type { ClientSettingsChange, Tag } from '../core/service/model';
import type { ClientQuery, InstanceQuery, MachineIds } from '../core/service/api';
import { actions, type Action } from '../core/service/actions';
import type { CrossAccount, Scope } from '../core/service/scope';
import { mostFilteredInstances, mostTags, type ServiceFilter } from '../core/service/serviceFilter';
import { checkCount, checkList, checkText, invalid } from './checkFields';
import type { Fields } from './pipeline';
import { rowsPerPage } from '../core/service/api';

/** Rows of one page of DescribeInstances (documented). */
const instancesPerPage = 100;

/** How many ids one call about ECS instances takes: for Cloud Assistant half of what its metadata says. */
export const idsPerRead = { instances: 100, assistantStatuses: 50 } as const;

/** The parts of a request that carry parameters. */
export interface RequestFields {
  readonly query: Fields;
  readonly form?: Fields;
  /** See {@link ApiRequest.secret}. */
  readonly secret?: string;
}

/**
 * Parameters of DescribeBackupClients, where the official client puts them. Throws BackupError `invalid-input`
 * naming the field that the service would refuse.
 */
export function clientQueryFields(scope: Scope, query: ClientQuery): (pageNumber: number) => RequestFields {
  if (query.clientIds) checkList('clientIds', query.clientIds, Infinity);
  if (query.instanceIds) checkList('instanceIds', query.instanceIds, Infinity);
  // An ID names a client of the region, whatever the listing is narrowed to.
  const filter = query.clientIds || query.instanceIds ? undefined : scope.filter;
  if (filter) checkFilter(scope, filter);
  const fixed: Fields = [
    ['ClientType', scope.clientType],
    ...crossAccountFields(scope.crossAccount),
    ...(filter?.clusterId === undefined ? [] : [['ClusterId', filter.clusterId] as const]),
    ...instanceFilterFields(filter?.instanceIds),
  ];
  const form: Fields = [
    ...tagFields(filter?.tags),
    ...(query.clientIds ? [['ClientIds', JSON.stringify(query.clientIds)] as const] : []),
    ...(query.instanceIds ? [['InstanceIds', JSON.stringify(query.instanceIds)] as const] : []),
  ];
  return (pageNumber) => ({
    query: [...fixed, ['PageNumber', String(pageNumber)], ['PageSize', String(rowsPerPage)]],
    form,
  });
}

function checkFilter({ clientType }: Scope, { tags, clusterId, instanceIds }: ServiceFilter): void {
  if (tags) checkTags('filter.tags', tags);
  if (clusterId !== undefined) {
    checkText('filter.clusterId', clusterId);
    if (clientType !== 'CONTAINER_CLIENT') throw invalid('filter.clusterId', 'for container clients only');
  }
  if (instanceIds) checkList('filter.instanceIds', instanceIds, mostFilteredInstances);
}

function checkTags(field: string, tags: readonly Tag[]): void {
  checkCount(field, tags.length, 1, mostTags);
  for (const [index, { key }] of tags.entries()) checkText(`${field}[${index}].key`, key);
  if (new Set(tags.map(({ key }) => key)).size < tags.length) throw invalid(field, 'each key once');
}

function tagFields(tags: readonly Tag[] = []): Fields {
  return tags.flatMap(({ key, value }, index) => [
    [`Tag.${index + 1}.Key`, key] as const,
    ...(value === '' ? [] : [[`Tag.${index + 1}.Value`, value] as const]),
  ]);
}

function instanceFilterFields(instanceIds: readonly string[] = []): Fields {
  if (instanceIds.length === 0) return [];
  return [
    ['Filters.1.Key', 'InstanceId'],
    ...instanceIds.map((id, index) => [`Filters.1.Values.${index + 1}`, id] as const),
  ];
}

/** Parameters of InstallBackupClients. Throws BackupError `invalid-input` naming the field. */
export function installFields(scope: Scope, instanceIds: readonly string[]): RequestFields {
  checkList('instanceIds', instanceIds, actions.install.idsPerCall);
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
    actions[action].idsPerCall,
  );
  if (instanceIds.length > 0) checkList('instanceIds', instanceIds, actions[action].idsPerCall);
  if (clientIds.length > 0) checkList('clientIds', clientIds, actions[action].idsPerCall);
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

/** Parameters of DescribeInstances. Throws BackupError `invalid-input` naming the field. */
export function instanceFields(
  { regionId }: Pick<Scope, 'regionId'>,
  query: InstanceQuery & { readonly nextToken?: string | undefined },
): RequestFields {
  const { instanceIds, status, tags, nextToken } = query;
  // No ids at all would mean every instance.
  if (instanceIds) checkList('instanceIds', instanceIds, idsPerRead.instances);
  if (tags) checkTags('tags', tags);
  return {
    query: [
      ['RegionId', regionId],
      ...(instanceIds ? [['InstanceIds', JSON.stringify(instanceIds)] as const] : []),
      ...(status === undefined ? [] : [['Status', status] as const]),
      ...tagFields(tags),
      ['MaxResults', String(instancesPerPage)],
      ...(nextToken === undefined ? [] : [['NextToken', nextToken] as const]),
    ],
  };
}

/** Parameters of DescribeCloudAssistantStatus. Throws BackupError `invalid-input` naming the field. */
export function assistantStatusFields(
  { regionId }: Pick<Scope, 'regionId'>,
  instanceIds: readonly string[],
): RequestFields {
  checkList('instanceIds', instanceIds, idsPerRead.assistantStatuses);
  return {
    query: [
      ['RegionId', regionId],
      ...instanceIds.map((id, index) => [`InstanceId.${index + 1}`, id] as const),
    ],
  };
}

/**
 * Parameters of UpdateClientSettings, all in the form: a password has no place in a URL. Throws BackupError
 * `invalid-input` naming the field, also for clients of another account, which the operation cannot name (documented).
 */
export function settingsFields(
  { crossAccount }: Pick<Scope, 'crossAccount'>,
  clientId: string,
  change: ClientSettingsChange,
): RequestFields {
  if (crossAccount) throw invalid('crossAccount', 'settings change only in the account of the clients');
  checkText('clientId', clientId);
  checkSettings(change);
  const values = [
    ['UseHttps', change.useHttps],
    ['DataNetworkType', change.dataNetworkType],
    ['DataProxySetting', change.dataProxySetting],
    ['ProxyHost', change.proxyHost],
    ['ProxyPort', change.proxyPort],
    ['ProxyUser', change.proxyUser],
    ['ProxyPassword', change.proxyPassword],
    ['MaxCpuCore', change.maxCpuCore],
    ['MaxWorker', change.maxWorker],
    ['MaxMemory', change.maxMemory],
    ['AlertOnPartialComplete', change.alertOnPartialComplete],
  ] as const;
  const form = values.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  checkCount('change', form.length, 1, values.length);
  const { proxyPassword: secret } = change;
  return { query: [], form: [['ClientId', clientId], ...form], ...(secret !== undefined && { secret }) };
}

function checkSettings(change: ClientSettingsChange): void {
  for (const field of ['proxyHost', 'proxyUser', 'proxyPassword'] as const) {
    const value = change[field];
    if (value !== undefined) checkText(field, value);
  }
  for (const field of ['maxCpuCore', 'maxWorker', 'maxMemory', 'proxyPort'] as const) {
    const value = change[field];
    const least = field === 'proxyPort' ? 1 : 0;
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= mostOf[field]))
      continue;
    throw invalid(field, `a whole number from ${least} to ${mostOf[field]}`);
  }
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
