import { pinsOf } from '../profiles/view/pins';
import type { Profiles } from '../profiles/profiles';
import { scopeKey } from '../service/scope';
import { scopeOf, type Root } from './session';

/**
 * Takes a root out of view: its pin goes, or its whole profile when that was the last one and others stay in view. The
 * only root stays. Throws what `Profiles.setPins` and `setShown` throw.
 */
export async function unpinRoot(
  profiles: Pick<Profiles, 'shown' | 'setPins' | 'setShown'>,
  { key, profile }: Pick<Root, 'key' | 'profile'>,
): Promise<void> {
  const left = pinsOf(profile).filter((pin) => scopeKey(scopeOf(profile, pin)) !== key);
  if (left.length > 0) {
    await profiles.setPins(profile.id, left);
    return;
  }
  const others = profiles.shown.filter(({ id }) => id !== profile.id);
  if (others.length > 0) await profiles.setShown(others.map(({ id }) => id));
}
