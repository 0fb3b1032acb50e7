import { countClients } from '../clientCounts';
import { needsAttention, upgradeAvailable } from '../clientState';
import {
  idPart,
  sameNodes,
  unionOf,
  type ClientNode,
  type ClientTreeNode,
  type GroupNode,
} from '../clientTree';
import { compareRows } from '../rowOrder';
import { traitsOf, type DimensionTraits } from './dimensions';
import type { Dimension, GroupBy } from './groupBy';
import { rangesOf } from './ranges';

/** From this number on, groups of one client each are put together. */
const manyGroups = 10;
const manySingles = 5;

/**
 * Groups clients. Groups with more clients that need attention come first, and in each group those clients do. Groups of
 * one client each are put together where there are many, and many rows are cut into ranges.
 *
 * @param nodes by name
 * @param path begins the IDs of the groups
 * @param before the nodes before; a group that's the same now is the same object, and one that was drawn is drawn again
 */
export function groupClients(
  nodes: readonly ClientNode[],
  groupBy: GroupBy,
  path: string,
  before: readonly ClientTreeNode[] = [],
): readonly ClientTreeNode[] {
  return levelOf({ nodes, groupBy, path, isTop: true }, before);
}

/** Which of some siblings the row of a client is, or is below of. */
export function childWith(
  siblings: readonly ClientTreeNode[],
  client: ClientNode,
): ClientTreeNode | undefined {
  const [first] = siblings;
  switch (first?.kind) {
    case 'group': {
      const value = traitsOf(first.dimension).valueOf(client);
      const groups = siblings.filter((node) => node.kind === 'group');
      return (
        groups.find((group) => !group.single && group.value === value) ?? groups.find(({ single }) => single)
      );
    }
    case 'range':
      return siblings.find((range) => {
        const last = range.kind === 'range' ? range.clients.at(-1) : undefined;
        return last !== undefined && compareRows(client, last) <= 0;
      });
    default:
      return client;
  }
}

interface Level {
  readonly nodes: readonly ClientNode[];
  readonly groupBy: GroupBy;
  readonly path: string;
  readonly isTop: boolean;
}

function levelOf(level: Level, before: readonly ClientTreeNode[]): readonly ClientTreeNode[] {
  const { nodes, groupBy, path } = level;
  const [dimension, ...inner] = groupBy;
  if (dimension) {
    return groupsOf(
      level,
      dimension,
      inner,
      before.filter((node) => node.kind === 'group'),
    );
  }
  const rows = attentionFirst(nodes);
  return (
    rangesOf(
      rows,
      path,
      before.filter((node) => node.kind === 'range'),
    ) ?? rows
  );
}

function groupsOf(
  { nodes, path, isTop }: Level,
  dimension: Dimension,
  inner: GroupBy,
  before: readonly GroupNode[],
): readonly GroupNode[] {
  const traits = traitsOf(dimension);
  const known = new Map(before.map((group) => [group.id, group]));
  return sortGroups(partsOf(nodes, traits), traits).map((part) => {
    const { value, single, clients } = part;
    const id = `${path}/${single ? singlePart : idPart(value)}`;
    const old = known.get(id);
    if (old && sameNodes(old.clients, clients)) return old;
    const below = {
      nodes: clients,
      groupBy: single ? [] : innerOf(dimension, value, inner, isTop),
      path: id,
      isTop: false,
    };
    return groupOf(part, id, dimension, below, old?.drawn);
  });
}

function groupOf(
  { value, single, clients, counts }: Part,
  id: string,
  dimension: Dimension,
  below: Level,
  drawnBefore: readonly ClientTreeNode[] | undefined,
): GroupNode {
  // Only what was drawn is put in order at once: it's compared with what it was.
  let drawn = drawnBefore && levelOf(below, drawnBefore);
  const latest = dimension === 'status' && value === upgradeAvailable ? sharedLatest(clients) : undefined;
  return {
    kind: 'group',
    id,
    dimension,
    value,
    single,
    clients,
    get children() {
      return (drawn ??= levelOf(below, []));
    },
    get drawn() {
      return drawn;
    },
    capabilities: unionOf(clients),
    counts,
    ...(latest !== undefined && { latest }),
  };
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

/** By reason, then by name, as they are. */
function attentionFirst(nodes: readonly ClientNode[]): readonly ClientNode[] {
  const first = nodes.filter(({ attention }) => attention);
  if (first.length === 0) return nodes;
  return [...first.sort((a, b) => a.rank - b.rank), ...nodes.filter(({ attention }) => !attention)];
}
