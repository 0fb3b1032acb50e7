import { DisposableStore, type Disposable } from '../../core/kernel/disposables';
import { createDemo } from '../demo';
import type { VscodeHost } from '../host';
import { createProfileCommands, type ProfileCommandDeps } from './profileCommands';
import { registerStatusBar } from './statusBar';

/** The commands about profiles, the demo, and the status bar item with its quick menu. */
export interface ProfilesPart extends Disposable {
  readonly commands: ReturnType<typeof createProfileCommands>;
}

export function registerProfiles(
  deps: Omit<ProfileCommandDeps, 'openDemo'> & Pick<VscodeHost, 'contextKeys'>,
): ProfilesPart {
  const owned = new DisposableStore();
  const demo = owned.add(createDemo(deps));
  owned.add(registerStatusBar(deps));
  const commands = createProfileCommands({ ...deps, openDemo: () => demo.open() });
  return { commands, dispose: () => owned.dispose() };
}
