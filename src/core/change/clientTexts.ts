import { t } from '@vscode/l10n';
import { versionsInWords } from '../clients/rowText';
import { zoneInWords } from '../clients/traits';
import { listOf, numberInWords, plural, someOf } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { isOutdated, nameOf } from '../service/clientFacts';
import type { BackupClient } from '../service/model';
import { filterInWords, otherAccountInWords, type ScopeLabel } from '../service/scopeLabel';
import { regionName } from '../service/regions';
import type { CrossAccount } from '../service/scope';

/** Names in a modal, which grows with its text: more would push its buttons off a small screen. */
export const namesShown = 12;

/** The name of a client, safe to show. */
export function shownName(client: BackupClient): string {
  return plainText(nameOf(client), 60);
}

/** Names each of these clients, with an ID if another one of them has the same name. Safe to show. */
export function namesApart(clients: readonly BackupClient[]): (client: BackupClient) => string {
  const counts = new Map<string, number>();
  const count = (text: string): void => void counts.set(text, (counts.get(text) ?? 0) + 1);
  const withInstance = (client: BackupClient): string => `${shownName(client)}\0${client.instanceId ?? ''}`;
  for (const client of clients) {
    count(shownName(client));
    count(withInstance(client));
  }
  return (client) => {
    const name = shownName(client);
    // Two clients can be on one instance.
    const isOnlyOne = counts.get(withInstance(client)) === 1;
    const id = plainText((isOnlyOne && client.instanceId) || client.clientId || client.instanceId || '', 60);
    return counts.get(name) === 1 || id === '' || id === name
      ? name
      : t({
          message: '{client} ({id})',
          args: { client: name, id },
          comment: ['{client}, {id}: its name and ID, where several clients have that name.'],
        });
  };
}

/** Versions, zone, address, and instance ID of a client: names repeat in a fleet, IDs don't. */
export function factsOfClient(client: BackupClient): string {
  return [
    versionsInWords(client, isOutdated(client)),
    zoneInWords(client.zoneId),
    client.privateIpV4 && plainText(client.privateIpV4),
    client.instanceId && plainText(client.instanceId),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** A line that's put into words only if it's shown: a question about thousands of clients shows few of them. */
export type Line = () => string;

/** The first lines, twelve unless another number is given, and how many more there are. */
export function linesOf(lines: readonly Line[], most = namesShown): readonly string[] {
  const shown = lines.slice(0, most).map((line) => line());
  const rest = lines.length - shown.length;
  return rest === 0 ? shown : [...shown, t('and {0} more', numberInWords(rest))];
}

/** At most twelve names in a sentence: "a, b, and 3 more". */
export function namesOf<T>(items: readonly T[], inWords: (item: T) => string): string {
  return someOf(items, namesShown, inWords);
}

/** How many clients that were asked for stay as they are. */
export function leftOutInCount(clients: number): string {
  return plural(clients, {
    one: (count) => t('{0} client left out', count),
    other: (count) => t('{0} clients left out', count),
  });
}

/** "China (Hangzhou)", with the account where it's another one. Safe to show. */
export function scopeShort({ scope: { regionId, crossAccount } }: ScopeLabel): string {
  const region = plainText(regionName(regionId));
  if (!crossAccount) return region;
  return t({
    message: '{region}, account {account}',
    args: { region, account: otherAccountInWords(crossAccount) },
    comment: ['Follows "in": Upgrade 3 clients in China (Hangzhou), account 1234?'],
  });
}

/** Account and profile, the account of the clients where it's another one, and what the list is limited to. One line each. */
export function scopeLines({ scope, profileName, demo }: ScopeLabel): readonly string[] {
  const profile = plainText(profileName);
  const account = plainText(scope.accountId);
  return [
    ...(demo ? [t('Demo: no real clients are changed.')] : []),
    ...(scope.crossAccount ? [ownerLine(scope.crossAccount)] : []),
    accountLine(account, profile, scope.crossAccount !== undefined),
    ...(scope.filter ? [t('From the list limited to {0}', listOf(filterInWords(scope.filter), 'and'))] : []),
  ];
}

function accountLine(account: string, profile: string, managesOthers: boolean): string {
  if (account === '') return t('Account not verified, profile {0}', profile);
  return managesOthers
    ? t({
        message: 'Managed from account {account}, profile {profile}',
        args: { account, profile },
        comment: ['{account}: an ID. {profile}: a name'],
      })
    : t({
        message: 'Account {account}, profile {profile}',
        args: { account, profile },
        comment: ['{account}: an ID. {profile}: a name'],
      });
}

function ownerLine(crossAccount: CrossAccount): string {
  const account = otherAccountInWords(crossAccount);
  return crossAccount.roleName
    ? t({
        message: 'Clients of account {account}, managed through the role {role}',
        args: { account, role: plainText(crossAccount.roleName) },
        comment: ['{account}: an ID, and an alias. {role}: a name'],
      })
    : t('Clients of account {0}, managed through the resource directory', account);
}
