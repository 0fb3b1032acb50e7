import * as vscode from 'vscode';
import { unpinRoot } from '../core/clients/unpinRoot';
import type { ClientNode } from '../core/clients/clientTree';
import type { Root } from '../core/clients/session';
import type { Translate } from '../core/localize';
import type { BackupClient } from '../core/model';
import type { Profiles } from '../core/profiles/profiles';
import type { CopyRamPolicy } from '../core/profiles/ramPolicy';
import type { SelectAccount } from '../core/profiles/selectAccount';
import type { SelectRegions } from '../core/profiles/selectRegions';
import type { SignIn } from '../core/profiles/signIn';
import { createChangeCommands, type ChangeCommandWorld, type CommandHandler } from './changeCommands';
import { createTaskCommands, type TaskCommandWorld } from './tasks/taskCommands';
import { chosenNodes, rootOfRow } from './chosenNodes';
import { isKeyTrouble } from '../core/clients/viewState';

/** What the commands act on. */
export interface CommandWorld extends ChangeCommandWorld, TaskCommandWorld {
  readonly questions: TaskCommandWorld['questions'];
  readonly profiles: Profiles;
  readonly signIn: SignIn;
  readonly setGrouping: (grouping: 'status' | 'zone') => void;
  /** Asks for a filter and applies it. */
  readonly filterClients: () => Promise<void>;
  readonly clearFilter: () => void;
  readonly openDemo: () => Promise<void>;
  readonly selectRegions: SelectRegions;
  readonly selectAccount: SelectAccount;
  readonly copyRamPolicy: CopyRamPolicy;
  readonly showQuickMenu: () => Promise<void>;
  readonly showLog: () => void;
  readonly t: Translate;
}

/** One line a command: whatever takes more than a line is a flow of the core. */
export function createCommands(world: CommandWorld): ReadonlyMap<string, CommandHandler> {
  const { session, profiles, signIn, model } = world;
  const copy = (field: 'instanceId' | 'clientId' | 'privateIpV4') => (item: unknown, items: unknown) =>
    copyField(chosenNodes(model.tree, item, items), field);
  return new Map<string, CommandHandler>([
    ['cloudBackup.addProfile', () => signIn.addProfile()],
    ['cloudBackup.importFromKeychain', () => signIn.importFromKeychain()],
    ['cloudBackup.switchProfile', () => signIn.switchProfile()],
    ['cloudBackup.showProfiles', () => signIn.showProfiles()],
    ['cloudBackup.removeProfile', () => signIn.removeProfile()],
    ['cloudBackup.signInAgain', (item) => signInAgain(world, item)],
    ['cloudBackup.selectRegions', (item) => world.selectRegions(rootOfRow(session, item)?.profile.id)],
    ['cloudBackup.selectAccount', (item) => world.selectAccount(placeOfRow(rootOfRow(session, item)))],
    ['cloudBackup.copyRamPolicy', (item) => world.copyRamPolicy(rootOfRow(session, item)?.profile.id)],
    ['cloudBackup.quickMenu', () => world.showQuickMenu()],
    ['cloudBackup.openDemo', () => world.openDemo()],
    ['cloudBackup.closeDemo', () => profiles.disconnectDemo()],
    [
      'cloudBackup.refresh',
      (item) => {
        const root = rootOfRow(session, item);
        return root ? session.refreshRoot(root.key) : session.refresh();
      },
    ],
    [
      'cloudBackup.unpin',
      (item) => {
        const root = rootOfRow(session, item);
        return root && unpinRoot(profiles, root);
      },
    ],
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
}

function placeOfRow(root: Root | undefined) {
  return root && { profileId: root.profile.id, regionId: root.scope.regionId };
}

/** Of the row it was started on, else of the active profile unless only another one needs it. */
async function signInAgain({ session, profiles, signIn, t }: CommandWorld, item: unknown): Promise<void> {
  const { roots } = session;
  const inTrouble = roots.filter(({ state }) => isKeyTrouble(state)).map(({ profile }) => profile);
  const needed = inTrouble.find(({ id }) => id === session.profile?.id) ?? inTrouble[0];
  const profile = rootOfRow(session, item)?.profile ?? needed ?? session.profile;
  if (!profile || profile.demo) {
    void vscode.window.showInformationMessage(t('No profile is signed in. Add one first.'));
    return;
  }
  await signIn.signInAgain(profile.id);
  if (profiles.keyState(profile.id) !== 'kept') return;
  const own = session.roots.filter((root) => root.profile.id === profile.id);
  await Promise.all(own.map(({ key }) => session.refreshRoot(key)));
}

async function copyField(
  nodes: readonly ClientNode[] | undefined,
  field: keyof Pick<BackupClient, 'instanceId' | 'clientId' | 'privateIpV4'>,
): Promise<void> {
  const texts = (nodes ?? []).flatMap(({ client }) => client[field] ?? []);
  if (texts.length > 0) await vscode.env.clipboard.writeText(texts.join('\n'));
}
