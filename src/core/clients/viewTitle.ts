import { t } from '@vscode/l10n';
import { plainText } from '../kernel/plainText';
import { withoutFilter } from '../service/scope';
import { scopeInWords } from '../service/scopeLabel';
import { scopeLabelOf } from './askListing';
import type { Listing } from './listing';

/** Which clients the view shows: the only listing, or what several have in common, else how many there are. */
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
  const accounts = new Set(listings.map(({ scope }) => scope.crossAccount?.userId)).size;
  // The rows say how they differ: by type of clients, or by what narrows them.
  if (regions === 1 && accounts === 1) return sharedScope(first);
  return regions > 1
    ? t({
        message: '{profile} · {count} regions',
        args: { profile: name, count: regions },
        comment: ['Title of the Backup Clients view. {profile} is the name of a profile.'],
      })
    : t({
        message: '{profile} · {count} accounts',
        args: { profile: name, count: accounts },
        comment: ['Title of the Backup Clients view. {profile} is the name of a profile.'],
      });
}

/** "production · China (Hangzhou)", for listings that differ in nothing else than types and filters. */
function sharedScope(listing: Listing): string {
  const scope = { ...withoutFilter(listing.scope), clientType: 'ECS_CLIENT' } as const;
  return scopeInWords({ ...scopeLabelOf(listing), scope, amongTypes: false });
}
