import { t } from '@vscode/l10n';
import { isKeyTrouble, type ListingState } from '../clients/viewState';
import { plainText } from '../kernel/plainText';
import { otherAccountInWords } from '../service/scopeLabel';
import type { Profile } from '../profiles/profile';
import { regionName } from '../service/regions';
import type { CrossAccount, Scope } from '../service/scope';
import type { CredentialSource } from '../profiles/keys/credentialSource';
import { accessInWords } from '../profiles/view/selectAccount';

/** A listing of the client view, as far as it matters here. */
export interface ShownListing {
  /** Id of its row in the client tree. */
  readonly key: string;
  readonly profile: Profile;
  readonly scope: Pick<Scope, 'regionId' | 'crossAccount'>;
  readonly state: ListingState;
}

/** What the status bar tells. */
export interface StatusFacts {
  /** In the order of the client view. */
  readonly listings: readonly ShownListing[];
  readonly readOnly: boolean;
  /** When the key of a profile ends, in milliseconds since 1970, where that is known. */
  readonly keyEndsAt: (profileId: string) => number | undefined;
  /** True for a key that goes when this window closes. */
  readonly isForSession: (profileId: string) => boolean;
}

export interface StatusText {
  /** With icons of VS Code in it. */
  readonly text: string;
  /** Plain lines. */
  readonly tooltip: string;
  /** True when a key has to be entered again. */
  readonly warning: boolean;
}

/** How moments are written. */
export interface TimeFormat {
  /** A moment in the reader's time zone and language; takes milliseconds since 1970. */
  readonly time: (ms: number) => string;
}

/** Whose clients are in view, where, and with which key; undefined while nobody is signed in. */
export function statusTextOf(facts: StatusFacts, formats: TimeFormat): StatusText | undefined {
  const { listings, readOnly } = facts;
  const [first] = listings;
  if (!first) return undefined;
  const warning = listings.some(({ state }) => isKeyTrouble(state));
  const demo = listings.every(({ profile }) => profile.demo);
  const icon = warning ? '$(warning)' : demo ? '$(beaker)' : '$(cloud)';
  return {
    text: `${icon} ${scopesInShort(listings)}${readOnly ? ` $(lock) ${t('Read-only')}` : ''}`,
    tooltip: tooltipOf(facts, formats),
    warning,
  };
}

/** What is wrong with the credentials of a profile, in one sentence; undefined when nothing is known to be. */
export function profileTrouble(
  listings: readonly Pick<ShownListing, 'profile' | 'state'>[],
  profileId: string,
): string | undefined {
  const own = listings.filter(({ profile }) => profile.id === profileId);
  return own.flatMap(({ state }) => troubleInWords(state) ?? [])[0];
}

/** What is wrong with a key, in one sentence; undefined when nothing is. */
export function troubleInWords(state: ListingState): string | undefined {
  switch (state) {
    case 'expired':
      return t('The temporary key has expired.');
    case 'rejected':
      return t('The access key was refused.');
    case 'keyNotKept':
      return t('VS Code did not keep this key.');
    case 'sourceUnusable':
      return t('The key cannot be read from its source.');
    case 'commandNotAllowed':
      return t('The program that gives the key is not allowed to run yet.');
    default:
      return undefined;
  }
}

/** "production · cn-hangzhou", "production · 3 regions", "2 profiles · 5 regions · 3 accounts". */
function scopesInShort(listings: readonly ShownListing[]): string {
  const profiles = distinct(listings.map(({ profile }) => profile));
  const regions = distinct(listings.map(({ scope }) => scope.regionId));
  const [profile] = profiles;
  const parts = [
    profile && profiles.length === 1 ? profileName(profile) : t('{0} profiles', profiles.length),
    regions.length === 1 ? regions.join() : t('{0} regions', regions.length),
    otherAccounts(listings),
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** Machines of another account are never shown as if they were of one's own: whose they are, or of how many. */
function otherAccounts(listings: readonly ShownListing[]): string | undefined {
  const others = listings.flatMap(({ scope }) => scope.crossAccount ?? []);
  const [other] = others;
  if (!other) return undefined;
  const accounts = distinct(
    listings.map(({ profile, scope }) => scope.crossAccount?.userId ?? profile.accountId ?? profile.id),
  );
  return accounts.length === 1 ? accountName(other) : t('{0} accounts', accounts.length);
}

function tooltipOf(facts: StatusFacts, formats: TimeFormat): string {
  const { listings, readOnly } = facts;
  const profiles = distinct(listings.map(({ profile }) => profile));
  const lines = profiles.flatMap((profile) => {
    const own = listings.filter((listing) => listing.profile === profile);
    return profileLines(profile, own, facts, formats);
  });
  return [...lines, ...(readOnly ? [t('Read-only mode is on: nothing can be changed.')] : [])].join('\n');
}

function profileLines(
  profile: Profile,
  listings: readonly ShownListing[],
  { keyEndsAt, isForSession }: StatusFacts,
  { time }: TimeFormat,
): readonly string[] {
  const name = profileName(profile);
  const troubles = distinct(listings.flatMap(({ state }) => troubleInWords(state) ?? []));
  const endsAt = keyEndsAt(profile.id);
  const end = endsAt === undefined ? undefined : t('Its key is valid until {0}.', time(endsAt));
  return [
    t(
      'Cloud Backup: {0}, {1}',
      name,
      distinct(listings.map(({ scope }) => regionName(scope.regionId))).join(', '),
    ),
    profile.accountId === undefined
      ? t('Account not verified')
      : profile.identity === undefined
        ? t('Account {0}', plainText(profile.accountId))
        : t('Account {0}, {1}', plainText(profile.accountId), plainText(profile.identity)),
    ...(profile.demo
      ? [t('Changes stay on this computer.')]
      : [keyInWords(profile.source, isForSession(profile.id))]),
    ...listings.flatMap(({ scope }) => accountLine(scope)),
    // A key that the service refuses is over, whatever was said of its end.
    ...(troubles.length > 0 ? troubles : end === undefined ? [] : [end]),
  ];
}

function accountLine({ regionId, crossAccount }: ShownListing['scope']): readonly string[] {
  if (!crossAccount) return [];
  const account = otherAccountInWords(crossAccount);
  return [
    t('Machines of account {0} in {1}. {2}.', account, regionName(regionId), accessInWords(crossAccount)),
  ];
}

/** What another account is called: its alias, else its id. */
export function accountName({ alias, userId }: CrossAccount): string {
  return plainText(alias ?? '', 40) || plainText(userId);
}

/** Where the key of a profile comes from: "RAM role backup", "CLI profile default". */
function keyInWords(source: CredentialSource | undefined, forSession: boolean): string {
  switch (source?.kind) {
    case undefined:
    case 'stored':
      return forSession ? t('Access key, kept until this window closes') : t('Access key, kept by VS Code');
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

/** Name of a profile as the status bar shows it. */
export function profileName(profile: Profile): string {
  return profile.demo ? t('Demo') : plainText(profile.name, 40);
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
