import { t } from '@vscode/l10n';
import type { Choice } from '../../interaction/interaction';
import { plainText } from '../../kernel/plainText';
import type { Profile } from '../profile';
import type { SignInDeps } from './signInDeps';
import { kindInWords } from './sourceRows';

/** Account, identity and region of a profile. */
export function describeProfile(profile: Profile): string {
  return [
    profile.accountId === undefined
      ? t({ message: 'not verified', comment: ['In place of the account of a profile.'] })
      : t({
          message: 'Account {0}',
          args: [plainText(profile.accountId)],
          comment: ['{0} is an account ID.'],
        }),
    ...(profile.identity === undefined ? [] : [plainText(profile.identity)]),
    plainText(profile.regionId),
  ].join(' · ');
}

/** A row for a profile: its account, the kind of its credentials, and what's wrong with them. */
export function profileRow(
  profile: Profile,
  { keys, view, troubleOf }: Pick<SignInDeps, 'keys' | 'view' | 'troubleOf'>,
): Choice<Profile> {
  const { id } = profile;
  const state =
    keys.state(id) === 'not-kept'
      ? t("VS Code couldn't save these credentials")
      : keys.isForSession(id)
        ? t('Available until this window closes')
        : undefined;
  const details = [state ?? kindInWords(profile), troubleOf(id)].filter((text) => text !== undefined);
  return {
    label: plainText(profile.name),
    description: describeProfile(profile),
    detail: [...new Set(details)].join(' · '),
    picked: id === view.active?.id,
    value: profile,
  };
}
