import type { Pin, Profile } from '../profile';

/** What the client view shows of a profile: its pins, else its own region. */
export function pinsOf(profile: Profile): readonly [Pin, ...Pin[]] {
  const [first, ...rest] = profile.pins ?? [];
  return first ? [first, ...rest] : [{ regionId: profile.regionId }];
}
