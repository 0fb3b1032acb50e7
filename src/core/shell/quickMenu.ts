import { t } from '@vscode/l10n';
import { listOf } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import type { Profile } from '../profiles/profile';
import { regionName } from '../service/regions';
import { accountName, distinct, profileName, type ShownListing } from './shownListing';
import { troubleInWords } from './statusText';

/** What a row of the quick menu does. */
export type MenuAction =
  | { readonly kind: 'command'; readonly command: string; readonly args?: readonly unknown[] }
  | { readonly kind: 'copy'; readonly text: string };

/** A row of the quick menu. */
export type MenuRow =
  | { readonly kind: 'heading'; readonly label: string }
  | {
      readonly kind: 'action';
      readonly label: string;
      /** Name of a codicon. */
      readonly icon: string;
      readonly description?: string;
      readonly action: MenuAction;
    };

/** What the menu depends on. */
export interface MenuFacts {
  readonly listings: readonly ShownListing[];
  /** All profiles there are. */
  readonly profiles: readonly Profile[];
  readonly readOnly: boolean;
}

/** The rows of the quick menu: first what fixes credentials, then what's shown, then the rest. Only what applies now. */
export function quickMenuRows(facts: MenuFacts): readonly MenuRow[] {
  const sections: readonly (readonly [heading: string, rows: readonly MenuRow[]])[] = [
    [t({ message: 'Needs attention', comment: ['Heading in a menu.'] }), repairs(facts)],
    [
      t({
        message: 'Shown',
        comment: ['Heading in a menu: profiles, regions, and accounts that are shown.'],
      }),
      shown(facts),
    ],
    [t({ message: 'Account', comment: ['Heading in a menu.'] }), account(facts)],
    [t({ message: 'Cloud Backup', comment: ['Name of the service; heading in a menu.'] }), general(facts)],
  ];
  return sections
    .filter(([, rows]) => rows.length > 0)
    .flatMap(([label, rows]) => [{ kind: 'heading', label } as const, ...rows]);
}

/** One row for each profile with credentials that can't be used. */
function repairs({ listings }: MenuFacts): readonly MenuRow[] {
  const seen = new Set<string>();
  return listings.flatMap((listing): readonly MenuRow[] => {
    const { profile, state } = listing;
    const trouble = troubleInWords(state);
    if (trouble === undefined || profile.demo || seen.has(profile.id)) return [];
    seen.add(profile.id);
    return [
      signIn(
        listing,
        t({
          message: '{profile}: {problem}',
          args: { profile: profileName(profile), problem: trouble },
          comment: ["{problem} is a sentence about the profile's credentials."],
        }),
      ),
    ];
  });
}

function shown({ listings, profiles }: MenuFacts): readonly MenuRow[] {
  const names = distinct(listings.map(({ profile }) => profileName(profile)));
  const regions = distinct(listings.map(({ scope }) => regionName(scope.regionId)));
  const accounts = distinct(
    listings.map(({ scope: { crossAccount } }) =>
      crossAccount
        ? accountName(crossAccount)
        : t({
            message: 'This account',
            comment: ['The account of the profile itself, not another one that it manages'],
          }),
    ),
  );
  const signedIn = listings.length > 0;
  return [
    row(
      'account',
      t({ message: 'Switch Profile…', comment: ['An entry of the quick actions'] }),
      'cloudBackup.switchProfile',
      listOf(names),
    ),
    ...(profiles.length > 1
      ? [row('list-tree', t('Show Multiple Profiles…'), 'cloudBackup.showProfiles')]
      : []),
    ...(signedIn
      ? [
          row(
            'globe',
            t({ message: 'Select Regions…', comment: ['An entry of the quick actions'] }),
            'cloudBackup.selectRegions',
            listOf(regions),
          ),
          row(
            'organization',
            t({ message: 'Select Accounts…', comment: ['An entry of the quick actions'] }),
            'cloudBackup.selectAccount',
            listOf(accounts),
          ),
          row(
            'graph',
            t({ message: 'Open Fleet Overview', comment: ['An entry of the quick actions'] }),
            'cloudBackup.openOverview',
          ),
          row(
            'refresh',
            t({ message: 'Refresh Clients', comment: ['An entry of the quick actions'] }),
            'cloudBackup.refresh',
          ),
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
              kind: 'action',
              label: t('Copy Account ID'),
              icon: 'copy',
              description:
                owners.size > 1 ? `${plainText(accountId)} · ${profileName(profile)}` : plainText(accountId),
              action: { kind: 'copy', text: accountId },
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
      readOnly ? t("You can't change anything now.") : undefined,
    ),
    demo
      ? row(
          'beaker-stop',
          t({ message: 'Exit Demo', comment: ['An entry of the quick actions'] }),
          'cloudBackup.closeDemo',
        )
      : row(
          'beaker',
          t({ message: 'Try Demo', comment: ['An entry of the quick actions'] }),
          'cloudBackup.openDemo',
        ),
    {
      kind: 'action',
      label: t({ message: 'Open Settings', comment: ['An entry of the quick actions'] }),
      icon: 'gear',
      action: { kind: 'command', command: 'workbench.action.openSettings', args: ['cloudBackup'] },
    },
    row(
      'output',
      t({ message: 'Show Log', comment: ['An entry of the quick actions'] }),
      'cloudBackup.showLog',
    ),
  ];
}

/** The command signs in to the profile of the row that it's given. */
function signIn({ key }: ShownListing, description: string): MenuRow {
  return {
    kind: 'action',
    label: t('Sign In Again…'),
    icon: 'key',
    description,
    action: { kind: 'command', command: 'cloudBackup.signInAgain', args: [{ id: key }] },
  };
}

function row(icon: string, label: string, command: string, description?: string): MenuRow {
  return {
    kind: 'action',
    label,
    icon,
    ...(description !== undefined && description !== '' && { description }),
    action: { kind: 'command', command },
  };
}
