import type { BackupClient, Tag } from './model';

/**
 * Which clients of a region the service lists: those that meet every part. At least one part is there; a tag with an
 * empty value means the key with any value.
 */
export interface ServiceFilter {
  /** 1 to {@link mostTags}, each key once. */
  readonly tags?: readonly Tag[];
  /** `cl-…`; of container clients only (documented). */
  readonly clusterId?: string;
  /** 1 to {@link mostFilteredInstances}. */
  readonly instanceIds?: readonly string[];
}

/** Tags of one query (documented as 20, though the metadata says 21). */
export const mostTags = 20;
/** Values of one of the query's filters (documented). A second filter of the same key would narrow it further. */
export const mostFilteredInstances = 100;

/** The filter with its lists sorted, each entry once, and without empty parts; undefined where nothing is left. */
export function normalFilter({ tags, clusterId, instanceIds }: ServiceFilter): ServiceFilter | undefined {
  const byKey = new Map((tags ?? []).map((tag) => [`${tag.key}\n${tag.value}`, tag]));
  const sortedTags = [...byKey]
    .sort(([a], [b]) => compare(a, b))
    .map(([, { key, value }]) => ({ key, value }));
  const sortedIds = [...new Set(instanceIds)].sort(compare);
  const filter: ServiceFilter = {
    ...(sortedTags.length > 0 && { tags: sortedTags }),
    ...(clusterId !== undefined && clusterId !== '' && { clusterId }),
    ...(sortedIds.length > 0 && { instanceIds: sortedIds }),
  };
  return Object.keys(filter).length > 0 ? filter : undefined;
}

/** True where the client meets every part of the filter, as far as its own fields say; also without a filter. */
export function meetsFilter(client: BackupClient, filter: ServiceFilter | undefined): boolean {
  const { tags = [], clusterId, instanceIds } = filter ?? {};
  return (
    tags.every(({ key, value }) =>
      client.tags.some((tag) => tag.key === key && (value === '' || tag.value === value)),
    ) &&
    (clusterId === undefined || client.clusterId === clusterId) &&
    (instanceIds === undefined || instanceIds.some((id) => id === client.instanceId))
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
