import { asProfile, isCancelled, toBackupError } from '../../service/errors';
import type { Profile } from '../profile';
import { addProfile } from './addProfile';
import { importFromKeychain } from './importFromKeychain';
import { removeProfile } from './removeProfile';
import { signInAgain } from './signInAgain';
import type { SignInDeps } from './signInDeps';
import { showProfiles, switchProfile } from './switchProfile';

/**
 * What the user does with profiles. Each one asks, acts, and shows the result, failures included: none of them
 * rejects.
 */
export interface SignIn {
  /** Returns the new profile, which is active then; undefined when there is none. */
  addProfile(): Promise<Profile | undefined>;
  /** Adds profiles with keys from the keychain of the operating system; answers those that were added. */
  importFromKeychain(): Promise<readonly Profile[]>;
  /** Makes a profile usable again after its credentials were lost, rejected or expired; the active one unless named. */
  signInAgain(profileId?: string): Promise<void>;
  /** Without an id it asks which, if there are several. Removing the demo disconnects it. */
  removeProfile(profileId?: string): Promise<void>;
  switchProfile(): Promise<void>;
  /** Shows several profiles side by side. */
  showProfiles(): Promise<void>;
}

export function createSignIn(deps: SignInDeps): SignIn {
  const { store, view, notices } = deps;

  /** Shows every failure except a cancel. */
  async function showingFailures<T>(flow: () => Promise<T>): Promise<T | undefined> {
    try {
      return await flow();
    } catch (error) {
      if (!isCancelled(error)) notices.failure(toBackupError(error));
      return undefined;
    }
  }

  return {
    addProfile: () => showingFailures(() => addProfile(deps)),
    importFromKeychain: async () => (await showingFailures(() => importFromKeychain(deps))) ?? [],
    signInAgain: (profileId = view.active?.id) =>
      showingFailures(async () => {
        const profile = store.list().find(({ id }) => id === profileId);
        if (profile && !profile.demo) await asProfile(profile.id, () => signInAgain(profile, deps));
      }),
    removeProfile: (profileId) => showingFailures(() => removeProfile(profileId, deps)),
    switchProfile: () => showingFailures(() => switchProfile(deps)),
    showProfiles: () => showingFailures(() => showProfiles(deps)),
  };
}
