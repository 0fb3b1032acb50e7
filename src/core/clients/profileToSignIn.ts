import type { Profile } from '../profiles/profile';
import { listingOfRow } from './chosenClients';
import type { Session } from './session';
import { isKeyTrouble } from './viewState';

/** Why there is no profile to sign in again with. */
export type NoProfileToSignIn = 'removed' | 'none';

/**
 * Which profile "Sign In Again…" means. An id names it: where that profile is gone, no other one takes its place. A row
 * means its profile. Without either it is the active profile, unless only another one needs new credentials.
 *
 * @param item the row, or the id of a profile
 */
export function profileToSignIn(
  item: unknown,
  profiles: readonly Profile[],
  session: Pick<Session, 'profile' | 'listings' | 'listingOf'>,
): Profile | NoProfileToSignIn {
  const named = typeof item === 'string' ? profiles.find(({ id }) => id === item) : undefined;
  if (typeof item === 'string' && !named) return 'removed';
  const inTrouble = session.listings.filter(({ state }) => isKeyTrouble(state)).map(({ profile }) => profile);
  const needed = inTrouble.find(({ id }) => id === session.profile?.id) ?? inTrouble[0];
  const profile = named ?? listingOfRow(session, item)?.profile ?? needed ?? session.profile;
  return profile && !profile.demo ? profile : 'none';
}
