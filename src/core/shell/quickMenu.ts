import { t } from '@vscode/l10n';
import { plainText } from '../kernel/plainText';
import type { Profile } from '../profiles/profile';
import { regionName } from '../service/regions';
import { accountName, profileName, troubleInWords, type ShownListing } from './statusText';

/** What a row of the quick menu does. */
export type MenuDeed =
  | { readonly kind: 'command'; readonly command: string; readonly args?: readonly unknown[] }
  | { readonly kind: 'copy'; readonly text: string };

/** A row of the quick menu. */
export type MenuRow =
  | { readonly kind: 'heading'; readonly label: string }
  | {
      readonly kind: 'deed';
      readonly label: string;
      /** Name of an icon of VS Code. */
      readonly icon: string;
      readonly description?: string;
      readonly deed: MenuDeed;
    };

/** What the menu is made of. */
export interface MenuFacts {
  readonly listings: readonly ShownListing[];
  /** All profiles there are. */
  readonly profiles: readonly Profile[];
  readonly readOnly: boolean;
}

/**
 * The rows of the quick menu: what mends a key comes first, then whose clients are shown, then the rest. What makes no
 * sense now is left out.
 */
export function quickMenuRows(facts: MenuFacts): readonly MenuRow[] {
  const sections: readonly (readonly [heading: string, rows: readonly MenuRow[]])[] = [
    [t('Needs attention'), repairs(facts)],
    [t('In view'), inView(facts)],
    [t('Account'), account(facts)],
    [t('Cloud Backup'), general(facts)],
  ];
  return sections
    .filter(([, rows]) => rows.length > 0)
    .flatMap(([label, rows]) => [{ kind: 'heading', label } as const, ...rows]);
}

/** One row for each profile whose key is of no use now. */
function repairs({ listings }: MenuFacts): readonly MenuRow[] {
  const seen = new Set<string>();
  return listings.flatMap((listing): readonly MenuRow[] => {
    const { profile, state } = listing;
    const trouble = troubleInWords(state);
    if (trouble === undefined || profile.demo || seen.has(profile.id)) return [];
    seen.add(profile.id);
    return [signIn(listing, `${profileName(profile)}: ${trouble}`)];
  });
}

function inView({ listings, profiles }: MenuFacts): readonly MenuRow[] {
  const names = distinct(listings.map(({ profile }) => profileName(profile)));
  const regions = distinct(listings.map(({ scope }) => regionName(scope.regionId)));
  const accounts = distinct(
    listings.map(({ scope: { crossAccount } }) =>
      crossAccount ? accountName(crossAccount) : t('Own account'),
    ),
  );
  const signedIn = listings.length > 0;
  return [
    row('account', t('Switch Profile…'), 'cloudBackup.switchProfile', names.join(', ')),
    ...(profiles.length > 1
      ? [row('list-tree', t('Show Multiple Profiles…'), 'cloudBackup.showProfiles')]
      : []),
    ...(signedIn
      ? [
          row('globe', t('Select Regions…'), 'cloudBackup.selectRegions', regions.join(', ')),
          row('organization', t('Select Accounts…'), 'cloudBackup.selectAccount', accounts.join(', ')),
          row('refresh', t('Refresh Clients'), 'cloudBackup.refresh'),
        ]
      : []),
  ];
}

function account({ listings }: MenuFacts): readonly MenuRow[] {
  const profiles = distinct(listings.map(({ profile }) => profile));
  const troubled = new Set(
    listings.filter(({ state }) => troubleInWords(state) !== undefined).map(({ profile }) => profile.id),
  );
  const owners = new Map(profiles.map((profile) => [profile.accountId, profile]));
  return [
    ...[...owners].flatMap(([accountId, profile]): readonly MenuRow[] =>
      accountId === undefined
        ? []
        : [
            {
              kind: 'deed',
              label: t('Copy Account ID'),
              icon: 'copy',
              description:
                owners.size > 1 ? `${plainText(accountId)} · ${profileName(profile)}` : plainText(accountId),
              deed: { kind: 'copy', text: accountId },
            },
          ],
    ),
    row('shield', t('Copy RAM Policy…'), 'cloudBackup.copyRamPolicy'),
    ...profiles
      .filter(({ id, demo }) => !demo && !troubled.has(id))
      .flatMap((profile) => listings.find((listing) => listing.profile === profile) ?? [])
      .map((listing) => signIn(listing, profileName(listing.profile))),
  ];
}

function general({ listings, readOnly }: MenuFacts): readonly MenuRow[] {
  const demo = listings.some(({ profile }) => profile.demo);
  return [
    row(
      readOnly ? 'unlock' : 'lock',
      readOnly ? t('Turn Read-Only Mode Off') : t('Turn Read-Only Mode On'),
      'cloudBackup.toggleReadOnly',
      readOnly ? t('Nothing can be changed now') : undefined,
    ),
    demo
      ? row('beaker-stop', t('Exit Demo'), 'cloudBackup.closeDemo')
      : row('beaker', t('Try Demo'), 'cloudBackup.openDemo'),
    {
      kind: 'deed',
      label: t('Open Settings'),
      icon: 'gear',
      deed: { kind: 'command', command: 'workbench.action.openSettings', args: ['cloudBackup'] },
    },
    row('output', t('Show Log'), 'cloudBackup.showLog'),
  ];
}

/** The row of the tree says whose key is meant. */
function signIn({ key }: ShownListing, description: string): MenuRow {
  return {
    kind: 'deed',
    label: t('Sign In Again…'),
    icon: 'key',
    description,
    deed: { kind: 'command', command: 'cloudBackup.signInAgain', args: [{ id: key }] },
  };
}

function row(icon: string, label: string, command: string, description?: string): MenuRow {
  return {
    kind: 'deed',
    label,
    icon,
    ...(description !== undefined && description !== '' && { description }),
    deed: { kind: 'command', command },
  };
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
