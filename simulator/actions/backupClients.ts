import { toSeconds } from '../clock';
import { refusal } from '../errors';
import type { Parameters } from '../parameters';
import { clientTypes, type ClientRecord } from '../rows';
import { hbrCommon, hbrPage, machinesOf, type Call } from './call';

type Condition = (record: ClientRecord) => boolean;

/** DescribeBackupClients: one page of one kind of client, narrowed by every condition that the call names. */
export function describeBackupClients(call: Call): string {
  const type = call.parameters.oneOf('ClientType', clientTypes);
  const page = hbrPage(call.parameters);
  const conditions = conditionsOf(call.parameters);
  const all = machinesOf(call).clients(type);
  const matching =
    conditions.length === 0
      ? all
      : all.filter((record) => conditions.every((condition) => condition(record)));
  const { rows: most = page.size, total = matching.length } = call.oddPages ?? {};
  const size = Math.min(page.size, most);
  const start = (page.number - 1) * size;
  const nowS = toSeconds(call.nowMs);
  const head = JSON.stringify({
    ...hbrCommon(call),
    PageNumber: page.number,
    PageSize: size,
    TotalCount: total,
  });
  const rows = matching.slice(start, start + size).map((record) => record.jsonAt(nowS));
  return `${head.slice(0, -1)},"Clients":[${rows.join(',')}]}`;
}

function conditionsOf(parameters: Parameters): Condition[] {
  const conditions: Condition[] = [];
  const clientIds = new Set(parameters.jsonList('ClientIds'));
  if (clientIds.size > 0) conditions.push((record) => clientIds.has(record.clientId));
  const instanceIds = new Set(parameters.jsonList('InstanceIds'));
  if (instanceIds.size > 0) conditions.push((record) => instanceIds.has(record.instanceId));
  const clusterId = parameters.text('ClusterId');
  if (clusterId !== undefined) conditions.push((record) => record.row.ClusterId === clusterId);
  for (const { key, value } of parameters.tags()) {
    conditions.push(
      (record) =>
        record.row.Tags?.some((tag) => tag.Key === key && (value === undefined || tag.Value === value)) ??
        false,
    );
  }
  for (const { key, values } of parameters.filters()) {
    if (key !== 'InstanceId') throw refusal('BadRequest', `Filters: the key ${key} is unknown.`);
    const wanted = new Set(values);
    conditions.push((record) => wanted.has(record.instanceId));
  }
  return conditions;
}
