import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { hideListing } from '../core/clients/hideListing';
import type { ClientNode } from '../core/clients/clientTree';
import type { Listing } from '../core/clients/listing';
import type { BackupClient } from '../core/service/model';
import type { Profiles } from '../core/profiles/createProfiles';
import type { CopyRamPolicy } from '../core/profiles/ramPolicy';
import type { SelectAccount } from '../core/profiles/view/selectAccount';
import type { SelectRegions } from '../core/profiles/view/selectRegions';
import type { SignIn } from '../core/profiles/signIn/signIn';
import { createChangeCommands, type ChangeCommandWorld } from './clients/changeCommands';
import {
  createTaskCommands,
  createTasksViewCommands,
  type TaskCommandWorld,
} from './operations/taskCommands';
import { chosenNodes, listingOfRow } from './clients/chosenNodes';
import { unlessRowsAreLost, type CommandHandler } from '../core/interaction/commandHandler';
import { isKeyTrouble } from '../core/clients/viewState';

/** What the commands act on. */
export interface CommandWorld extends ChangeCommandWorld, TaskCommandWorld {
  readonly questions: TaskCommandWorld['questions'];
  readonly profiles: Omit<Profiles, 'dispose'>;
  readonly signIn: SignIn;
  readonly setGrouping: (grouping: 'status' | 'zone') => void;
  /** Asks for a filter and applies it. */
  readonly filterClients: () => Promise<void>;
  readonly clearFilter: () => void;
  readonly openDemo: () => Promise<void>;
  readonly selectRegions: SelectRegions;
  readonly selectAccount: SelectAccount;
  readonly managePrograms: () => Promise<void>;
  readonly copyRamPolicy: CopyRamPolicy;
  readonly showQuickMenu: () => Promise<void>;
  readonly showLog: () => void;
}

/** One line a command: whatever takes more than a line is a flow of the core. */
export function createCommands(world: CommandWorld): ReadonlyMap<string, CommandHandler> {
  const changes = createChangeCommands(world);
  const tellLost = () => world.notices.info(t('The list changed while you clicked. Choose again.'));
  const ofView = [...viewCommands(world), ...changes.ofView, ...createTasksViewCommands(world)];
  const ofRows = [...rowCommands(world), ...changes.ofRows, ...createTaskCommands(world)];
  return new Map<string, CommandHandler>([
    // VS Code passes the focused row to a command in the title of a view: such a command means the view.
    ...ofView.map(([id, run]) => [id, () => run()] as const),
    ...ofRows.map(([id, run]) => [id, unlessRowsAreLost(run, tellLost)] as const),
  ]);
}

/** Commands without a row: of the palette, the quick menu, the title of a view, a welcome text or a notice. */
function viewCommands(world: CommandWorld): readonly (readonly [command: string, run: () => unknown])[] {
  const { session, profiles, signIn } = world;
  return [
    ['cloudBackup.addProfile', () => signIn.addProfile()],
    ['cloudBackup.importFromKeychain', () => signIn.importFromKeychain()],
    ['cloudBackup.switchProfile', () => signIn.switchProfile()],
    ['cloudBackup.showProfiles', () => signIn.showProfiles()],
    ['cloudBackup.removeProfile', () => signIn.removeProfile()],
    ['cloudBackup.selectRegions', () => world.selectRegions()],
    ['cloudBackup.selectAccount', () => world.selectAccount()],
    ['cloudBackup.managePrograms', () => world.managePrograms()],
    ['cloudBackup.copyRamPolicy', () => world.copyRamPolicy()],
    ['cloudBackup.quickMenu', () => world.showQuickMenu()],
    ['cloudBackup.openDemo', () => world.openDemo()],
    ['cloudBackup.closeDemo', () => profiles.demo.disconnect()],
    ['cloudBackup.refresh', () => session.refresh()],
    ['cloudBackup.groupByZone', () => world.setGrouping('zone')],
    ['cloudBackup.groupByStatus', () => world.setGrouping('status')],
    ['cloudBackup.filter', () => world.filterClients()],
    ['cloudBackup.clearFilter', () => world.clearFilter()],
    ['cloudBackup.showLog', () => world.showLog()],
  ];
}

/** Commands in the menus of rows. */
function rowCommands(world: CommandWorld): readonly (readonly [command: string, run: CommandHandler])[] {
  const { session, profiles, model } = world;
  const copy = (field: 'instanceId' | 'clientId' | 'privateIpV4') => (item: unknown, items: unknown) =>
    copyField(chosenNodes(model.tree, item, items), field);
  const onListing =
    (act: (listing: Listing) => unknown): CommandHandler =>
    (item) => {
      const listing = listingOfRow(session, item);
      return listing && act(listing);
    };
  return [
    ['cloudBackup.signInAgain', (item) => signInAgain(world, item)],
    ['cloudBackup.refreshOnRow', onListing(({ key }) => session.refreshListing(key))],
    ['cloudBackup.selectRegionsOnRow', onListing(({ profile }) => world.selectRegions(profile.id))],
    ['cloudBackup.selectAccountOnRow', onListing((listing) => world.selectAccount(accountTargetOf(listing)))],
    ['cloudBackup.copyRamPolicyOnRow', onListing(({ profile }) => world.copyRamPolicy(profile.id))],
    ['cloudBackup.unpin', onListing((listing) => hideListing(profiles, listing))],
    ['cloudBackup.copyInstanceId', copy('instanceId')],
    ['cloudBackup.copyClientId', copy('clientId')],
    ['cloudBackup.copyPrivateIp', copy('privateIpV4')],
  ];
}

function accountTargetOf({ profile, scope }: Listing) {
  return { profileId: profile.id, regionId: scope.regionId };
}

/** Of the profile or row it was started on, else of the active profile unless only another one needs it. */
async function signInAgain(
  { session, profiles, signIn, notices }: CommandWorld,
  item: unknown,
): Promise<void> {
  const id = typeof item === 'string' ? item : undefined;
  const { listings } = session;
  const inTrouble = listings.filter(({ state }) => isKeyTrouble(state)).map(({ profile }) => profile);
  const needed = inTrouble.find((one) => one.id === session.profile?.id) ?? inTrouble[0];
  const named = id === undefined ? undefined : profiles.store.list().find((one) => one.id === id);
  if (id !== undefined && !named) {
    // Signing in with another one would mend nothing.
    notices.info(t('This profile was removed. Add it again.'));
    return;
  }
  const profile = named ?? listingOfRow(session, item)?.profile ?? needed ?? session.profile;
  if (!profile || profile.demo) {
    notices.info(t('No profile is signed in. Add one first.'));
    return;
  }
  await signIn.signInAgain(profile.id);
  if (profiles.keys.state(profile.id) !== 'kept') return;
  const own = session.listings.filter((listing) => listing.profile.id === profile.id);
  await Promise.all(own.map(({ key }) => session.refreshListing(key)));
}

async function copyField(
  nodes: readonly ClientNode[] | undefined,
  field: keyof Pick<BackupClient, 'instanceId' | 'clientId' | 'privateIpV4'>,
): Promise<void> {
  const texts = (nodes ?? []).flatMap(({ client }) => client[field] ?? []);
  if (texts.length > 0) await vscode.env.clipboard.writeText(texts.join('\n'));
}
