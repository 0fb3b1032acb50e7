import * as v from 'valibot';
import type { Disposable } from '../../kernel/disposables';
import { Emitter, type Event } from '../../kernel/events';
import { BackupError } from '../../service/errors';
import { demoProfileId } from '../../service/scope';
import type { Profile } from '../profile';
import type { ProfileList } from '../profileList';
import type { ProfileStore } from '../profileStore';

/** Where the profiles that a workspace showed last are kept. */
export interface ShownProfilesPort {
  read(): unknown;
  write(shown: ShownProfiles): Promise<void>;
}

export interface ShownProfiles {
  readonly activeId: string;
  readonly shownIds: readonly string[];
}

const shownSchema = v.object({
  activeId: v.string(),
  shownIds: v.array(v.string()),
}) satisfies v.GenericSchema<unknown, ShownProfiles>;

/**
 * Which profiles this window shows. A new window begins with those that its workspace showed last, a new workspace with
 * those that were shown last anywhere.
 */
export interface ProfilesInView extends Disposable {
  readonly active: Profile | undefined;
  /** Those whose clients are shown: the active one, and others beside it; in the order of the list. */
  readonly shown: readonly Profile[];
  /** Others are shown, or something about any profile changed. */
  readonly onDidChange: Event<void>;
  /** Shows this profile and no other. Throws BackupError `profile-gone` and `storage-failed`. */
  setActive(profileId: string): Promise<void>;
  /**
   * Shows several side by side; the active one stays active while it is among them, else the first becomes it. Throws
   * as `setActive`.
   */
  setShown(profileIds: readonly string[]): Promise<void>;
  /** Shows one alone, without an event, and without writing it down. */
  showOnly(profileId: string): void;
  /** Shows what was written down last, without an event. */
  restore(): void;
}

export function createProfilesInView(
  list: ProfileList,
  store: ProfileStore,
  workspace: ShownProfilesPort,
): ProfilesInView {
  const changes = new Emitter<void>();
  const listening = store.onDidChange(() => changes.fire());

  const shownLast = (): Partial<ShownProfiles> => {
    const here = v.safeParse(shownSchema, workspace.read());
    const exists = here.success && store.list().some(({ id }) => id === here.output.activeId);
    return exists ? here.output : list.read();
  };
  let { activeId, shownIds = [] } = shownLast();

  const active = (): Profile | undefined => {
    const all = store.list();
    // When it was removed, one that is shown beside it comes before one that isn't.
    return all.find(({ id }) => id === activeId) ?? all.find(({ id }) => shownIds.includes(id)) ?? all[0];
  };

  const shown = (): readonly Profile[] => {
    const first = active();
    return store.list().filter(({ id }) => id === first?.id || shownIds.includes(id));
  };

  async function show(first: Profile, all: readonly string[]): Promise<void> {
    activeId = first.id;
    shownIds = all;
    changes.fire();
    // The demo ends with the window: the next one begins with what was shown before.
    if (first.id === demoProfileId) return;
    const shown = { activeId: first.id, shownIds: all.filter((id) => id !== demoProfileId) };
    await list.write((stored) => ({ ...stored, ...shown }));
    await workspace.write(shown);
  }

  return {
    get active() {
      return active();
    },
    get shown() {
      return shown();
    },
    onDidChange: changes.event,
    async setActive(profileId) {
      const profile = store.get(profileId);
      if (active()?.id !== profileId || shown().length !== 1) await show(profile, [profileId]);
      else if (profileId !== demoProfileId)
        await workspace.write({ activeId: profileId, shownIds: [profileId] });
    },
    async setShown(profileIds) {
      const chosen = store.list().filter(({ id }) => profileIds.includes(id));
      const first = chosen.find(({ id }) => id === active()?.id) ?? chosen[0];
      if (!first) throw new BackupError('profile-gone', `no such profiles: ${profileIds.join(', ')}`);
      await show(
        first,
        chosen.map(({ id }) => id),
      );
    },
    showOnly(profileId) {
      activeId = profileId;
      shownIds = [];
    },
    restore() {
      ({ activeId, shownIds = [] } = shownLast());
    },
    dispose() {
      listening.dispose();
      changes.dispose();
    },
  };
}
