import type { ClientTreeNode } from './clientTree';
import { isKeyTrouble, type ListingState } from './viewState';

/** What the menus of the manifest can look for in a row of the Backup Clients view. */
export const clientRowWords = [
  'client',
  'group',
  'range',
  'listing',
  'installable',
  'upgradable',
  'uninstallable',
  'hasInstanceId',
  'hasClientId',
  'hasPrivateIp',
  'readable',
  'ecs',
  'keyTrouble',
  'denied',
] as const;

export type ClientRowWord = (typeof clientRowWords)[number];

/** States of a listing in which its clients can be read. */
const readable: ReadonlySet<ListingState> = new Set(['loading', 'ready', 'empty']);

/** What the menus of the manifest find in `viewItem`: the words of a row. */
export function contextValueOf(node: ClientTreeNode): string {
  return menuWordsOf(node).join(' ');
}

/** The words of a row: its kind first, then one for each thing that can be done with it. */
export function menuWordsOf(node: ClientTreeNode): readonly ClientRowWord[] {
  if (node.kind === 'group' || node.kind === 'range') return [node.kind, ...node.capabilities];
  if (node.kind === 'listing') {
    return [
      'listing',
      ...node.capabilities,
      ...(node.label.scope.clientType === 'ECS_CLIENT' ? (['ecs'] as const) : []),
      ...(readable.has(node.state) ? (['readable'] as const) : []),
      ...(isKeyTrouble(node.state) ? (['keyTrouble'] as const) : []),
      ...(node.state === 'denied' ? (['denied'] as const) : []),
    ];
  }
  const { clientId, instanceId, privateIpV4 } = node.client;
  return [
    'client',
    ...node.capabilities,
    ...(instanceId ? (['hasInstanceId'] as const) : []),
    ...(clientId ? (['hasClientId'] as const) : []),
    ...(privateIpV4 ? (['hasPrivateIp'] as const) : []),
  ];
}
