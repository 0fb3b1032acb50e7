import { t } from '@vscode/l10n';
import type { Questions } from '../interaction/interaction';
import { accountInWords, placeInWords, type Place } from '../service/placeInWords';
import type { Root } from './session';

/** A root that may be meant, and how many clients of it are. */
export interface RootChoice {
  readonly root: Root;
  readonly count: number;
}

/** Asks which of several roots is meant: a change acts on one. A single one is not asked about. */
export async function askRoot(
  questions: Pick<Questions, 'one'>,
  choices: readonly RootChoice[],
): Promise<Root | undefined> {
  const [only, ...others] = choices;
  if (others.length === 0) return only?.root;
  return await questions.one(
    { title: t('Which region?'), placeholder: t('Each region is changed by itself. Choose one.') },
    choices.map(({ root, count }) => {
      const account = accountInWords(root.scope);
      const facts = [
        account === '' ? t('account not verified') : t('account {0}', account),
        count === 1 ? t('1 client') : t('{0} clients', count),
      ];
      return { label: placeInWords(placeOf(root)), description: facts.join(' · '), value: root };
    }),
  );
}

/** Where a root is, and through which profile. */
export function placeOf({ scope, profile }: Root): Place {
  return { scope, profileName: profile.name, demo: profile.demo === true };
}
