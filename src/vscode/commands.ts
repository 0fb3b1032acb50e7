import * as vscode from 'vscode';
import type { ClientNode } from '../core/clients/clientTree';
import type { Translate } from '../core/localize';
import type { BackupClient } from '../core/model';
import type { Profiles } from '../core/profiles/profiles';
import type { SignIn } from '../core/profiles/signIn';
import { createChangeCommands, type ChangeCommandWorld, type CommandHandler } from './changeCommands';
import { createTaskCommands, type TaskCommandWorld } from './tasks/taskCommands';
import { chosenNodes } from './chosenNodes';

/** What the commands act on. */
export interface CommandWorld extends ChangeCommandWorld, TaskCommandWorld {
  readonly profiles: Profiles;
  readonly signIn: SignIn;
  readonly setGrouping: (grouping: 'status' | 'zone') => void;
  /** Asks for a filter and applies it. */
  readonly filterClients: () => Promise<void>;
  readonly clearFilter: () => void;
  readonly openDemo: () => Promise<void>;
  readonly showLog: () => void;
  readonly t: Translate;
}

/** One line a command: whatever takes more than a line is a flow of the core. */
export function createCommands(world: CommandWorld): ReadonlyMap<string, CommandHandler> {
  const { session, profiles, signIn, inventory, model } = world;
  const copy = (field: 'instanceId' | 'clientId' | 'privateIpV4') => (item: unknown, items: unknown) =>
    copyField(chosenNodes(model.tree, item, items), field);
  return new Map<string, CommandHandler>([
    ['cloudBackup.addProfile', () => signIn.addProfile()],
    ['cloudBackup.importFromKeychain', () => signIn.importFromKeychain()],
    ['cloudBackup.switchProfile', () => signIn.switchProfile()],
    ['cloudBackup.removeProfile', () => signIn.removeProfile()],
    ['cloudBackup.signInAgain', () => signInAgain(world)],
    ['cloudBackup.openDemo', () => world.openDemo()],
    ['cloudBackup.closeDemo', () => profiles.disconnectDemo()],
    ['cloudBackup.refresh', () => inventory.refresh()],
    ['cloudBackup.groupByZone', () => world.setGrouping('zone')],
    ['cloudBackup.groupByStatus', () => world.setGrouping('status')],
    ['cloudBackup.filter', () => world.filterClients()],
    ['cloudBackup.clearFilter', () => world.clearFilter()],
    ...createChangeCommands(world),
    ['cloudBackup.copyInstanceId', copy('instanceId')],
    ['cloudBackup.copyClientId', copy('clientId')],
    ['cloudBackup.copyPrivateIp', copy('privateIpV4')],
    ...createTaskCommands(world),
    ['cloudBackup.showLog', () => world.showLog()],
  ]);

  async function signInAgain({ t }: CommandWorld): Promise<void> {
    const profile = session.profile;
    if (!profile || profile.demo) {
      void vscode.window.showInformationMessage(t('No profile is signed in. Add one first.'));
      return;
    }
    await signIn.signInAgain(profile.id);
    if (profiles.keyState(profile.id) === 'kept') await inventory.refresh();
  }
}

async function copyField(
  nodes: readonly ClientNode[] | undefined,
  field: keyof Pick<BackupClient, 'instanceId' | 'clientId' | 'privateIpV4'>,
): Promise<void> {
  const texts = (nodes ?? []).flatMap(({ client }) => client[field] ?? []);
  if (texts.length > 0) await vscode.env.clipboard.writeText(texts.join('\n'));
}
