import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';
import type { SecretStorePort } from '../../core/profiles/keys/accessKeys';
import { createCommandConsent, type CommandConsent } from '../../core/profiles/keys/commandConsent';
import type { Profile } from '../../core/profiles/profile';
import type { ShownProfilesPort } from '../../core/profiles/view/profilesInView';
import { decodeStoredProfiles, type ProfileIndexPort } from '../../core/profiles/profileIndex';

/** Keys in the global state of the extension, which Settings Sync leaves alone. */
const profilesKey = 'cloudBackup.profiles';
const shownKey = 'cloudBackup.shownProfiles';
const allowedCommandsKey = 'cloudBackup.allowedCommands';

/** What VS Code keeps of profiles. */
export interface ProfileStorage {
  readonly index: ProfileIndexPort;
  readonly workspace: ShownProfilesPort;
  readonly secrets: SecretStorePort;
  readonly consent: CommandConsent;
  /** The profiles in the index; the demo isn't among them. */
  readonly profiles: () => readonly Profile[];
}

export function createProfileStorage({
  globalState,
  workspaceState,
  secrets,
}: Pick<vscode.ExtensionContext, 'globalState' | 'workspaceState' | 'secrets'>): ProfileStorage {
  const read = (): unknown => globalState.get<unknown>(profilesKey);
  return {
    index: { read, write: async (stored) => await globalState.update(profilesKey, stored) },
    workspace: {
      read: () => workspaceState.get<unknown>(shownKey),
      write: async (shown) => await workspaceState.update(shownKey, shown),
    },
    profiles: () => decodeStoredProfiles(read()).profiles,
    secrets: {
      get: async (name) => await secrets.get(name),
      set: async (name, value) => await secrets.store(name, value),
      delete: async (name) => await secrets.delete(name),
      // Fires for other windows too.
      onDidChange: (listener) => secrets.onDidChange(({ key }) => listener(key)),
    },
    consent: createCommandConsent(
      {
        read: () => globalState.get<unknown>(allowedCommandsKey),
        write: async (programs) => await globalState.update(allowedCommandsKey, programs),
      },
      (text) => createHash('sha256').update(text).digest('hex'),
    ),
  };
}
