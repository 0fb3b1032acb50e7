import { t } from '@vscode/l10n';
import type { ListingNode } from './clientTree';
import type { Icon } from '../kernel/icon';
import { listedAgo, listedAgoAsFact } from './listedAgo';
import { listingTrouble } from './listingTrouble';
import { accountInWords, scopeInRow, scopeInWords } from '../service/scopeLabel';
import { plainText } from '../kernel/plainText';
import { SourceUnusable } from '../profiles/keys/credentialSource';
import type { RowText } from './rowText';
import type { ListingState } from './viewState';

const troubled = 'list.warningForeground';

// Each state has a shape of its own; colour repeats it.
const icons: Readonly<Record<ListingState, Icon>> = {
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

/** Texts and icon of a listing among several. Every text is safe to show. */
export function listingTextOf(listing: ListingNode, nowMs: number): RowText {
  const reading = listing.inventory.phase === 'loading' || listing.state === 'loading';
  const fine = listing.state === 'ready' || listing.state === 'empty';
  return {
    label: scopeInRow(listing.label),
    description: factsOf(listing, nowMs, String).join(' · '),
    sentence: [scopeInWords(listing.label), ...factsOf(listing, nowMs, clientsInWords())].join(', '),
    icon: reading
      ? icons.loading
      : fine && listing.label.scope.crossAccount
        ? otherAccount
        : icons[listing.state],
  };
}

/** What the tooltip of a listing says: a title, then one line each. Every text is safe to show. */
export function listingTooltipOf(
  listing: ListingNode,
  nowMs: number,
): { readonly title: string; readonly lines: readonly string[] } {
  const { label, inventory } = listing;
  const { crossAccount } = label.scope;
  const account = accountInWords(label.scope);
  const { error, listedAt, changedWhileReading } = inventory;
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
    title: scopeInWords(label),
    lines: lines.filter((line): line is string => typeof line === 'string' && line !== ''),
  };
}

/** A row has room for the number only, as the rows of groups do; a sentence says of what. */
const clientsInWords =
  () =>
  (count: number): string =>
    count === 1 ? t('1 client') : t('{0} clients', count);

function factsOf(listing: ListingNode, nowMs: number, countOf: (count: number) => string): readonly string[] {
  const { inventory, counts } = listing;
  const { listedAt, phase } = inventory;
  const trouble = troubleOf(listing);
  if (counts.total === 0) return [trouble ?? waitingOf(listing)];
  // A first listing tells how far it is; one that is repeated does not push aside what is known.
  if (phase === 'loading' && listedAt === undefined) return [waitingOf(listing)];
  const old = (trouble !== undefined || phase === 'stored') && listedAt !== undefined;
  return [
    ...(trouble === undefined ? [] : [trouble]),
    ...countsOf(listing, countOf),
    ...(old ? [listedAgoAsFact(listedAt, nowMs)] : []),
  ];
}

function waitingOf({ inventory, state }: ListingNode): string {
  if (state === 'empty') return t('no clients');
  const { received, total } = inventory;
  return total === undefined ? t('loading…') : t('{0} of {1}', received, total);
}

function countsOf({ counts }: ListingNode, countOf: (count: number) => string): readonly string[] {
  const { total, shown, outdated, attention } = counts;
  return [
    shown < total ? t('{0} of {1}', shown, countOf(total)) : countOf(total),
    ...(outdated > 0 ? [t('{0} outdated', outdated)] : []),
    ...(attention > 0 ? [attention === 1 ? t('1 needs attention') : t('{0} need attention', attention)] : []),
  ];
}

/** What is wrong, in a few words; undefined where nothing is. */
function troubleOf({ state, inventory: { error } }: ListingNode): string | undefined {
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
