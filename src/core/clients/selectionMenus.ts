import type { Capability } from './capabilities';
import type { ClientTreeNode } from './clientTree';
import { contextValueOf } from './menuWords';

/**
 * Context keys of what a selection of several rows offers as a whole. VS Code shows a menu entry only where it applies to
 * every selected row, and keeps `listMultiSelection` while the menu of a row outside the selection is open. So each key
 * has the context values of the selected rows, and an entry asks: `viewItem in cloudBackup.selectionUpgradable`.
 */
export const selectionKeys = [
  'cloudBackup.selectionInstallable',
  'cloudBackup.selectionUpgradable',
  'cloudBackup.selectionUninstallable',
  'cloudBackup.selectionEditable',
] as const;

export type SelectionKey = (typeof selectionKeys)[number];

/**
 * What a selection offers: installs and upgrades if one of its rows can be changed, because the plan leaves out the rest;
 * uninstalling and settings of clients only, because groups don't offer them.
 */
export function selectionMenusOf(
  nodes: readonly ClientTreeNode[],
): Readonly<Record<SelectionKey, readonly string[]>> {
  const rows = nodes.length > 1 ? [...new Set(nodes.map(contextValueOf))] : [];
  const some = (capability: Capability): boolean =>
    nodes.some(({ capabilities }) => capabilities.has(capability));
  const onlyClients = nodes.every(({ kind }) => kind === 'client');
  const editable = nodes.some((node) => node.kind === 'client' && node.client.clientId);
  const where = (offered: boolean): readonly string[] => (offered ? rows : []);
  return {
    'cloudBackup.selectionInstallable': where(some('installable')),
    'cloudBackup.selectionUpgradable': where(some('upgradable')),
    'cloudBackup.selectionUninstallable': where(onlyClients && some('uninstallable')),
    'cloudBackup.selectionEditable': where(onlyClients && editable),
  };
}
