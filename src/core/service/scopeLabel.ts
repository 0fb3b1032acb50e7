import { t } from '@vscode/l10n';
import { plainText } from '../kernel/plainText';
import { regionName } from './regions';
import type { CrossAccount, Scope } from './scope';

/** A scope and the profile that it is seen through. */
export interface ScopeLabel {
  readonly scope: Scope;
  readonly profileName: string;
  readonly demo: boolean;
}

/**
 * "production · China (Hangzhou)", and whose machines where they are another account's: first what its owner calls it,
 * since a narrow side bar cuts the end off. Safe to show.
 */
export function scopeInWords(label: ScopeLabel): string {
  return partsOf(label, regionName(label.scope.regionId));
}

/** As {@link scopeInWords}, with the id of the region: it is shorter, and zones begin with it. */
export function scopeInRow(label: ScopeLabel): string {
  return partsOf(label, label.scope.regionId);
}

function partsOf({ scope: { crossAccount }, profileName, demo }: ScopeLabel, region: string): string {
  return [
    demo ? t('Demo') : plainText(profileName),
    plainText(region),
    ...(crossAccount ? [ownerInWords(crossAccount)] : []),
  ].join(' · ');
}

/** "1234567890123456 (logistics)": an account by its id, and what its owner calls it. Safe to show. */
export function otherAccountInWords({ userId, alias }: CrossAccount): string {
  return alias ? t('{0} ({1})', plainText(userId), plainText(alias, 60)) : plainText(userId);
}

/**
 * The account that the machines of a scope belong to, and the one that asks where that is another. Empty when the
 * account was never verified. Safe to show.
 */
export function accountInWords({ accountId, crossAccount }: Scope): string {
  const own = plainText(accountId);
  if (!crossAccount) return own;
  const other = otherAccountInWords(crossAccount);
  return own ? t('{0} through {1}', other, own) : other;
}

function ownerInWords({ userId, alias }: CrossAccount): string {
  return alias
    ? t('{0} ({1})', plainText(alias, 60), plainText(userId))
    : t('account {0}', plainText(userId));
}
