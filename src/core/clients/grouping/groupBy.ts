/** What clients can be grouped by besides tags. */
export const fixedDimensions = [
  'status',
  'attention',
  'zone',
  'vpc',
  'version',
  'os',
  'arch',
  'protection',
  'backup',
  'type',
] as const;

export type FixedDimension = (typeof fixedDimensions)[number];

/** What one level of groups is made by; `tag:env` has a group for each value of the tag `env`. */
export type Dimension = FixedDimension | `tag:${string}`;

/** The levels of groups, from the outside in: at most two. Empty for a plain list. */
export type GroupBy = readonly Dimension[];

export const defaultGroupBy: GroupBy = ['status', 'zone'];

/** The dimension of a tag. */
export function tagDimension(key: string): Dimension {
  return `tag:${key}`;
}

/** The key of the tag that a dimension is of; undefined for the others. */
export function tagKeyOf(dimension: Dimension): string | undefined {
  return dimension.startsWith('tag:') ? dimension.slice('tag:'.length) : undefined;
}

/**
 * Reads what was kept, by this or an earlier release, which knew `'status'` and `'zone'` and meant the other one as the
 * second level. What can't be read is the default.
 */
export function readGroupBy(stored: unknown): GroupBy {
  if (stored === 'status') return defaultGroupBy;
  if (stored === 'zone') return ['zone', 'status'];
  if (!Array.isArray(stored)) return defaultGroupBy;
  return stored.every(isDimension) ? [...new Set(stored)].slice(0, 2) : defaultGroupBy;
}

function isDimension(value: unknown): value is Dimension {
  return (
    typeof value === 'string' && (fixedDimensions.some((known) => known === value) || /^tag:./.test(value))
  );
}
