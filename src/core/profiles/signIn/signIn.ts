import { asProfile, isCancelled, toBackupError } from '../../service/errors';
import type { Profile } from '../profile';
import type { Waiting } from '../../kernel/waiting';
import { addProfile } from './addProfile';
import { demoProfileId } from '../../service/scope';
import { importFromKeychain } from './importFromKeychain';
import { removeProfile } from './removeProfile';
import { signInAgain } from './signInAgain';
import type { SignInWorld } from './signInWorld';
import { showProfiles, switchProfile } from '../view/switchProfile';

/**
 * What the user does with profiles. Each one asks, acts, and tells how it ended, failures included: none of these
 * rejects.
 */
export interface SignIn {
  /** Answers the new profile, which is active then; undefined when there is none. */
  addProfile(): Promise<Profile | undefined>;
  /** Adds profiles with keys from the keychain of the operating system; answers those that were added. */
  importFromKeychain(): Promise<readonly Profile[]>;
  /** Makes a profile usable again whose key is lost, refused or over; of the active one unless another is named. */
  signInAgain(profileId?: string): Promise<void>;
  /** Without an id it asks which, if there are several. Removing the demo disconnects it. */
  removeProfile(profileId?: string): Promise<void>;
  switchProfile(): Promise<void>;
  /** Shows several profiles side by side. */
  showProfiles(): Promise<void>;
  /**
   * Finds out whose key a profile has that was saved unverified, and keeps it. Answers the profile with its account.
   * Says nothing to the user: rejects with BackupError.
   */
  identify(profile: Profile, waiting: Waiting): Promise<Profile>;
}

export function createSignIn(world: SignInWorld): SignIn {
  const { profiles, notices } = world;

  /** A cancel ends quietly, everything else is told. */
  async function told<T>(flow: () => Promise<T>): Promise<T | undefined> {
    try {
      return await flow();
    } catch (error) {
      if (!isCancelled(error)) notices.failure(toBackupError(error));
      return undefined;
    }
  }

  return {
    addProfile: () => told(() => addProfile(world)),
    importFromKeychain: async () => (await told(() => importFromKeychain(world))) ?? [],
    signInAgain: (profileId = profiles.active?.id) =>
      told(async () => {
        const profile = profiles.list().find(({ id }) => id === profileId);
        if (profile && !profile.demo) await asProfile(profile.id, () => signInAgain(profile, world));
      }),
    removeProfile: (profileId) => told(() => removeProfile(profileId, world)),
    switchProfile: () => told(() => switchProfile(world)),
    showProfiles: () => told(() => showProfiles(world)),
    async identify(profile, waiting) {
      if (profile.accountId !== undefined || profile.id === demoProfileId) return profile;
      return await profiles.identify(profile.id, waiting);
    },
  };
}
