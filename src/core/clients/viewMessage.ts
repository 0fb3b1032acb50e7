import { t } from '@vscode/l10n';
import type { InventoryState } from './inventory';
import { listedAgo } from './listedAgo';
import { listingTrouble } from './listingTrouble';
import { plainText } from '../kernel/plainText';
import { SourceUnusable } from '../profiles/keys/credentialSource';

const freshMs = 60_000;

/**
 * The line above the client tree: what a filter hides, how far the listing of the only listing is, how old its rows are, or
 * why they could not be read. Several listings say that in their own rows.
 */
export function viewMessageOf(
  listings: readonly InventoryState[],
  nowMs: number,
  filtered?: { readonly filter: string; readonly shown: number },
): string | undefined {
  const [only, ...others] = listings;
  if (!only) return undefined;
  const several = others.length > 0;
  const own = several ? undefined : listingMessage(only, nowMs);
  if (!filtered?.filter) return own;
  // Nothing is shown at all: the welcome text says so, with a button that a line above it would hide.
  if (filtered.shown === 0 && !several) return own;
  const all = listings.reduce((count, { clients }) => count + clients.size, 0);
  const shown = t('“{0}”: {1} of {2} clients shown.', plainText(filtered.filter, 40), filtered.shown, all);
  return own === undefined ? shown : `${shown} ${own}`;
}

function listingMessage(state: InventoryState, nowMs: number): string | undefined {
  const { phase, received, total, listedAt, error } = state;
  if (phase === 'loading') {
    // The line takes room from the rows: a refresh of fresh ones must not make them jump under the mouse.
    if (listedAt !== undefined && nowMs - listedAt < freshMs && state.clients.size > 0) return undefined;
    if (total !== undefined && received < total) return t('{0} of {1} clients', received, total);
    if (state.clients.size === 0) return t('Loading clients…');
    return listedAt === undefined ? undefined : listedAgo(listedAt, nowMs);
  }
  if (phase === 'failed' && error) {
    // Without rows the welcome text says the rest, but it cannot know what is wrong with a source.
    if (state.clients.size === 0) return error instanceof SourceUnusable ? error.sentence : undefined;
    const age = listedAt === undefined ? '' : ` ${listedAgo(listedAt, nowMs)}`;
    // Without its RequestId: nothing can be copied from here, and the log has it.
    return `${listingTrouble(error)}${age}`;
  }
  if (phase === 'stored' && listedAt !== undefined) return listedAgo(listedAt, nowMs);
  if (phase === 'ready' && state.changedWhileReading) {
    return t('The list changed while it was read. Refresh to be sure.');
  }
  return undefined;
}
