import { t } from '@vscode/l10n';
import type { RootNode } from './clientTree';
import type { Icon } from '../kernel/icon';
import { listedAgo, listedAgoAsFact } from './listedAgo';
import { listingTrouble } from './listingTrouble';
import { accountInWords, placeInRow, placeInWords } from '../service/placeInWords';
import { plainText } from '../kernel/plainText';
import { SourceUnusable } from '../profiles/keys/credentialSource';
import type { RowText } from './rowText';
import type { RootState } from './viewState';

const troubled = 'list.warningForeground';

// Each state has a shape of its own; colour repeats it.
const icons: Readonly<Record<RootState, Icon>> = {
  loading: { id: 'loading~spin' },
  ready: { id: 'cloud' },
  empty: { id: 'cloud' },
  denied: { id: 'lock', color: troubled },
  offline: { id: 'debug-disconnect', color: troubled },
  rejected: { id: 'key', color: troubled },
  expired: { id: 'watch', color: troubled },
  keyNotKept: { id: 'key', color: troubled },
  sourceUnusable: { id: 'key', color: troubled },
  commandNotAllowed: { id: 'terminal', color: troubled },
  failed: { id: 'error', color: 'list.errorForeground' },
};

// Machines of somebody else must not be taken for one's own.
const otherAccount: Icon = { id: 'organization' };

/** Texts and icon of a root among several. Every text is safe to show. */
export function rootTextOf(root: RootNode, nowMs: number): RowText {
  const reading = root.listing.phase === 'loading' || root.state === 'loading';
  const fine = root.state === 'ready' || root.state === 'empty';
  return {
    label: placeInRow(root.place),
    description: factsOf(root, nowMs, String).join(' · '),
    sentence: [placeInWords(root.place), ...factsOf(root, nowMs, clientsInWords())].join(', '),
    icon: reading ? icons.loading : fine && root.place.scope.crossAccount ? otherAccount : icons[root.state],
  };
}

/** What the tooltip of a root says: a title, then one line each. Every text is safe to show. */
export function rootTooltipOf(
  root: RootNode,
  nowMs: number,
): { readonly title: string; readonly lines: readonly string[] } {
  const { place, listing } = root;
  const { crossAccount } = place.scope;
  const account = accountInWords(place.scope);
  const { error, listedAt, changedWhileReading } = listing;
  const lines = [
    account === ''
      ? t('Account not verified')
      : crossAccount
        ? t('Machines of account {0}', account)
        : t('Account {0}', account),
    error && plainText(listingTrouble(error), 300),
    error?.requestId && t('RequestId: {0}', plainText(error.requestId)),
    listedAt !== undefined && listedAgo(listedAt, nowMs),
    changedWhileReading && t('The list changed while it was read. Refresh to be sure.'),
  ];
  return {
    title: placeInWords(place),
    lines: lines.filter((line): line is string => typeof line === 'string' && line !== ''),
  };
}

/** A row has room for the number only, as the rows of groups do; a sentence says of what. */
const clientsInWords =
  () =>
  (count: number): string =>
    count === 1 ? t('1 client') : t('{0} clients', count);

function factsOf(root: RootNode, nowMs: number, countOf: (count: number) => string): readonly string[] {
  const { listing, counts } = root;
  const { listedAt, phase } = listing;
  const trouble = troubleOf(root);
  if (counts.total === 0) return [trouble ?? waitingOf(root)];
  // A first listing tells how far it is; one that is repeated does not push aside what is known.
  if (phase === 'loading' && listedAt === undefined) return [waitingOf(root)];
  const old = (trouble !== undefined || phase === 'stored') && listedAt !== undefined;
  return [
    ...(trouble === undefined ? [] : [trouble]),
    ...countsOf(root, countOf),
    ...(old ? [listedAgoAsFact(listedAt, nowMs)] : []),
  ];
}

function waitingOf({ listing, state }: RootNode): string {
  if (state === 'empty') return t('no clients');
  const { received, total } = listing;
  return total === undefined ? t('loading…') : t('{0} of {1}', received, total);
}

function countsOf({ counts }: RootNode, countOf: (count: number) => string): readonly string[] {
  const { total, shown, outdated, attention } = counts;
  return [
    shown < total ? t('{0} of {1}', shown, countOf(total)) : countOf(total),
    ...(outdated > 0 ? [t('{0} outdated', outdated)] : []),
    ...(attention > 0 ? [attention === 1 ? t('1 needs attention') : t('{0} need attention', attention)] : []),
  ];
}

/** What is wrong, in a few words; undefined where nothing is. */
function troubleOf({ state, listing: { error } }: RootNode): string | undefined {
  switch (state) {
    case 'loading':
    case 'ready':
    case 'empty':
      return undefined;
    case 'denied':
      return t('no permission');
    case 'offline':
      return t('cannot be reached');
    case 'rejected':
      return t('key refused');
    case 'expired':
      return t('key expired');
    case 'keyNotKept':
      return t('key not kept');
    case 'sourceUnusable':
      return error instanceof SourceUnusable ? plainText(error.sentence) : t('key cannot be read');
    case 'commandNotAllowed':
      return t('its program is not allowed yet');
    case 'failed':
      return t('could not be listed');
  }
}
