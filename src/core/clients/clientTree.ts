import type { AttentionReason } from './attention';
import type { Capability } from './capabilities';
import type { ClientCounts } from './clientCounts';
import type { Dimension } from './grouping/groupBy';
import type { InventoryState } from './inventory';
import type { LastBackup } from '../protection/lastBackup';
import type { BackupClient } from '../service/model';
import type { OperationAction } from '../service/actions';
import type { ScopeLabel } from '../service/scopeLabel';
import type { RowPlace } from './rowOrder';
import type { ListingState } from './viewState';

/** What an operation does to a client, before the list might show it. */
export interface ClientChange {
  readonly action: OperationAction;
  /** As of the outcomes of operations: before its request, after it, and after its task has ended. */
  readonly stage: 'waiting' | 'running' | 'verifying';
}

export interface GroupNode {
  readonly kind: 'group';
  /** `scope/dimensions/path`: no counts, so a group keeps its identity while its rows come and go. */
  readonly id: string;
  readonly dimension: Dimension;
  /** What the clients have in common, as `valueOf` of the dimension says it; '' for those without a value. */
  readonly value: string;
  /** True for clients that are each the only one of their value, put together. */
  readonly single: boolean;
  /** All clients below. */
  readonly clients: readonly ClientNode[];
  /** Put in order when somebody asks for them first. */
  readonly children: readonly ClientTreeNode[];
  /** The children if somebody asked for them: nobody has drawn others. */
  readonly drawn: readonly ClientTreeNode[] | undefined;
  readonly capabilities: ReadonlySet<Capability>;
  readonly counts: ClientCounts;
  /** The version that all of them can be upgraded to, where they are grouped by that. */
  readonly latest?: string;
}

export interface ClientNode extends RowPlace {
  readonly kind: 'client';
  /** `scope/clientKey`: no group, status, name or version, so a row that moves keeps its identity. */
  readonly id: string;
  readonly client: BackupClient;
  /** ID of the VPC of its instance; '' in a classic network, undefined where it isn't known. */
  readonly vpcId?: string | undefined;
  /** Undefined where nothing was read of it. */
  readonly lastBackup?: LastBackup | undefined;
  readonly outdated: boolean;
  readonly busy: boolean;
  /** What a running operation does to it. */
  readonly change: ClientChange | undefined;
  /** The change that might still be running although it's no longer tracked. */
  readonly unwatched: OperationAction | undefined;
  readonly attention: AttentionReason | undefined;
  /** What it's grouped and counted by: see `stateOf`. */
  readonly state: string;
  readonly capabilities: ReadonlySet<Capability>;
}

/** Rows next to each other, where a group or a list has too many to draw at once. */
export interface RangeNode {
  readonly kind: 'range';
  /** The ID of its group and where it begins; it stays while rows come and go. Never that of a client or a group. */
  readonly id: string;
  /** Where it began when it was cut; without a key where nothing comes before. */
  readonly start: RowPlace;
  /** All clients below, in the order of their rows; never empty. */
  readonly clients: readonly ClientNode[];
  readonly children: readonly ClientNode[];
  readonly capabilities: ReadonlySet<Capability>;
  readonly counts: ClientCounts;
}

/** One of several listings. */
export interface ListingNode {
  readonly kind: 'listing';
  /** The key of its scope; the IDs of all nodes below start with it. */
  readonly id: string;
  readonly label: ScopeLabel;
  /** True where listings of other profiles are shown beside it. */
  readonly namesProfile: boolean;
  readonly state: ListingState;
  /** State of its last listing. */
  readonly inventory: Omit<InventoryState, 'scope' | 'clients'>;
  /** Of all its clients, shown or not. */
  readonly counts: ClientCounts;
  /** How many the filter shows. */
  readonly shown: number;
  /** All its clients, shown or not. */
  readonly all: readonly ClientNode[];
  /** All clients below. */
  readonly clients: readonly ClientNode[];
  readonly children: readonly ClientTreeNode[];
  readonly capabilities: ReadonlySet<Capability>;
}

export type ClientTreeNode = ListingNode | GroupNode | RangeNode | ClientNode;

export interface ClientTree {
  readonly roots: readonly ClientTreeNode[];
  /** The node with that ID; undefined where there is none, or the filter hides it. */
  node(id: string): ClientTreeNode | undefined;
  /** ID of the parent of a node; undefined for one at the top, or one that isn't in the tree. */
  parentOf(id: string): string | undefined;
  /** The clients that the filter shows, by listing. */
  readonly clients: readonly ClientNode[];
  /** All clients, shown or not. */
  readonly all: readonly ClientNode[];
  /** Of {@link all}. */
  readonly counts: ClientCounts;
  /** How many clients the filter shows. */
  readonly shown: number;
}

export const emptyTree: ClientTree = {
  roots: [],
  node: () => undefined,
  parentOf: () => undefined,
  clients: [],
  all: [],
  counts: { total: 0, attention: 0, upgradeAvailable: 0 },
  shown: 0,
};

/** Key of the listing that a node belongs to. */
export function listingKeyOf(nodeId: string): string {
  // A key never contains a slash.
  const end = nodeId.indexOf('/');
  return end < 0 ? nodeId : nodeId.slice(0, end);
}

/** A part of an ID: no slash, no colon. */
// Half a surrogate pair can't be encoded, and a broken text of the service must not break the tree.
export function idPart(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, replacement));
}

/** Whether a part of an ID might be of another text than it says. */
export function isInexact(part: string): boolean {
  return part.includes(encodeURIComponent(replacement));
}

const replacement = '\ufffd';

/** What can be done with at least one of the clients. */
export function unionOf(nodes: readonly ClientNode[]): ReadonlySet<Capability> {
  const seen = new Set<ReadonlySet<Capability>>();
  let last: ReadonlySet<Capability> | undefined;
  for (const { capabilities } of nodes) {
    if (capabilities !== last) seen.add(capabilities);
    last = capabilities;
  }
  return new Set([...seen].flatMap((capabilities) => [...capabilities]));
}

/** Whether both are the same objects in the same order. */
export function sameNodes(a: readonly ClientTreeNode[], b: readonly ClientTreeNode[]): boolean {
  return a === b || (a.length === b.length && a.every((node, i) => node === b[i]));
}

/** The groups that a row is in, from the inside out. */
export function groupsAbove(
  tree: Pick<ClientTree, 'node' | 'parentOf'>,
  nodeId: string,
): readonly GroupNode[] {
  const groups: GroupNode[] = [];
  for (let id = tree.parentOf(nodeId); id !== undefined; id = tree.parentOf(id)) {
    const node = tree.node(id);
    if (node?.kind === 'group') groups.push(node);
  }
  return groups;
}
