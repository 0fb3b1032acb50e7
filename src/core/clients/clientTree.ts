import { attentionOf, type AttentionReason } from './attention';
import { capabilitiesOf, isUpgradeAvailable, type Capability } from './capabilities';
import { isBusy, isOutdated } from '../service/clientFacts';
import { asLeftover } from '../service/clientFacts';
import type { InventoryState } from './inventory';
import { compareTexts, sortByName } from './nameOrder';
import { clientStatuses, type BackupClient } from '../service/model';
import type { OperationAction } from '../service/actions';
import type { ScopeLabel } from '../service/scopeLabel';
import { scopeKey, type Scope } from '../service/scope';
import type { ListingState } from './viewState';

/** Which level comes first. */
export type Grouping = 'status' | 'zone';

/** The derived group of clients for which {@link isUpgradeAvailable} is true. */
export const upgradeAvailable = 'UPGRADE_AVAILABLE';
/** The derived group of records that stayed after one of our operations uninstalled the client. */
export const uninstalled = 'UNINSTALLED';

export interface GroupNode {
  readonly kind: 'group';
  /** `scope/grouping/path`: no counts, so a group keeps its identity while its rows come and go. */
  readonly id: string;
  readonly dimension: Grouping;
  /** A status, {@link upgradeAvailable}, {@link uninstalled}, a zone ID, or '' for clients without a zone. */
  readonly value: string;
  /** All clients below. */
  readonly clients: readonly ClientNode[];
  readonly children: readonly ClientTreeNode[];
  readonly capabilities: ReadonlySet<Capability>;
}

export interface ClientNode {
  readonly kind: 'client';
  /** `scope/clientKey`: no group, status, name or version, so a row that moves keeps its identity. */
  readonly id: string;
  readonly key: string;
  readonly client: BackupClient;
  readonly outdated: boolean;
  readonly busy: boolean;
  /** The change that might still be running although it's no longer tracked. */
  readonly unwatched?: OperationAction | undefined;
  readonly attention: AttentionReason | undefined;
  readonly capabilities: ReadonlySet<Capability>;
}

/** One of several listings. */
export interface ListingNode {
  readonly kind: 'listing';
  /** The key of its scope; the IDs of all nodes below start with it. */
  readonly id: string;
  readonly label: ScopeLabel;
  readonly state: ListingState;
  /** State of its last listing. */
  readonly inventory: Omit<InventoryState, 'scope' | 'clients'>;
  readonly counts: {
    readonly total: number;
    /** Those that the filter shows. */
    readonly shown: number;
    /** Of those that are shown. */
    readonly upgradeAvailable: number;
    /** Of all. */
    readonly attention: number;
  };
  /** All clients below. */
  readonly clients: readonly ClientNode[];
  readonly children: readonly ClientTreeNode[];
  readonly capabilities: ReadonlySet<Capability>;
}

export type ClientTreeNode = ListingNode | GroupNode | ClientNode;

export interface ClientTree {
  readonly roots: readonly ClientTreeNode[];
  readonly byId: ReadonlyMap<string, ClientTreeNode>;
  /** ID of the parent of a node; those at the top have none. */
  readonly parentOf: ReadonlyMap<string, string>;
  /** How many clients need attention, shown or not. */
  readonly attentionCount: number;
  readonly clientCount: number;
}

export interface ClientTreeInput {
  readonly scope: Scope;
  readonly clients: ReadonlyMap<string, BackupClient>;
  readonly grouping: Grouping;
  /** Milliseconds since 1970, by the service's clock where it's known. */
  readonly nowMs: number;
  readonly staleMinutes: number;
  /** Keys of clients in a running operation: they're busy before the service lists them as busy. */
  readonly inOperation?: ReadonlySet<string>;
  /** By key: the change that might still be running although it's no longer tracked. */
  readonly unwatched?: ReadonlyMap<string, OperationAction>;
  /** Keys of records that stayed after one of our operations uninstalled the client. */
  readonly leftovers?: ReadonlySet<string>;
  /** Which clients are shown; absent for all. Hidden ones still count as needing attention. */
  readonly isShown?: (node: ClientNode) => boolean;
}

export const emptyTree: ClientTree = {
  roots: [],
  byId: new Map(),
  parentOf: new Map(),
  attentionCount: 0,
  clientCount: 0,
};

const nothing: ReadonlySet<Capability> = new Set();

/** Key of the listing that a node belongs to. */
export function listingKeyOf(nodeId: string): string {
  // A key never contains a slash.
  return nodeId.split('/', 1)[0] ?? nodeId;
}

// Half a surrogate pair can't be encoded, and a broken text of the service must not break the tree.
function idPart(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
}

/** Groups the clients of one listing by status and zone. Pure: the same input gives the same tree. */
export function buildClientTree(input: ClientTreeInput): ClientTree {
  const scope = scopeKey(input.scope);
  const byId = new Map<string, ClientTreeNode>();
  const parentOf = new Map<string, string>();
  const nodes: ClientNode[] = [];
  let attentionCount = 0;
  for (const [key, listed] of input.clients) {
    const client = input.leftovers?.has(key) ? asLeftover(listed) : listed;
    const attention = attentionOf(client, input.nowMs, input.staleMinutes);
    if (attention) attentionCount++;
    const covered = input.inOperation?.has(key) === true;
    const unwatched = covered ? undefined : input.unwatched?.get(key);
    const node: ClientNode = {
      kind: 'client',
      id: `${scope}/${idPart(key)}`,
      key,
      client,
      outdated: isOutdated(client),
      busy: isBusy(client) || covered,
      attention,
      ...(unwatched && { unwatched }),
      capabilities: covered || unwatched ? nothing : capabilitiesOf(client),
    };
    if (input.isShown?.(node) !== false) nodes.push(node);
  }
  const order: readonly Grouping[] = input.grouping === 'status' ? ['status', 'zone'] : ['zone', 'status'];
  const group = (
    members: readonly ClientNode[],
    dimensions: readonly Grouping[],
    path: string,
    parent: string | undefined,
  ): readonly ClientTreeNode[] => {
    const [dimension, ...rest] = dimensions;
    if (!dimension) {
      const sorted = sortByName(members);
      for (const node of sorted) {
        byId.set(node.id, node);
        if (parent) parentOf.set(node.id, parent);
      }
      return sorted;
    }
    const valueOf = dimension === 'status' ? statusGroupOf : zoneOf;
    const parts = new Map<string, ClientNode[]>();
    for (const member of members) {
      const value = valueOf(member);
      const part = parts.get(value);
      if (part) part.push(member);
      else parts.set(value, [member]);
    }
    return [...parts]
      .sort(([a], [b]) => (dimension === 'status' ? compareStatuses(a, b) : compareZones(a, b)))
      .map(([value, clients]) => {
        const id = `${path}/${idPart(value)}`;
        const node: GroupNode = {
          kind: 'group',
          id,
          dimension,
          value,
          clients,
          children: group(clients, rest, id, id),
          capabilities: unionOf(clients),
        };
        byId.set(id, node);
        if (parent) parentOf.set(id, parent);
        return node;
      });
  };
  const roots = group(nodes, order, `${scope}/${input.grouping}`, undefined);
  return { roots, byId, parentOf, attentionCount, clientCount: nodes.length };
}

/** One listing without its counts, and the tree of its clients. */
export interface ListingPart {
  readonly listing: Pick<ListingNode, 'id' | 'label' | 'state' | 'inventory'>;
  /** Number of all its clients, shown or not. */
  readonly total: number;
  readonly tree: ClientTree;
  /** False where the filter leaves it out as a whole: its clients count, and it has no node. */
  readonly isShown: boolean;
}

/** Puts the trees of several listings under one node each. The tree of a single listing stays as it is. */
export function joinListings(parts: readonly ListingPart[]): ClientTree {
  const [only, ...others] = parts;
  if (only && others.length === 0) return only.tree;
  const byId = new Map<string, ClientTreeNode>();
  const parentOf = new Map<string, string>();
  const roots: ListingNode[] = [];
  for (const { listing, total, tree, isShown } of parts) {
    if (!isShown) continue;
    for (const [id, node] of tree.byId) byId.set(id, node);
    for (const [id, parent] of tree.parentOf) parentOf.set(id, parent);
    for (const { id } of tree.roots) parentOf.set(id, listing.id);
    const clients = clientsOf(tree);
    const node: ListingNode = {
      ...listing,
      kind: 'listing',
      clients,
      children: tree.roots,
      capabilities: unionOf(clients),
      counts: {
        total,
        shown: clients.length,
        upgradeAvailable: clients.filter(({ client }) => isUpgradeAvailable(client)).length,
        attention: tree.attentionCount,
      },
    };
    byId.set(node.id, node);
    roots.push(node);
  }
  return {
    roots,
    byId,
    parentOf,
    attentionCount: parts.reduce((sum, { tree }) => sum + tree.attentionCount, 0),
    clientCount: parts.reduce((sum, { tree }) => sum + tree.clientCount, 0),
  };
}

function clientsOf({ roots }: ClientTree): readonly ClientNode[] {
  return roots.flatMap((node) => (node.kind === 'client' ? [node] : node.clients));
}

/** What can be done with at least one of the clients. */
function unionOf(nodes: readonly ClientNode[]): ReadonlySet<Capability> {
  const union = new Set<Capability>();
  for (const { capabilities } of nodes) for (const capability of capabilities) union.add(capability);
  return union;
}

/** The group of a client: its status, or a derived one. */
function statusGroupOf(node: ClientNode): string {
  if (node.client.leftover) return uninstalled;
  return isUpgradeAvailable(node.client) ? upgradeAvailable : node.client.status;
}

function zoneOf(node: ClientNode): string {
  return node.client.zoneId ?? '';
}

// Failures first, then statuses that the service might add later, then those without problems.
const problems = clientStatuses.slice(0, 6);
const quiet: readonly string[] = [
  ...clientStatuses.slice(6, 9),
  upgradeAvailable,
  ...clientStatuses.slice(9),
  uninstalled,
];

function rankOf(status: string): number {
  const problem = problems.findIndex((known) => known === status);
  if (problem >= 0) return problem;
  const rank = quiet.indexOf(status);
  return rank >= 0 ? 100 + rank : 50;
}

function compareStatuses(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || compareTexts(a, b);
}

/** By ID; clients without a zone last. */
function compareZones(a: string, b: string): number {
  return Number(a === '') - Number(b === '') || compareTexts(a, b);
}
