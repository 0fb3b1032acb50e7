import { t } from '@vscode/l10n';
import { plural } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import type { ClientType } from './model';
import { regionName } from './regions';
import type { CrossAccount, Scope } from './scope';
import type { ServiceFilter } from './serviceFilter';
import { clientsOfTypeInWords, clientTypeInWords } from './words';

/** A scope, and what its profile is called. */
export interface ScopeLabel {
  readonly scope: Scope;
  readonly profileName: string;
  readonly demo: boolean;
  /** Clients of other types are shown beside these, so the label says that they're on ECS, too. */
  readonly amongTypes?: boolean;
}

/**
 * "production · China (Hangzhou)", followed by the account where it's another one (its alias first, since a narrow side
 * bar cuts the end off), by the type of the clients where they aren't on ECS, and by what narrows the list. Safe to show.
 */
export function scopeInWords(label: ScopeLabel): string {
  return partsOf(label, regionName(label.scope.regionId), clientsOfTypeInWords);
}

/**
 * As {@link scopeInWords}, with the region ID (it's shorter, and zone IDs begin with it) and a type as one word, so that
 * a narrow side bar still shows the count.
 *
 * @param namesProfile false where all rows are of one profile
 */
export function scopeInRow(label: ScopeLabel, namesProfile = true): string {
  return partsOf(label, label.scope.regionId, clientTypeInWords, namesProfile);
}

function partsOf(
  { scope, profileName, demo, amongTypes }: ScopeLabel,
  region: string,
  typeInWords: (type: ClientType) => string,
  namesProfile = true,
): string {
  const { crossAccount, clientType, filter } = scope;
  const profile = demo
    ? t({ message: 'Demo', comment: 'The built-in sample data, in place of the name of a profile' })
    : plainText(profileName);
  return [
    ...(namesProfile ? [profile] : []),
    plainText(region),
    ...(crossAccount ? [ownerInWords(crossAccount)] : []),
    ...(amongTypes || clientType !== 'ECS_CLIENT' ? [typeInWords(clientType)] : []),
    ...filterInWords(filter),
  ].join(' · ');
}

/** Which clients of a region and an account a scope lists, one text a fact; empty for all ECS clients. Safe to show. */
export function listedInWords({
  clientType,
  filter,
}: Pick<Scope, 'clientType' | 'filter'>): readonly string[] {
  return [
    ...(clientType === 'ECS_CLIENT' ? [] : [clientsOfTypeInWords(clientType)]),
    ...filterInWords(filter),
  ];
}

/** What narrows a list, one text a part: "env=prod", "cluster cl-0001", "3 instances". Empty without a filter. Safe to show. */
export function filterInWords({
  tags = [],
  clusterId,
  instanceIds = [],
}: ServiceFilter = {}): readonly string[] {
  const [first, ...others] = instanceIds;
  return [
    ...tags.map(({ key, value }) => plainText(value === '' ? key : `${key}=${value}`, 60)),
    ...(clusterId === undefined
      ? []
      : [
          t({
            message: 'cluster {id}',
            args: { id: plainText(clusterId, 60) },
            comment: ['A container cluster by its ID, in a list of facts'],
          }),
        ]),
    ...(first === undefined
      ? []
      : others.length === 0
        ? [plainText(first, 60)]
        : [
            plural(instanceIds.length, {
              one: (n) => t({ message: '{0} instance', args: [n], comment: ['In a list of facts'] }),
              other: (n) => t({ message: '{0} instances', args: [n], comment: ['In a list of facts'] }),
            }),
          ]),
  ];
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
