import { t } from '@vscode/l10n';
import type { PickRow } from '../../interaction/interaction';
import type { Profile } from '../profile';
import { addFromSource } from './addFromSource';
import { addProfile } from './addProfile';
import type { SourceOffer } from '../keys/credentialSource';
import { profileRow } from './profileRows';
import type { SignInDeps } from './signInDeps';
import { profileFrom, sourceRows } from './sourceRows';

type Chosen = { readonly profile: Profile } | { readonly offer: SourceOffer } | { readonly add: true };

/** Shows another profile alone: an existing one, or a new one from a source outside VS Code. */
export async function switchProfile(deps: SignInDeps): Promise<void> {
  const { store, view, outside, questions } = deps;
  const found = await outside.offers();
  const listed = store.list();
  const fresh = found.offers.filter(({ source }) => !profileFrom(source, listed));
  const rows: readonly PickRow<Chosen>[] = [
    ...listed.map((profile) => ({
      ...profileRow(profile, deps),
      value: { profile },
    })),
    ...sourceRows({ offers: fresh, problems: found.problems }, listed).map((row) =>
      'value' in row ? { ...row, value: { offer: row.value } } : row,
    ),
    { kind: 'heading', label: '' },
    { label: t({ message: 'Add Profile…', comment: ['Row: adds a profile.'] }), value: { add: true } },
  ];
  const chosen = await questions.one(
    {
      title: t({ message: 'Switch Profile', comment: ['Title of a dialog.'] }),
      placeholder: t('Select a profile'),
    },
    rows,
  );
  if (chosen === undefined) return;
  if ('profile' in chosen) await view.setActive(chosen.profile.id);
  else if ('offer' in chosen) await addFromSource(chosen.offer, deps);
  else await addProfile(deps);
}

/** Shows several profiles side by side. */
export async function showProfiles(deps: SignInDeps): Promise<void> {
  const { store, view, questions, notices } = deps;
  const listed = store.list();
  if (listed.length < 2) {
    notices.info(t('To show several profiles, add another one first.'));
    return;
  }
  const shown = new Set(view.shown.map(({ id }) => id));
  const chosen = await questions.many(
    { title: t('Show Multiple Profiles'), placeholder: t('Select profiles to show') },
    listed.map((profile) => ({
      ...profileRow(profile, deps),
      picked: shown.has(profile.id),
    })),
  );
  // With none ticked nothing could be shown: what is in view stays.
  if (chosen === undefined || chosen.length === 0) return;
  await view.setShown(chosen.map(({ id }) => id));
}
