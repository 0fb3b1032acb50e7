import type * as vscode from 'vscode';
import type { ProfileIndexPort } from '../../core/profiles/profileIndex';

const key = 'cloudBackup.profiles';

/** Keeps the list of profiles in the global state of the extension, which Settings Sync leaves alone. */
export function createProfileIndex(globalState: vscode.Memento): ProfileIndexPort {
  return {
    read: () => globalState.get<unknown>(key),
    write: async (stored) => await globalState.update(key, stored),
  };
}
