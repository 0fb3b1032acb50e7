import { nameOf } from '../service/clientFacts';
import type { BackupClient } from '../service/model';
import { overdueInRow } from '../protection/lastBackupWords';
import type { ClientCounts } from './clientCounts';
import type { ClientNode, ClientTree, ClientTreeNode, ListingNode } from './clientTree';

/** What to redraw. `root`: a node at the top was added, removed, or moved. */
export interface TreeChange {
  readonly root: boolean;
  /** The topmost nodes with a changed row or changed children; none is below another. */
  readonly ids: readonly string[];
}

/**
 * Compares two trees. A changed row is in the result itself, a moved one through its old and its new group. Trees that
 * look the same give an empty result.
 */
export function diffClientTrees(before: ClientTree, after: ClientTree): TreeChange {
  if (before === after) return { root: false, ids: [] };
  if (!sameIds(before.roots, after.roots)) return { root: true, ids: [] };
  return { root: false, ids: changedAmong(before.roots, after.roots) };
}

/** Of nodes with the same IDs. One that looks the same has the same children, as far as they're drawn. */
function changedAmong(
  before: readonly ClientTreeNode[],
  after: readonly ClientTreeNode[],
): readonly string[] {
  return after.flatMap((node, i) => {
    const old = before[i];
    if (!old || old === node) return [];
    if (!looksSame(old, node)) return [node.id];
    return changedAmong(drawnBelow(old), drawnBelow(node));
  });
}

function looksSame(a: ClientTreeNode, b: ClientTreeNode): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'listing':
      return (
        b.kind === 'listing' &&
        sameListing(a, b) &&
        sameIds(a.children, b.children) &&
        sameSet(a.capabilities, b.capabilities)
      );
    case 'group':
      return (
        b.kind === 'group' &&
        sameCounts(a.counts, b.counts) &&
        a.latest === b.latest &&
        (!a.drawn || sameIds(a.drawn, b.children)) &&
        sameSet(a.capabilities, b.capabilities)
      );
    case 'range':
      return (
        b.kind === 'range' &&
        sameCounts(a.counts, b.counts) &&
        sameIds(a.children, b.children) &&
        sameSet(a.capabilities, b.capabilities) &&
        sameName(a.clients[0], b.clients[0]) &&
        sameName(a.clients.at(-1), b.clients.at(-1))
      );
    case 'client':
      return (
        b.kind === 'client' &&
        a.busy === b.busy &&
        a.change?.action === b.change?.action &&
        a.change?.stage === b.change?.stage &&
        a.unwatched === b.unwatched &&
        a.attention === b.attention &&
        (a.attention !== 'backup-overdue' || overdueInRow(a.lastBackup) === overdueInRow(b.lastBackup)) &&
        sameShown(a.client, b.client)
      );
  }
}

function drawnBelow(node: ClientTreeNode): readonly ClientTreeNode[] {
  if (node.kind === 'client') return [];
  return node.kind === 'group' ? (node.drawn ?? []) : node.children;
}

/** What a range is called by. */
function sameName(a: ClientNode | undefined, b: ClientNode | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && nameOf(a.client) === nameOf(b.client));
}

/** Progress is compared only for a first listing: drawing a listing draws everything below it. */
function sameListing(a: ListingNode, b: ListingNode): boolean {
  const first = (node: ListingNode): boolean =>
    node.inventory.phase === 'loading' && node.inventory.listedAt === undefined;
  return (
    a.state === b.state &&
    a.namesProfile === b.namesProfile &&
    a.label.profileName === b.label.profileName &&
    a.label.amongTypes === b.label.amongTypes &&
    a.label.scope.crossAccount?.alias === b.label.scope.crossAccount?.alias &&
    a.inventory.phase === b.inventory.phase &&
    a.inventory.error === b.inventory.error &&
    (!first(a) || a.inventory.received === b.inventory.received) &&
    a.shown === b.shown &&
    sameCounts(a.counts, b.counts)
  );
}

function sameCounts(a: ClientCounts, b: ClientCounts): boolean {
  return a.total === b.total && a.attention === b.attention && a.upgradeAvailable === b.upgradeAvailable;
}

function sameIds(a: readonly ClientTreeNode[], b: readonly ClientTreeNode[]): boolean {
  return a.length === b.length && a.every((node, i) => node.id === b[i]?.id);
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((word) => b.has(word));
}

// Everything that a row shows. Not the heartbeat: it changes all the time, and only the tooltip shows it.
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
