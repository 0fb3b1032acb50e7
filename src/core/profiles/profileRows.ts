import type { Choice } from '../interaction/interaction';
import type { Translate } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import type { Profile } from './profile';
import type { Profiles } from './profiles';
import { kindInWords } from './signIn/sourceRows';

/** Account, identity and region of a profile. */
export function describeProfile(profile: Profile, t: Translate): string {
  return [
    profile.accountId === undefined ? t('not verified') : t('Account {0}', plainText(profile.accountId)),
    ...(profile.identity === undefined ? [] : [plainText(profile.identity)]),
    plainText(profile.regionId),
  ].join(' · ');
}

/** A row for a profile: whose it is, what kind of key it has, and what is wrong with that. */
export function profileRow(
  profile: Profile,
  profiles: Pick<Profiles, 'keyState' | 'isForSession' | 'active'>,
  troubleOf: (profileId: string) => string | undefined,
  t: Translate,
): Choice<Profile> {
  const { id } = profile;
  const state =
    profiles.keyState(id) === 'not-kept'
      ? t('VS Code did not keep this key.')
      : profiles.isForSession(id)
        ? t('Kept until this window closes.')
        : undefined;
  const details = [state ?? kindInWords(profile, t), troubleOf(id)].filter((text) => text !== undefined);
  return {
    label: plainText(profile.name),
    description: describeProfile(profile, t),
    detail: [...new Set(details)].join(' · '),
    picked: id === profiles.active?.id,
    value: profile,
  };
}
