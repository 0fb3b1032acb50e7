import { t } from '@vscode/l10n';
import { numberInWords, sentences } from '../kernel/localize';
import { plainText } from '../kernel/plainText';
import { SourceUnusable } from '../profiles/keys/credentialSource';
import type { BackupError } from '../service/errors';
import { parseFilter } from './filter/filter';
import { unknownInWords } from './filter/unknownTerms';
import type { InventoryState } from './inventory';
import { listedAgo } from './listedAgo';
import type { Listing } from './listing';
import { listingTrouble } from './listingTrouble';
import { listingStateOf } from './viewState';
import { viewTitleOf } from './viewTitle';

const freshMs = 60_000;

/** What is written above the rows. */
export interface ViewHead {
  /** Beside the title of the view. */
  readonly description: string | undefined;
  /** A line of its own. */
  readonly message: string | undefined;
}

/**
 * Without rows, a welcome text with buttons takes their place. VS Code hides it below a message, so there the cause that
 * it can't name is beside the title of the view.
 *
 * @param nowMs milliseconds since 1970
 */
export function viewHeadOf(
  listings: readonly Listing[],
  nowMs: number,
  shown: { readonly filter: string; readonly shown: number; readonly hasRows: boolean },
  changes?: string,
): ViewHead {
  const states = listings.map(({ inventory }) => inventory.state);
  const description = viewTitleOf(listings);
  const isLoading = states.some(({ phase }) => phase === 'loading');
  if (shown.hasRows || isLoading) {
    return { description, message: viewMessageOf(states, nowMs, shown, shown.hasRows ? changes : undefined) };
  }
  const [only] = states.length === 1 ? states : [];
  const cause = only?.phase === 'failed' ? listingMessage(only, nowMs) : undefined;
  return { description: cause ?? description, message: undefined };
}

/**
 * The line above the rows: how far the only listing is, how old its rows are, or why they couldn't be read, which several
 * listings say in their own rows. Then the news, and what a filter shows: it ends without a period, so nothing follows it.
 *
 * @param nowMs milliseconds since 1970
 * @param news sentences
 */
export function viewMessageOf(
  listings: readonly InventoryState[],
  nowMs: number,
  filtered?: { readonly filter: string; readonly shown: number },
  news?: string,
): string | undefined {
  const [only, ...others] = listings;
  if (!only) return undefined;
  const several = others.length > 0;
  const own = several ? undefined : listingMessage(only, nowMs);
  if (!filtered?.filter) return news === undefined ? own : sentences(own, news);
  const total = listings.reduce((count, { clients }) => count + clients.size, 0);
  return sentences(own, news, filterMessage(filtered.filter, filtered.shown, total));
}

function filterMessage(text: string, shown: number, total: number): string {
  const { unknown } = parseFilter(text);
  return [
    t({
      message: '{shown} of {total} shown',
      args: { shown: numberInWords(shown), total: numberInWords(total) },
      comment: ['How many clients a filter shows. The filter follows.'],
    }),
    plainText(text, 60),
    ...(unknown.length > 0 ? [unknownInWords(unknown)] : []),
  ].join(' · ');
}

function listingMessage(state: InventoryState, nowMs: number): string | undefined {
  const { phase, received, total, listedAt, error } = state;
  if (phase === 'loading') {
    // The line takes room from the rows, so refreshing recent ones must not make them jump under the mouse.
    if (listedAt !== undefined && nowMs - listedAt < freshMs && state.clients.size > 0) return undefined;
    if (total !== undefined && received < total) return progressMessage(received, total);
    if (state.clients.size === 0)
      return t({ message: 'Loading clients…', comment: ['A line above the rows of the view'] });
    return listedAt === undefined ? undefined : listedAgo(listedAt, nowMs);
  }
  if (phase === 'failed' && error) {
    // Without rows the welcome text explains most causes.
    if (state.clients.size === 0) return causeWithoutWelcome(state, error);
    // Without the request ID: it can't be copied from here, and the log has it.
    return sentences(listingTrouble(error), listedAt !== undefined && listedAgo(listedAt, nowMs));
  }
  if (phase === 'stored' && listedAt !== undefined) return listedAgo(listedAt, nowMs);
  if (phase === 'ready' && state.changedWhileReading) {
    return t('The list changed while it was being read. Refresh to see all clients.');
  }
  return undefined;
}

/** A source says in a sentence of its own what's wrong with it. */
function causeWithoutWelcome(state: InventoryState, error: BackupError): string | undefined {
  const isNamed = !(error instanceof SourceUnusable) && listingStateOf(state) !== 'failed';
  return isNamed ? undefined : plainText(listingTrouble(error), 300);
}

function progressMessage(received: number, total: number): string {
  return t({
    message: 'Loaded {received} of {total} clients…',
    args: { received: numberInWords(received), total: numberInWords(total) },
    comment: ['How many clients of a region were read so far.'],
  });
}
