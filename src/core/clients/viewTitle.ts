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
  // Several profiles are two at least, and so are several regions or accounts.
  if (profiles > 1)
    return t({
      message: '{count} profiles',
      args: { count: profiles },
      comment: ['Title of the Backup Clients view'],
    });
  const name = first.profile.demo
    ? t({ message: 'Demo', comment: ['The built-in sample data, in place of the name of a profile'] })
    : plainText(first.profile.name);
  const regions = new Set(listings.map(({ scope }) => scope.regionId)).size;
  return regions > 1
    ? t({
        message: '{profile} · {count} regions',
        args: { profile: name, count: regions },
        comment: ['Title of the Backup Clients view. {profile} is the name of a profile.'],
      })
    : t({
        message: '{profile} · {count} accounts',
        args: { profile: name, count: listings.length },
        comment: ['Title of the Backup Clients view. {profile} is the name of a profile.'],
      });
}
