import * as vscode from 'vscode';
import type { ChangeClients } from '../core/operations/changeClients';
import type { ClientNode, ClientTree } from '../core/clients/clientTree';
import type { Inventory } from '../core/clients/inventory';
import type { Translate } from '../core/localize';
import type { BackupClient } from '../core/model';
import type { Profiles } from '../core/profiles/profiles';
import { regionName } from '../core/regions';
import type { Session } from '../core/clients/session';
import type { SignIn } from '../core/profiles/signIn';
import type { TreeModel } from '../core/clients/treeModel';
import type { TreeElement } from './doors';

/** What a command of the manifest does, given the arguments that VS Code passes. */
export type CommandHandler = (...args: unknown[]) => unknown;

/** What the commands act on. */
export interface CommandWorld {
  readonly session: Session;
  readonly profiles: Profiles;
  readonly signIn: SignIn;
  readonly inventory: Inventory;
  readonly model: TreeModel;
  readonly changeClients: ChangeClients;
  readonly operations: {
    stopSending(id: string): Promise<void>;
    stopWatching(id: string): Promise<void>;
  };
  readonly operationIdOf: (row: TreeElement) => string | undefined;
  readonly showTask: (operationId: string) => void;
  readonly setGrouping: (grouping: 'status' | 'zone') => void;
  readonly openDemo: () => Promise<void>;
  readonly showLog: () => void;
  readonly t: Translate;
}

/** One line a command: whatever takes more than a line is a flow of the core. */
export function createCommands(world: CommandWorld): ReadonlyMap<string, CommandHandler> {
  const { session, profiles, signIn, inventory, model, operations } = world;
  const change = (action: 'install' | 'upgrade') => (item: unknown, items: unknown) =>
    changeChosen(world, action, chosenNodes(model.tree, item, items));
  const copy = (field: 'instanceId' | 'clientId' | 'privateIpV4') => (item: unknown, items: unknown) =>
    copyField(chosenNodes(model.tree, item, items), field);
  const withOperation = (act: (id: string) => unknown) => (item: unknown) => {
    const id = isElement(item) ? world.operationIdOf(item) : undefined;
    return id === undefined ? undefined : act(id);
  };
  return new Map<string, CommandHandler>([
    ['cloudBackup.addProfile', () => signIn.addProfile()],
    ['cloudBackup.importFromKeychain', () => signIn.importFromKeychain()],
    ['cloudBackup.switchProfile', () => signIn.switchProfile()],
    ['cloudBackup.removeProfile', () => signIn.removeProfile()],
    ['cloudBackup.enterKeyAgain', () => enterKeyAgain(world)],
    ['cloudBackup.openDemo', () => world.openDemo()],
    ['cloudBackup.closeDemo', () => profiles.disconnectDemo()],
    ['cloudBackup.refresh', () => inventory.refresh()],
    ['cloudBackup.groupByZone', () => world.setGrouping('zone')],
    ['cloudBackup.groupByStatus', () => world.setGrouping('status')],
    ['cloudBackup.install', change('install')],
    ['cloudBackup.upgrade', change('upgrade')],
    ['cloudBackup.copyInstanceId', copy('instanceId')],
    ['cloudBackup.copyClientId', copy('clientId')],
    ['cloudBackup.copyPrivateIp', copy('privateIpV4')],
    ['cloudBackup.showTask', withOperation((id) => world.showTask(id))],
    ['cloudBackup.stopSending', withOperation((id) => operations.stopSending(id))],
    ['cloudBackup.stopWatching', withOperation((id) => operations.stopWatching(id))],
    ['cloudBackup.showLog', () => world.showLog()],
  ]);

  async function enterKeyAgain({ t }: CommandWorld): Promise<void> {
    const profile = session.profile;
    if (!profile || profile.demo) {
      void vscode.window.showInformationMessage(t('No profile is signed in. Add one first.'));
      return;
    }
    await signIn.enterKeyAgain(profile.id);
    if (profiles.keyState(profile.id) === 'kept') await inventory.refresh();
  }
}

/** Acts on the rows that were chosen in the tree; from the palette it lists the clients first and asks which. */
async function changeChosen(
  { session, inventory, model, changeClients }: CommandWorld,
  action: 'install' | 'upgrade',
  chosen: readonly ClientNode[] | undefined,
): Promise<void> {
  if (!chosen && inventory.state?.phase !== 'ready') await inventory.refresh();
  const { profile } = session;
  const scope = inventory.state?.scope;
  if (!profile || !scope) return;
  const context = {
    scope,
    profileName: profile.name,
    demo: profile.demo === true,
    regionName: regionName(scope.regionId),
  };
  if (chosen) await changeClients.run(action, chosen, context);
  else await changeClients.pickAndRun(action, allNodes(model.tree), context);
}

async function copyField(
  nodes: readonly ClientNode[] | undefined,
  field: keyof Pick<BackupClient, 'instanceId' | 'clientId' | 'privateIpV4'>,
): Promise<void> {
  const texts = (nodes ?? []).flatMap(({ client }) => client[field] ?? []);
  if (texts.length > 0) await vscode.env.clipboard.writeText(texts.join('\n'));
}

/**
 * The clients behind the rows a menu command was started on, each once, groups opened; undefined when it was started
 * without a row.
 */
function chosenNodes(tree: ClientTree, item: unknown, items: unknown): readonly ClientNode[] | undefined {
  const elements = Array.isArray(items) && items.length > 0 ? items : item === undefined ? [] : [item];
  if (elements.length === 0) return undefined;
  const nodes = new Map<string, ClientNode>();
  for (const element of elements) {
    const node = isElement(element) ? tree.byId.get(element.id) : undefined;
    const clients = node?.kind === 'group' ? node.clients : node ? [node] : [];
    for (const client of clients) nodes.set(client.id, client);
  }
  return [...nodes.values()];
}

function allNodes(tree: ClientTree): readonly ClientNode[] {
  return [...tree.byId.values()].filter((node) => node.kind === 'client');
}

function isElement(value: unknown): value is TreeElement {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
