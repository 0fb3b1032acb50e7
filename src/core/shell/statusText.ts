import { t } from '@vscode/l10n';
import { isKeyTrouble, type ListingState } from '../clients/viewState';
import { listOf, plural, sentences } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import type { CredentialSource } from '../profiles/keys/credentialSource';
import type { Profile } from '../profiles/profile';
import { regionName } from '../service/regions';
import type { CrossAccount } from '../service/scope';
import { otherAccountInWords } from '../service/scopeLabel';
import { accountName, distinct, profileName, type ShownListing } from './shownListing';

/** What the status bar shows. */
export interface StatusFacts {
  /** In the order of the client view. */
  readonly listings: readonly ShownListing[];
  readonly readOnly: boolean;
  /** When the credentials of a profile expire, in milliseconds since 1970, where that's known. */
  readonly keyEndsAt: (profileId: string) => number | undefined;
  /** True for credentials that are gone when this window closes. */
  readonly isForSession: (profileId: string) => boolean;
}

export interface StatusText {
  /** Can contain icons of VS Code. */
  readonly text: string;
  /** Plain lines. */
  readonly tooltip: string;
  /** True when credentials have to be entered again. */
  readonly warning: boolean;
}

/** How moments are written. */
export interface TimeFormat {
  /** A moment in the reader's time zone and language; takes milliseconds since 1970. */
  readonly time: (ms: number) => string;
}

/** The shown profiles and regions, with their credentials in the tooltip; undefined while no profile is shown. */
export function statusTextOf(facts: StatusFacts, formats: TimeFormat): StatusText | undefined {
  const { listings, readOnly } = facts;
  if (listings.length === 0) return undefined;
  const warning = listings.some(({ state }) => isKeyTrouble(state));
  const demo = listings.every(({ profile }) => profile.demo);
  const icon = warning ? '$(warning)' : demo ? '$(beaker)' : '$(cloud)';
  const lock = readOnly
    ? ` $(lock) ${t({ message: 'Read-only', comment: ['Status bar: read-only mode is on.'] })}`
    : '';
  return {
    text: `${icon} ${scopesInShort(listings)}${lock}`,
    tooltip: tooltipOf(facts, formats),
    warning,
  };
}

/** What's wrong with the credentials of a profile, in one sentence; undefined when nothing is known to be. */
export function profileTrouble(
  listings: readonly Pick<ShownListing, 'profile' | 'state'>[],
  profileId: string,
): string | undefined {
  const own = listings.filter(({ profile }) => profile.id === profileId);
  return own.flatMap(({ state }) => troubleInWords(state) ?? [])[0];
}

/** What's wrong with the credentials of a listing, in one sentence; undefined when nothing is. */
export function troubleInWords(state: ListingState): string | undefined {
  switch (state) {
    case 'expired':
      return t('The temporary credentials have expired.');
    case 'rejected':
      return t('The credentials were rejected.');
    case 'keyNotKept':
      return t("VS Code didn't save the credentials.");
    case 'sourceUnusable':
      return t("The credentials can't be read from their source.");
    case 'commandNotAllowed':
      return t("The program that returns the credentials isn't allowed yet.");
    case 'accountChanged':
      return t('The credentials might be for another account now.');
    default:
      return undefined;
  }
}

/** "production · cn-hangzhou", "production · 3 regions", "2 profiles · 5 regions · 3 accounts". */
function scopesInShort(listings: readonly ShownListing[]): string {
  const profiles = distinct(listings.map(({ profile }) => profile));
  const regions = distinct(listings.map(({ scope }) => scope.regionId));
  const [profile] = profiles;
  const [region] = regions;
  const parts = [
    profile && profiles.length === 1
      ? profileName(profile)
      : plural(profiles.length, {
          one: (n) =>
            t({ message: '{count} profile', args: { count: n }, comment: ['A number, in the status bar'] }),
          other: (n) =>
            t({ message: '{count} profiles', args: { count: n }, comment: ['A number, in the status bar'] }),
        }),
    region !== undefined && regions.length === 1
      ? region
      : plural(regions.length, {
          one: (n) =>
            t({ message: '{count} region', args: { count: n }, comment: ['A number, in the status bar'] }),
          other: (n) =>
            t({ message: '{count} regions', args: { count: n }, comment: ['A number, in the status bar'] }),
        }),
    otherAccounts(listings),
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** Which other account is shown, or how many accounts: clients of another account must not look like the user's own. */
function otherAccounts(listings: readonly ShownListing[]): string | undefined {
  const [other] = listings.flatMap(({ scope }) => scope.crossAccount ?? []);
  if (!other) return undefined;
  const accounts = distinct(
    listings.map(({ profile, scope }) => scope.crossAccount?.userId ?? profile.accountId ?? profile.id),
  );
  return accounts.length === 1
    ? accountName(other)
    : plural(accounts.length, {
        one: (n) =>
          t({ message: '{count} account', args: { count: n }, comment: ['A number, in the status bar'] }),
        other: (n) =>
          t({ message: '{count} accounts', args: { count: n }, comment: ['A number, in the status bar'] }),
      });
}

function tooltipOf(facts: StatusFacts, formats: TimeFormat): string {
  const { listings, readOnly } = facts;
  const profiles = distinct(listings.map(({ profile }) => profile));
  const lines = profiles.flatMap((profile) => {
    const own = listings.filter((listing) => listing.profile === profile);
    return profileLines(profile, own, facts, formats);
  });
  return [...lines, ...(readOnly ? [t("Read-only mode is on. You can't change anything.")] : [])].join('\n');
}

function profileLines(
  profile: Profile,
  listings: readonly ShownListing[],
  { keyEndsAt, isForSession }: StatusFacts,
  { time }: TimeFormat,
): readonly string[] {
  const regions = listOf(distinct(listings.map(({ scope }) => regionName(scope.regionId))));
  const troubles = distinct(listings.flatMap(({ state }) => troubleInWords(state) ?? []));
  const endsAt = keyEndsAt(profile.id);
  const end = endsAt === undefined ? [] : [t('The credentials expire at {0}.', time(endsAt))];
  return [
    t({
      message: 'Cloud Backup: {profile}, {regions}',
      args: { profile: profileName(profile), regions },
      comment: ['{regions} is a list of regions.'],
    }),
    accountLine(profile),
    ...(profile.demo
      ? [t('Changes stay on this computer.')]
      : [credentialsInWords(profile.source, isForSession(profile.id))]),
    ...listings.flatMap(({ scope }) =>
      scope.crossAccount ? [otherAccountLine(scope.crossAccount, regionName(scope.regionId))] : [],
    ),
    // Credentials that the service rejects are of no use, even if they expire later.
    ...(troubles.length > 0 ? troubles : end),
  ];
}

function accountLine({ accountId, identity }: Profile): string {
  if (accountId === undefined) return t('Account not verified');
  const account = plainText(accountId);
  return identity === undefined
    ? t({ message: 'Account {account}', args: { account }, comment: ['A line of a tooltip'] })
    : t({
        message: 'Account {account}, {identity}',
        args: { account, identity: plainText(identity) },
        comment: ['{identity} is a RAM user or role, such as user/alice.'],
      });
}

function otherAccountLine(other: CrossAccount, region: string): string {
  const args = { account: otherAccountInWords(other), region };
  return sentences(
    t({
      message: 'Shows clients of account {account} in {region}.',
      args,
      comment: ['{region} is the name of a region.'],
    }),
    other.type === 'CROSS_ACCOUNT_BY_RD'
      ? t('Access is through the resource directory.')
      : other.roleName === undefined
        ? t('Access is through a RAM role.')
        : t('Access is through the RAM role {0}.', plainText(other.roleName, 64)),
  );
}

/** Where the credentials of a profile come from: "RAM role backup", "CLI profile default". */
function credentialsInWords(source: CredentialSource | undefined, forSession: boolean): string {
  switch (source?.kind) {
    case undefined:
    case 'stored':
      return forSession
        ? t('Access key, kept until this window closes')
        : t('Access key, saved in VS Code secret storage');
    case 'role':
      return t('RAM role {0}', plainText(source.role.roleArn.split('/').slice(1).join('/'), 64));
    case 'cli':
      return source.name === undefined
        ? t('Current profile of the Alibaba Cloud CLI')
        : t('CLI profile {0}', plainText(source.name, 64));
    case 'sdkFile':
      return t('Credentials file, section {0}', plainText(source.section, 64));
    case 'default':
      return t('Default credentials of this computer');
  }
}
