import { attentionOf, type AttentionReason } from './attention';
import { capabilitiesOf, type Capability } from './capabilities';
import { isBusy, isOutdated, nameOf } from '../service/clientFacts';
import { asLeftover } from '../service/clientFacts';
import type { InventoryState } from './inventory';
import { clientStatuses, type BackupClient } from '../service/model';
import type { OperationAction } from '../service/actions';
import type { Place } from '../service/placeInWords';
import { scopeKey, type Scope } from '../service/scope';
import type { RootState } from './viewState';

/** Which level comes first. */
export type Grouping = 'status' | 'zone';

/** A client status, or the derived group of active clients with a newer version. */
export const updateAvailable = 'UPDATE_AVAILABLE';
/** The derived group of records whose clients an operation of ours uninstalled. */
export const uninstalled = 'UNINSTALLED';

export interface GroupNode {
  readonly kind: 'group';
  /** `scope/grouping/path`: no counts, so a group keeps its identity while its rows come and go. */
  readonly id: string;
  readonly dimension: Grouping;
  /** A status, {@link updateAvailable}, {@link uninstalled}, a zone id, or '' for clients without a zone. */
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
  /** What may still be done to it although nobody watches. */
  readonly unwatched?: OperationAction | undefined;
  readonly attention: AttentionReason | undefined;
  readonly capabilities: ReadonlySet<Capability>;
}

/** One of several roots. */
export interface RootNode {
  readonly kind: 'root';
  /** The key of its scope, with which the id of every node below begins. */
  readonly id: string;
  readonly place: Place;
  readonly state: RootState;
  /** How its listing stands. */
  readonly listing: Omit<InventoryState, 'scope' | 'clients'>;
  readonly counts: {
    readonly total: number;
    /** Those that the filter leaves. */
    readonly shown: number;
    /** Of those that are shown. */
    readonly outdated: number;
    /** Of all. */
    readonly attention: number;
  };
  /** All clients below. */
  readonly clients: readonly ClientNode[];
  readonly children: readonly ClientTreeNode[];
  readonly capabilities: ReadonlySet<Capability>;
}

export type ClientTreeNode = RootNode | GroupNode | ClientNode;

export interface ClientTree {
  readonly roots: readonly ClientTreeNode[];
  readonly byId: ReadonlyMap<string, ClientTreeNode>;
  /** Id of the node that a node stands in; those at the top have none. */
  readonly parentOf: ReadonlyMap<string, string>;
  /** How many clients need a person, shown or not. */
  readonly attentionCount: number;
  readonly clientCount: number;
}

export interface ClientTreeInput {
  readonly scope: Scope;
  readonly clients: ReadonlyMap<string, BackupClient>;
  readonly grouping: Grouping;
  /** Milliseconds since 1970, by the service's clock as far as that is known. */
  readonly nowMs: number;
  readonly staleMinutes: number;
  /** Keys of clients in an operation that goes on: they are busy before the service lists them so. */
  readonly inOperation?: ReadonlySet<string>;
  /** What may still be done to clients although nobody watches, by their keys. */
  readonly unwatched?: ReadonlyMap<string, OperationAction>;
  /** Keys of records whose clients an operation of ours uninstalled. */
  readonly leftovers?: ReadonlySet<string>;
  /** Which clients are shown; all unless given. Those left out still count where they need attention. */
  readonly isShown?: (client: BackupClient) => boolean;
}

export const emptyTree: ClientTree = {
  roots: [],
  byId: new Map(),
  parentOf: new Map(),
  attentionCount: 0,
  clientCount: 0,
};

const nothing: ReadonlySet<Capability> = new Set();

/** Key of the root that a node belongs to. */
export function rootKeyOf(nodeId: string): string {
  // A key holds no slash, whatever its scope is made of.
  return nodeId.split('/', 1)[0] ?? nodeId;
}

// Half a surrogate pair cannot be encoded, and one broken text of the service must not take the tree down.
function idPart(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
}

/** Groups the clients of one root into two levels of groups with clients inside. Pure: the same input gives the same tree. */
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
    if (input.isShown?.(client) === false) continue;
    const covered = input.inOperation?.has(key) === true;
    const unwatched = covered ? undefined : input.unwatched?.get(key);
    nodes.push({
      kind: 'client',
      id: `${scope}/${idPart(key)}`,
      key,
      client,
      outdated: isOutdated(client),
      busy: isBusy(client) || covered,
      attention,
      ...(unwatched && { unwatched }),
      capabilities: covered || unwatched ? nothing : capabilitiesOf(client),
    });
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

/** What may be asked for at least one of some clients. */
export function unionOf(nodes: readonly ClientNode[]): ReadonlySet<Capability> {
  const union = new Set<Capability>();
  for (const { capabilities } of nodes) for (const capability of capabilities) union.add(capability);
  return union;
}

/** The group a client stands in: its status, or one derived from more than that. */
function statusGroupOf(node: ClientNode): string {
  if (node.client.leftover) return uninstalled;
  return node.client.status === 'ACTIVATED' && node.outdated ? updateAvailable : node.client.status;
}

function zoneOf(node: ClientNode): string {
  return node.client.zoneId ?? '';
}

// Failed first; statuses the service may invent later stand after the documented troubles; quiet ones last.
const troubled = clientStatuses.slice(0, 6);
const settled: readonly string[] = [
  ...clientStatuses.slice(6, 9),
  updateAvailable,
  ...clientStatuses.slice(9),
  uninstalled,
];

function rankOf(status: string): number {
  const trouble = troubled.findIndex((known) => known === status);
  if (trouble >= 0) return trouble;
  const quiet = settled.indexOf(status);
  return quiet >= 0 ? 100 + quiet : 50;
}

function compareStatuses(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || compareTexts(a, b);
}

/** By id; clients without a zone last. */
function compareZones(a: string, b: string): number {
  return Number(a === '') - Number(b === '') || compareTexts(a, b);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// web-2 stands before web-10 and Web-3 between them. A collator says the same ten times slower, and rows are sorted
// anew with every page of a listing.
function sortKeyOf(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, '0'));
}

function sortByName(nodes: readonly ClientNode[]): readonly ClientNode[] {
  return nodes
    .map((node) => ({ node, name: sortKeyOf(nameOf(node.client)) }))
    .sort((a, b) => compareTexts(a.name, b.name) || compareTexts(a.node.key, b.node.key))
    .map(({ node }) => node);
}

/** What has to be drawn again. `root` when a node at the top appeared, vanished or moved. */
export interface TreeChange {
  readonly root: boolean;
  /** Topmost nodes whose row or children changed; none stands below another. */
  readonly ids: readonly string[];
}

/**
 * Compares two trees. A changed row names itself, a moved one its old and its new group, and a tree that looks the
 * same names nothing.
 */
export function diffClientTrees(before: ClientTree, after: ClientTree): TreeChange {
  if (before === after) return { root: false, ids: [] };
  if (!sameIds(before.roots, after.roots)) return { root: true, ids: [] };
  const changed = new Set<string>();
  for (const [id, node] of after.byId) {
    const old = before.byId.get(id);
    if (old && !looksSame(old, node)) changed.add(id);
  }
  const ids = [...changed].filter((id) => {
    for (let at = after.parentOf.get(id); at !== undefined; at = after.parentOf.get(at)) {
      if (changed.has(at)) return false;
    }
    return true;
  });
  return { root: false, ids };
}

function looksSame(a: ClientTreeNode, b: ClientTreeNode): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'root':
      return (
        b.kind === 'root' &&
        sameRoot(a, b) &&
        sameIds(a.children, b.children) &&
        sameSet(a.capabilities, b.capabilities)
      );
    case 'group':
      return (
        b.kind === 'group' &&
        a.clients.length === b.clients.length &&
        sameIds(a.children, b.children) &&
        sameSet(a.capabilities, b.capabilities)
      );
    case 'client':
      return (
        b.kind === 'client' &&
        a.busy === b.busy &&
        a.unwatched === b.unwatched &&
        a.attention === b.attention &&
        sameShown(a.client, b.client)
      );
  }
}

/** How far a listing is shows only where no rows stood before it: a root that is drawn draws all below it. */
function sameRoot(a: RootNode, b: RootNode): boolean {
  const first = (node: RootNode): boolean =>
    node.listing.phase === 'loading' && node.listing.listedAt === undefined;
  return (
    a.state === b.state &&
    a.place.profileName === b.place.profileName &&
    a.place.scope.crossAccount?.alias === b.place.scope.crossAccount?.alias &&
    a.listing.phase === b.listing.phase &&
    a.listing.error === b.listing.error &&
    (!first(a) || a.listing.received === b.listing.received) &&
    a.counts.total === b.counts.total &&
    a.counts.shown === b.counts.shown &&
    a.counts.outdated === b.counts.outdated &&
    a.counts.attention === b.counts.attention
  );
}

function sameIds(a: readonly ClientTreeNode[], b: readonly ClientTreeNode[]): boolean {
  return a.length === b.length && a.every((node, i) => node.id === b[i]?.id);
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((word) => b.has(word));
}

// Everything that a row shows. Heartbeats are left out: they move all the time and only the tooltip tells them.
const shownFields = [
  'status',
  'backupStatus',
  'clientVersion',
  'maxClientVersion',
  'instanceName',
  'hostname',
  'instanceId',
  'clientId',
  'clientType',
  'leftover',
  'privateIpV4',
  'zoneId',
] as const satisfies readonly (keyof BackupClient)[];

function sameShown(a: BackupClient, b: BackupClient): boolean {
  return a === b || shownFields.every((field) => a[field] === b[field]);
}
