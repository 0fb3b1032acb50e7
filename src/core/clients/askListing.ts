import { t } from '@vscode/l10n';
import type { Questions } from '../interaction/interaction';
import { clientsInWords } from '../service/words';
import { accountInWords, scopeInWords, type ScopeLabel } from '../service/scopeLabel';
import type { Listing } from './listing';

/** A listing to choose from, and how many of its clients are meant. */
export interface ListingChoice {
  readonly listing: Listing;
  readonly count: number;
}

/**
 * Asks for one of several listings, since a change acts on one region, and on what one list of it shows. A single one is returned without a question.
 * Undefined when there is none or the user canceled.
 */
export async function askListing(
  questions: Pick<Questions, 'one'>,
  choices: readonly ListingChoice[],
): Promise<Listing | undefined> {
  const [only, ...others] = choices;
  if (others.length === 0) return only?.listing;
  return await questions.one(
    {
      ...(new Set(choices.map(({ listing }) => listing.scope.regionId)).size > 1
        ? {
            title: t({ message: 'Select Region', comment: ['The title of a pick'] }),
            placeholder: t('Select a region. Changes apply to one region at a time.'),
          }
        : {
            title: t({ message: 'Select List', comment: ['The title of a pick: lists of one region'] }),
            placeholder: t('Select a list. Changes apply to one list at a time.'),
          }),
    },
    choices.map(({ listing, count }) => {
      const account = accountInWords(listing.scope);
      const facts = [
        account === ''
          ? t({
              message: 'account not verified',
              comment: ['In a list of facts, in place of the account ID'],
            })
          : t({
              message: 'account {account}',
              args: { account },
              comment: ['An account by its ID, in a list of facts'],
            }),
        clientsInWords(count),
      ];
      return { label: scopeInWords(scopeLabelOf(listing)), description: facts.join(' · '), value: listing };
    }),
  );
}

/** What the scope of a listing is called. */
export function scopeLabelOf({
  scope,
  profile,
  amongTypes,
}: Pick<Listing, 'scope' | 'profile' | 'amongTypes'>): ScopeLabel {
  return { scope, profileName: profile.name, demo: profile.demo === true, amongTypes };
}
