import { DisposableStore, type Disposable } from '../../core/kernel/disposables';
import { createDemo } from '../demo';
import type { VscodeHost } from '../host';
import { handledOnFirstUse, type CommandHandlers } from '../../core/interaction/commandHandler';
import type { ProfileCommandDeps } from './profileCommands';
import { registerStatusBar } from './statusBar';

const profileCommands = [
  'cloudBackup.addProfile',
  'cloudBackup.closeDemo',
  'cloudBackup.copyRamPolicy',
  'cloudBackup.copyRamPolicyOnRow',
  'cloudBackup.editPinFilter',
  'cloudBackup.editPinFilterOnRow',
  'cloudBackup.importFromKeychain',
  'cloudBackup.managePrograms',
  'cloudBackup.openDemo',
  'cloudBackup.openWalkthrough',
  'cloudBackup.quickMenu',
  'cloudBackup.removeProfile',
  'cloudBackup.selectAccount',
  'cloudBackup.selectAccountOnRow',
  'cloudBackup.selectClientTypes',
  'cloudBackup.selectRegions',
  'cloudBackup.selectRegionsOnRow',
  'cloudBackup.showLog',
  'cloudBackup.showProfiles',
  'cloudBackup.signInAgain',
  'cloudBackup.switchProfile',
] as const;

/** The commands about profiles, the demo, and the status bar item with its quick menu. */
export interface ProfilesPart extends Disposable {
  readonly commands: CommandHandlers<(typeof profileCommands)[number]>;
}

export function registerProfiles(
  deps: Omit<ProfileCommandDeps, 'openDemo'> & Pick<VscodeHost, 'contextKeys'>,
): ProfilesPart {
  const owned = new DisposableStore();
  const demo = owned.add(createDemo(deps));
  owned.add(registerStatusBar(deps));
  const commands = handledOnFirstUse(profileCommands, async () => {
    const { createProfileCommands } = await import('./profileCommands');
    return createProfileCommands({ ...deps, openDemo: () => demo.open() });
  });
  return { commands, dispose: () => owned.dispose() };
}
