import { t } from '@vscode/l10n';
import { plainText } from '../kernel/plainText';
import { regionName } from './regions';
import type { CrossAccount, Scope } from './scope';

/** A scope, and what its profile is called. */
export interface ScopeLabel {
  readonly scope: Scope;
  readonly profileName: string;
  readonly demo: boolean;
}

/**
 * "production · China (Hangzhou)", followed by the account where it's another one: its alias first, since a narrow side
 * bar cuts the end off. Safe to show.
 */
export function scopeInWords(label: ScopeLabel): string {
  return partsOf(label, regionName(label.scope.regionId));
}

/** As {@link scopeInWords}, with the region ID: it's shorter, and zone IDs begin with it. */
export function scopeInRow(label: ScopeLabel): string {
  return partsOf(label, label.scope.regionId);
}

function partsOf({ scope: { crossAccount }, profileName, demo }: ScopeLabel, region: string): string {
  return [
    demo
      ? t({ message: 'Demo', comment: 'The built-in sample data, in place of the name of a profile' })
      : plainText(profileName),
    plainText(region),
    ...(crossAccount ? [ownerInWords(crossAccount)] : []),
  ].join(' · ');
}

/** "1234567890123456 (logistics)": an account by its ID, and its alias. Safe to show. */
export function otherAccountInWords({ userId, alias }: CrossAccount): string {
  return alias ? withNote(plainText(userId), plainText(alias, 60)) : plainText(userId);
}

/**
 * The account that owns the clients of a scope, and the one that sends the requests where that's another. Empty when
 * the account was never verified. Safe to show.
 */
export function accountInWords({ accountId, crossAccount }: Scope): string {
  const own = plainText(accountId);
  if (!crossAccount) return own;
  const other = otherAccountInWords(crossAccount);
  if (!own) return other;
  return t({
    message: '{other} through {own}',
    args: { other, own },
    comment: ['Two account IDs: clients of the account {other}, accessed with the account {own}'],
  });
}

function ownerInWords({ userId, alias }: CrossAccount): string {
  return alias
    ? withNote(plainText(alias, 60), plainText(userId))
    : t({
        message: 'account {account}',
        args: { account: plainText(userId) },
        comment: ['An account by its ID, in a list of facts'],
      });
}

function withNote(name: string, note: string): string {
  return t({ message: '{name} ({note})', args: { name, note }, comment: 'An account by its ID and alias' });
}
