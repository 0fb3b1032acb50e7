import { demoProfileId } from '../../service/scope';
import { BackupError } from '../../service/errors';
import type { Profile } from '../profile';
import type { ProfileList } from '../profileList';

/** Which profiles this window shows. A new window begins with those that were in view last anywhere. */
export interface ProfilesInView {
  readonly active: Profile | undefined;
  readonly shown: readonly Profile[];
  /** Shows one alone, and writes nothing down. */
  turnTo(profileId: string): void;
  /** Shows what was written down last. */
  turnBack(): void;
  /** As `Profiles.setActive`. */
  setActive(profileId: string): Promise<void>;
  /** As `Profiles.setShown`. */
  setShown(profileIds: readonly string[]): Promise<void>;
}

/** `changed` is called when others are in view, before that is written down. */
export function createProfilesInView(
  list: ProfileList,
  profiles: () => readonly Profile[],
  changed: () => void,
): ProfilesInView {
  let { activeId, shownIds = [] } = list.read();

  const active = (): Profile | undefined => {
    const all = profiles();
    // When it was removed, one that is in view beside it comes before one that is not.
    return all.find(({ id }) => id === activeId) ?? all.find(({ id }) => shownIds.includes(id)) ?? all[0];
  };

  const shown = (): readonly Profile[] => {
    const first = active();
    return profiles().filter(({ id }) => id === first?.id || shownIds.includes(id));
  };

  async function show(first: Profile, all: readonly string[]): Promise<void> {
    activeId = first.id;
    shownIds = all;
    changed();
    // The demo is gone with the window: another one begins with what was in view before it.
    if (first.id === demoProfileId) return;
    await list.write((stored) => ({
      ...stored,
      activeId: first.id,
      shownIds: all.filter((id) => id !== demoProfileId),
    }));
  }

  return {
    get active() {
      return active();
    },
    get shown() {
      return shown();
    },
    turnTo(profileId) {
      activeId = profileId;
      shownIds = [];
    },
    turnBack() {
      ({ activeId, shownIds = [] } = list.read());
    },
    async setActive(profileId) {
      const profile = profiles().find(({ id }) => id === profileId);
      if (!profile) throw notSignedIn(profileId);
      if (active()?.id === profileId && shown().length === 1) return;
      await show(profile, [profileId]);
    },
    async setShown(profileIds) {
      const chosen = profiles().filter(({ id }) => profileIds.includes(id));
      const first = chosen.find(({ id }) => id === active()?.id) ?? chosen[0];
      if (!first) throw notSignedIn(profileIds.join(', '));
      await show(
        first,
        chosen.map(({ id }) => id),
      );
    },
  };
}

/** `profile-gone`: nobody is signed in under this id. */
export function notSignedIn(profileId: string): BackupError {
  return new BackupError('profile-gone', `no such profile: ${profileId}`);
}
