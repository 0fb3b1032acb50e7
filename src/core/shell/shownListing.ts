import { t } from '@vscode/l10n';
import type { ListingState } from '../clients/viewState';
import { plainText } from '../kernel/plainText';
import type { Profile } from '../profiles/profile';
import type { CrossAccount, Scope } from '../service/scope';

/** A listing of the client view, as far as the status bar and the quick menu show it. */
export interface ShownListing {
  /** ID of its row in the client tree. */
  readonly key: string;
  readonly profile: Profile;
  readonly scope: Pick<Scope, 'regionId' | 'crossAccount'>;
  readonly state: ListingState;
}

/** What a profile is called. Safe to show. */
export function profileName(profile: Profile): string {
  return profile.demo
    ? t({ message: 'Demo', comment: ['The built-in simulator with sample clients.'] })
    : plainText(profile.name, 40);
}

/** What another account is called: its alias, else its ID. Safe to show. */
export function accountName({ alias, userId }: CrossAccount): string {
  return plainText(alias ?? '', 40) || plainText(userId);
}

/** Each value once, in the order in which it first appears. */
export function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
