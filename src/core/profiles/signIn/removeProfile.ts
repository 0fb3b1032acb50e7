import { t } from '@vscode/l10n';
import { listOf } from '../../kernel/localize';
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
          {
            title: t({ message: 'Remove Profile', comment: ['Title of a dialog.'] }),
            placeholder: t('Select a profile to remove'),
          },
          listed.map((one) => profileRow(one, deps)),
        );
  if (listed.length === 0) notices.info(t('There are no profiles to remove.'));
  if (profile === undefined) return;
  const remove = profile.demo
    ? t({ message: 'Exit Demo', comment: ['Button.'] })
    : t({ message: 'Remove', comment: ['Button that removes a profile.'] });
  const chosen = await questions.confirm({
    message: profile.demo ? t('Exit the demo?') : t('Remove the profile “{0}”?', plainText(profile.name)),
    detail: profile.demo ? t('The demo data will be deleted.') : whatHappens(profile, listed).join('\n\n'),
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
      ? [
          t(
            'These profiles use its credentials to assume roles and will stop working: {0}.',
            listOf(dependents),
          ),
        ]
      : []),
    sourceOf(profile).kind === 'stored'
      ? t(
          'Its access key will be deleted from VS Code. Nothing changes in Alibaba Cloud, and running tasks continue.',
        )
      : t('Nothing changes at its credential source or in Alibaba Cloud, and running tasks continue.'),
  ];
}
