import { pinKey, pinsOf } from '../profiles/profile';
import type { ProfileStore } from '../profiles/profileStore';
import type { ProfilesInView } from '../profiles/view/profilesInView';
import { pinOf, type Listing } from './listing';

interface UnpinDeps {
  readonly store: Pick<ProfileStore, 'setPins'>;
  readonly view: Pick<ProfilesInView, 'shown' | 'setShown'>;
}

/**
 * Hides a listing: removes its pin with all its types of clients, or hides its profile when that was the last pin and other profiles are shown. The
 * only listing stays. Throws what `setPins` and `setShown` throw.
 */
export async function hideListing(
  { store, view }: UnpinDeps,
  listing: Pick<Listing, 'key' | 'profile'>,
): Promise<void> {
  const { profile } = listing;
  const pin = pinOf(listing);
  const left = pinsOf(profile).filter((one) => !pin || pinKey(one) !== pinKey(pin));
  if (left.length > 0) {
    await store.setPins(profile.id, left);
    return;
  }
  const others = view.shown.filter(({ id }) => id !== profile.id);
  if (others.length > 0) await view.setShown(others.map(({ id }) => id));
}
