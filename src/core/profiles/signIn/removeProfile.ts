import { t } from '@vscode/l10n';
import { plainText } from '../../kernel/plainText';
import type { Profile } from '../profile';
import { describeProfile, profileRow } from './profileRows';
import type { SignInDeps } from './signInDeps';
import { dependentsOf, sourceOf } from '../keys/sourceChain';

/** Removes a profile after a confirm that says what stops with it. Without an id it asks which, if there are several. */
export async function removeProfile(profileId: string | undefined, deps: SignInDeps): Promise<void> {
  const { store, demo, questions, notices, log } = deps;
  const listed = store.list();
  const profile =
    profileId !== undefined || listed.length < 2
      ? listed.find(({ id }) => profileId === undefined || id === profileId)
      : await questions.one(
          { title: t('Remove Profile'), placeholder: t('Profile to remove') },
          listed.map((one) => profileRow(one, deps)),
        );
  if (listed.length === 0) notices.info(t('There is no profile to remove.'));
  if (profile === undefined) return;
  const remove = profile.demo ? t('Leave Demo') : t('Remove');
  const chosen = await questions.confirm({
    message: profile.demo ? t('Leave the demo?') : t('Remove the profile “{0}”?', plainText(profile.name)),
    detail: profile.demo ? t('The demo data is thrown away.') : whatHappens(profile, listed).join('\n\n'),
    actions: [remove],
  });
  if (chosen !== remove) return;
  if (profile.demo) demo.disconnect();
  else await store.remove(profile.id);
  log.write('info', `profile removed: ${profile.id}`);
}

function whatHappens(profile: Profile, listed: readonly Profile[]): readonly string[] {
  const ids = dependentsOf(profile.id, listed);
  const dependents = listed.filter(({ id }) => ids.includes(id)).map(({ name }) => plainText(name));
  return [
    describeProfile(profile),
    ...(dependents.length > 0
      ? [t('Roles are assumed with its key, so these profiles stop working: {0}.', dependents.join(', '))]
      : []),
    sourceOf(profile).kind === 'stored'
      ? t('Its access key is erased from VS Code. Nothing changes in Alibaba Cloud, and running tasks go on.')
      : t('Nothing changes where its key comes from, nor in Alibaba Cloud, and running tasks go on.'),
  ];
}
