import { BackupError } from '../service/errors';
import type { Profile } from './profile';
import { decodeStoredProfiles, type ProfileIndexPort, type StoredProfiles } from './profileIndex';

/** The stored list of profiles. It's read each time, because another window might have written it. */
export interface ProfileList {
  read(): StoredProfiles;
  /** Throws BackupError `storage-failed`. */
  write(change: (stored: StoredProfiles) => StoredProfiles): Promise<void>;
  /** Puts a changed profile in the place of the one with its id, if there is one. Throws as `write`. */
  replace(profileId: string, change: (profile: Profile) => Profile): Promise<void>;
}

export function createProfileList(index: ProfileIndexPort): ProfileList {
  const read = (): StoredProfiles => decodeStoredProfiles(index.read());
  const write: ProfileList['write'] = async (change) => {
    try {
      await index.write(change(read()));
    } catch (cause) {
      throw new BackupError('storage-failed', 'list of profiles not written', { cause });
    }
  };
  return {
    read,
    write,
    replace: (profileId, change) =>
      write((stored) => ({
        ...stored,
        profiles: stored.profiles.map((profile) => (profile.id === profileId ? change(profile) : profile)),
      })),
  };
}

/** With a profile at the end of the list; what is in view stays as it is. */
export function withProfile(stored: StoredProfiles, profile: Profile): StoredProfiles {
  return {
    ...stored,
    profiles: [...stored.profiles.filter(({ id }) => id !== profile.id), profile],
    removing: stored.removing.filter((id) => id !== profile.id),
  };
}

/** Without a profile. If it has a secret, its id is added to those that still have to be erased. */
export function withoutProfile(
  stored: StoredProfiles,
  profileId: string,
  hasSecret: boolean,
): StoredProfiles {
  const { activeId, shownIds } = stored;
  const others = shownIds?.filter((id) => id !== profileId) ?? [];
  return {
    ...(activeId !== undefined && activeId !== profileId && { activeId }),
    ...(others.length > 0 && { shownIds: others }),
    profiles: stored.profiles.filter(({ id }) => id !== profileId),
    removing: [...stored.removing.filter((id) => id !== profileId), ...(hasSecret ? [profileId] : [])],
  };
}
