import { attentionReasons } from '../attention';
import { countClients } from '../clientCounts';
import { needsAttention, upgradeAvailable } from '../clientState';
import { idPart, unionOf, type ClientNode, type ClientTreeNode, type GroupNode } from '../clientTree';
import { sortByName } from '../nameOrder';
import { traitsOf, type DimensionTraits } from './dimensions';
import type { Dimension, GroupBy } from './groupBy';

/** Where the nodes of a tree are found. */
export interface TreeIndex {
  readonly byId: Map<string, ClientTreeNode>;
  readonly parentOf: Map<string, string>;
}

/** From this number on, groups of one client each are put together. */
const manyGroups = 10;
const manySingles = 5;

/**
 * Groups clients and adds the nodes to the index. Groups with more clients that need attention come first, and in each
 * group those clients do. Groups of one client each are put together where there are many.
 *
 * @param path begins the IDs of the groups
 */
export function groupClients(
  nodes: readonly ClientNode[],
  groupBy: GroupBy,
  path: string,
  index: TreeIndex,
): readonly ClientTreeNode[] {
  return groupLevel({ nodes, groupBy, path, index, parent: undefined });
}

interface Level {
  readonly nodes: readonly ClientNode[];
  readonly groupBy: GroupBy;
  readonly path: string;
  readonly index: TreeIndex;
  readonly parent: string | undefined;
}

function groupLevel(level: Level): readonly ClientTreeNode[] {
  const [dimension, ...inner] = level.groupBy;
  return dimension ? groupsOf(level, dimension, inner) : rowsOf(level);
}

function rowsOf({ nodes, index, parent }: Level): readonly ClientNode[] {
  const sorted = sortRows(nodes);
  for (const node of sorted) {
    index.byId.set(node.id, node);
    if (parent !== undefined) index.parentOf.set(node.id, parent);
  }
  return sorted;
}

function groupsOf(level: Level, dimension: Dimension, inner: GroupBy): readonly GroupNode[] {
  const { nodes, path, index, parent } = level;
  const traits = traitsOf(dimension);
  return sortGroups(partsOf(nodes, traits), traits).map(({ value, single, clients, counts }) => {
    const id = `${path}/${single ? singlePart : idPart(value)}`;
    const children = groupLevel({
      nodes: clients,
      groupBy: single ? [] : innerOf(dimension, value, inner, parent === undefined),
      path: id,
      index,
      parent: id,
    });
    const latest = dimension === 'status' && value === upgradeAvailable ? sharedLatest(clients) : undefined;
    const node: GroupNode = {
      kind: 'group',
      id,
      dimension,
      value,
      single,
      clients,
      children,
      capabilities: unionOf(clients),
      counts,
      ...(latest !== undefined && { latest }),
    };
    index.byId.set(id, node);
    if (parent !== undefined) index.parentOf.set(id, parent);
    return node;
  });
}

/** Whatever else is grouped by, clients that need attention are grouped by the reason, or not at all further inside. */
function innerOf(dimension: Dimension, value: string, inner: GroupBy, top: boolean): GroupBy {
  if (dimension !== 'status') return inner;
  if (value !== needsAttention) return inner.filter((one) => one !== 'attention');
  return top ? ['attention'] : [];
}

interface Part {
  readonly value: string;
  /** True for clients that are each the only one of their value. */
  readonly single: boolean;
  readonly clients: readonly ClientNode[];
  readonly counts: GroupNode['counts'];
}

// No encoded value has a colon.
const singlePart = ':single';

function partsOf(nodes: readonly ClientNode[], { valueOf, areStates }: DimensionTraits): readonly Part[] {
  const byValue = new Map<string, ClientNode[]>();
  for (const node of nodes) {
    const value = valueOf(node);
    const same = byValue.get(value);
    if (same) same.push(node);
    else byValue.set(value, [node]);
  }
  const parts = [...byValue].map(([value, clients]) => partOf(value, false, clients));
  if (areStates || parts.length < manyGroups) return parts;
  const isSingle = ({ value, clients }: Part): boolean => clients.length === 1 && value !== '';
  const singles = parts.filter(isSingle);
  if (singles.length < manySingles) return parts;
  return [
    ...parts.filter((part) => !isSingle(part)),
    partOf(
      '',
      true,
      singles.flatMap(({ clients }) => clients),
    ),
  ];
}

function partOf(value: string, single: boolean, clients: readonly ClientNode[]): Part {
  return { value, single, clients, counts: countClients(clients) };
}

/** The worst first, except for states, which have an order of their own. */
function sortGroups(parts: readonly Part[], { areStates, compare }: DimensionTraits): readonly Part[] {
  return [...parts].sort(
    (a, b) =>
      Number(a.single) - Number(b.single) ||
      (areStates ? 0 : b.counts.attention - a.counts.attention) ||
      compare(a.value, b.value),
  );
}

/** The version that all clients can be upgraded to; undefined where it isn't the same. */
function sharedLatest(clients: readonly ClientNode[]): string | undefined {
  const [first] = clients;
  const latest = first?.client.maxClientVersion;
  return clients.every(({ client }) => client.maxClientVersion === latest) ? latest : undefined;
}

function sortRows(nodes: readonly ClientNode[]): readonly ClientNode[] {
  return [...sortByName(nodes)].sort((a, b) => rankOf(a) - rankOf(b));
}

function rankOf({ attention }: ClientNode): number {
  return attention ? attentionReasons.indexOf(attention) : attentionReasons.length;
}
