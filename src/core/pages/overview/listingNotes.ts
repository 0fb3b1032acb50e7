import { t } from '@vscode/l10n';
import { deniedInWords } from '../../clients/backups/deniedInWords';
import { listedAgo } from '../../clients/listedAgo';
import { troubleOfListing } from '../../clients/listingText';
import { listingTrouble } from '../../clients/listingTrouble';
import { isKeyTrouble } from '../../clients/viewState';
import { listOf, numberInWords, plural } from '../../kernel/localize';
import type { ProtectionCall } from '../../service/protection';
import { scopeInRow } from '../../service/scopeLabel';
import type { OverviewListing } from './facts';

/** A line above the charts. */
export interface Note {
  readonly text: string;
  readonly tone: 'off' | 'warning';
}

/** Why no numbers are shown. Each has a sentence; the command is what to do about it, by its button. */
export interface Obstacle {
  readonly kind: 'signedOut' | 'loading' | 'failed' | 'empty';
  readonly text: string;
  readonly button?: { readonly label: string; readonly does: 'addProfile' | 'refresh' | 'signInAgain' };
}

/** Why there's nothing to count: undefined as soon as one listing has rows. */
export function obstacleOf(listings: readonly OverviewListing[]): Obstacle | undefined {
  if (listings.length === 0) {
    return {
      kind: 'signedOut',
      text: t('No profile is signed in. Add one to see its clients here.'),
      button: {
        label: t({ message: 'Add Profile…', comment: ['Button.'] }),
        does: 'addProfile',
      },
    };
  }
  if (listings.some(({ inventory }) => inventory.clients.size > 0)) return undefined;
  const refresh = { label: t({ message: 'Refresh', comment: ['Button.'] }), does: 'refresh' } as const;
  if (listings.some(({ state }) => state === 'loading')) {
    return {
      kind: 'loading',
      text: t({ message: 'Loading clients…', comment: ['A line above the rows of the view'] }),
    };
  }
  if (listings.some((listing) => troubleOfListing(listing) !== undefined)) {
    return {
      kind: 'failed',
      text: onlyTrouble(listings) ?? t("The clients couldn't be listed."),
      button: listings.length === 1 && isKeyTrouble(listings[0]?.state ?? 'ready') ? signInAgain() : refresh,
    };
  }
  return { kind: 'empty', text: t('There are no backup clients in the shown regions.'), button: refresh };
}

function signInAgain(): NonNullable<Obstacle['button']> {
  return { label: t('Sign In Again…'), does: 'signInAgain' };
}

/** Why the only listing failed, with a next step; undefined if there are others. */
function onlyTrouble([only, ...others]: readonly OverviewListing[]): string | undefined {
  const error = only?.inventory.error;
  return error && others.length === 0 ? listingTrouble(error) : undefined;
}

/** What's missing in the numbers, and how old they are. */
export function listingNotes(
  listings: readonly OverviewListing[],
  nowMs: number,
  backupsDenied: readonly ProtectionCall[],
): readonly Note[] {
  const failed = listings.flatMap((listing) => {
    const trouble = troubleOfListing(listing);
    return trouble === undefined ? [] : [{ listing, trouble }];
  });
  const isListed = ({ inventory }: OverviewListing): boolean =>
    inventory.clients.size > 0 || inventory.phase === 'ready';
  const loading = listings.filter(({ inventory }) => inventory.phase === 'loading');
  const listed = listings.filter(isListed);
  return [
    ...(failed.length > 0 && listings.length > 1 ? [warning(shownOf(listed.length, listings.length))] : []),
    // The obstacle says it of the only listing, where nothing else is shown.
    ...(listings.length === 1 && listed.length === 0 ? [] : failed).map(({ listing, trouble }) =>
      warning(
        t({
          message: '{listing}: {trouble}',
          args: { listing: scopeInRow(listing.label), trouble },
          comment: ['{listing}: profile and region. {trouble}: such as no permission.'],
        }),
      ),
    ),
    ...(backupsDenied.length > 0 ? [warning(deniedInWords(backupsDenied))] : []),
    ...(loading.length > 0 && listed.length > 0 ? [plain(progressOf(loading))] : []),
    ...ageOf(listed, nowMs),
  ];
}

function shownOf(shown: number, all: number): string {
  return plural(all, {
    one: (total) =>
      t({
        message: '{shown} of {total} region shown.',
        args: { shown: numberInWords(shown), total },
        comment: ['How many regions are counted. The same region of two profiles counts twice.'],
      }),
    other: (total) =>
      t({
        message: '{shown} of {total} regions shown.',
        args: { shown: numberInWords(shown), total },
        comment: ['How many regions are counted. The same region of two profiles counts twice.'],
      }),
  });
}

function progressOf(loading: readonly OverviewListing[]): string {
  return t({
    message: 'Listing {listings}…',
    args: {
      listings: listOf(
        loading.map(({ label }) => scopeInRow(label)),
        'and',
      ),
    },
    comment: ['Progress. {listings}: profiles and regions.'],
  });
}

/** The age of the oldest numbers: the others are newer. */
function ageOf(listed: readonly OverviewListing[], nowMs: number): readonly Note[] {
  const times = listed.flatMap(({ inventory }) => inventory.listedAt ?? []);
  return times.length === 0 ? [] : [plain(listedAgo(Math.min(...times), nowMs))];
}

function plain(text: string): Note {
  return { text, tone: 'off' };
}

function warning(text: string): Note {
  return { text, tone: 'warning' };
}
