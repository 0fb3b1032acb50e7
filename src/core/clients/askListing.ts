import { t } from '@vscode/l10n';
import type { Questions } from '../interaction/interaction';
import { accountInWords, scopeInWords, type ScopeLabel } from '../service/scopeLabel';
import type { Listing } from './listing';

/** A listing that may be meant, and how many clients of it are. */
export interface ListingChoice {
  readonly listing: Listing;
  readonly count: number;
}

/** Asks which of several listings is meant: a change acts on one. A single one is not asked about. */
export async function askListing(
  questions: Pick<Questions, 'one'>,
  choices: readonly ListingChoice[],
): Promise<Listing | undefined> {
  const [only, ...others] = choices;
  if (others.length === 0) return only?.listing;
  return await questions.one(
    { title: t('Which region?'), placeholder: t('Each region is changed by itself. Choose one.') },
    choices.map(({ listing, count }) => {
      const account = accountInWords(listing.scope);
      const facts = [
        account === '' ? t('account not verified') : t('account {0}', account),
        count === 1 ? t('1 client') : t('{0} clients', count),
      ];
      return { label: scopeInWords(scopeLabelOf(listing)), description: facts.join(' · '), value: listing };
    }),
  );
}

/** Where a listing is, and through which profile. */
export function scopeLabelOf({ scope, profile }: Listing): ScopeLabel {
  return { scope, profileName: profile.name, demo: profile.demo === true };
}
