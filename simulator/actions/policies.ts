import { refusal } from '../errors';
import { Filters } from '../filters';
import { idOf } from '../jobs';
import { hbrAnswer, ownRegion, type Call } from './call';

const boundTypes = ['UDM_ECS', 'OSS', 'NAS', 'COMMON_NAS', 'ECS_FILE', 'File', 'COMMON_FILE_SYSTEM', 'OTS'];

/** DescribePoliciesV2: all policies, or one. */
export function describePoliciesV2(call: Call): string {
  const policyId = call.parameters.text('PolicyId');
  const { backups } = ownRegion(call);
  const matching = backups.policies.filter((row) => policyId === undefined || row.PolicyId === policyId);
  return tokenAnswer(call, matching, (rows) => ({
    Policies: rows.map((row) => ({
      ...row,
      PolicyBindingCount: backups.bindings.filter(({ PolicyId }) => PolicyId === row.PolicyId).length,
    })),
  }));
}

/** DescribePolicyBindings: which machines hang on policies. */
export function describePolicyBindings(call: Call): string {
  const { parameters } = call;
  const type = parameters.text('SourceType') && parameters.oneOf('SourceType', boundTypes);
  const policyId = parameters.text('PolicyId');
  const ids = new Set(parameters.jsonList('DataSourceIds'));
  const filters = new Filters(parameters.filters({ filters: 100, values: 10 }), [
    ...['PolicyId', 'DataSourceId', 'DataSourceType'],
  ]);
  const matching = ownRegion(call).backups.bindings.filter(
    (row) =>
      (type === undefined || row.SourceType === type) &&
      (policyId === undefined || row.PolicyId === policyId) &&
      (ids.size === 0 || ids.has(row.DataSourceId)) &&
      filters.meets((key) =>
        key === 'policyid' ? row.PolicyId : key === 'datasourceid' ? row.DataSourceId : row.SourceType,
      ),
  );
  return tokenAnswer(call, matching, (rows) => ({
    PolicyBindings: rows.map((row) => ({ ...row, CrossAccountType: 'SELF_ACCOUNT', CrossAccountUserId: 0 })),
  }));
}

/** ListProtectedResources: the machines that something backs up, or those of the Essential Edition. */
export function listProtectedResources(call: Call): string {
  const { parameters } = call;
  if (parameters.text('SourceType') !== undefined) parameters.oneOf('SourceType', ['ECS_FILE']);
  const basic =
    parameters.text('CreatedByProduct') !== undefined && parameters.oneOf('CreatedByProduct', ['BASIC']);
  const resourceId = parameters.text('ResourceId');
  const hasSnapshot = parameters.boolean('HasSnapshot') ?? true;
  const region = ownRegion(call);
  const { essentialIds } = region.backups;
  const matching = [...region.backups.protectedMachines()].filter(
    ([instanceId]) =>
      (resourceId === undefined || instanceId === resourceId) &&
      (!basic || essentialIds.has(instanceId)) &&
      hasSnapshot,
  );
  return tokenAnswer(call, matching, (rows) => ({
    ProtectedResources: rows.map(([ResourceId, BackupPlanCount]) => ({
      ProtectedResourceId: idOf('pr', ResourceId),
      ResourceId,
      SourceType: 'ECS_FILE',
      CreatedByProduct: essentialIds.has(ResourceId) ? 'BASIC' : '',
      SnapshotCount: 7,
      ProtectedDataSize: 8_589_934_592,
      ResourceOwnerId: Number(region.accountId),
      ResourceRegionId: region.regionId,
      BackupPlanCount,
    })),
  }));
}

/** One page of 10 to 100 rows, and the token of the next one. */
function tokenAnswer<T>(call: Call, matching: readonly T[], rowsOf: (rows: readonly T[]) => object): string {
  const { parameters } = call;
  const size = Math.max(10, parameters.integer('MaxResults', 0, 100) ?? 10);
  const skip = parameters.integer('Skip', 0, 2_147_483_647) ?? 0;
  if (skip % size !== 0) throw refusal('BadRequest', 'Skip must be a multiple of MaxResults.');
  const start = skip + startOf(parameters.text('NextToken'));
  const end = start + size;
  return hbrAnswer(call, {
    MaxResults: size,
    NextToken: end < matching.length ? Buffer.from(`from ${end}`).toString('base64url') : '',
    TotalCount: matching.length,
    ...rowsOf(matching.slice(start, end)),
  });
}

function startOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const start = /^from (\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (start === undefined) throw refusal('BadRequest', 'NextToken is not one of this list.');
  return Number(start);
}
