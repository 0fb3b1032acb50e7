import { t } from '@vscode/l10n';
import { plainText } from '../kernel/plainText';
import { scopeInWords } from '../service/scopeLabel';
import { scopeLabelOf } from './askListing';
import type { Listing } from './listing';

/** Which clients the view shows: profile and region of the only listing, else how many there are. */
export function viewTitleOf(listings: readonly Listing[]): string | undefined {
  const [first, ...others] = listings;
  if (!first || others.length === 0) return first && scopeInWords(scopeLabelOf(first));
  const profiles = new Set(listings.map(({ profile }) => profile.id)).size;
  if (profiles > 1) return t('{0} profiles', profiles);
  const name = first.profile.demo ? t('Demo') : plainText(first.profile.name);
  const regions = new Set(listings.map(({ scope }) => scope.regionId)).size;
  return regions > 1 ? t('{0} · {1} regions', name, regions) : t('{0} · {1} accounts', name, listings.length);
}
