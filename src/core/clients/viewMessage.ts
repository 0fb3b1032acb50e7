import type { InventoryState } from './inventory';
import type { Translate } from '../localize';
import { plainText } from '../plainText';
import { failureInWords } from '../reasons';

const freshMs = 60_000;

/**
 * The line above the client tree: what a filter hides, how far a listing is, how old the rows are, or why they could
 * not be read again.
 */
export function viewMessageOf(
  state: InventoryState | undefined,
  nowMs: number,
  t: Translate,
  filtered?: { readonly filter: string; readonly shown: number },
): string | undefined {
  if (!state) return undefined;
  const own = listingMessage(state, nowMs, t);
  // Nothing is shown at all: the welcome text says so, with a button that a line above it would hide.
  if (!filtered?.filter || filtered.shown === 0) return own;
  const shown = t(
    '“{0}”: {1} of {2} clients shown.',
    plainText(filtered.filter, 40),
    filtered.shown,
    state.clients.size,
  );
  return own === undefined ? shown : `${shown} ${own}`;
}

function listingMessage(state: InventoryState, nowMs: number, t: Translate): string | undefined {
  const { phase, received, total, listedAt, error } = state;
  if (phase === 'loading') {
    if (total !== undefined && received < total) return t('{0} of {1} clients', received, total);
    if (state.clients.size === 0) return t('Loading clients…');
    // The line takes room from the rows: a quick refresh of fresh ones must not make them jump.
    return listedAt === undefined || nowMs - listedAt < freshMs ? undefined : listedAgo(listedAt, nowMs, t);
  }
  if (phase === 'failed' && state.clients.size > 0) {
    const age = listedAt === undefined ? '' : ` ${listedAgo(listedAt, nowMs, t)}`;
    // Without its RequestId: nothing can be copied from here, and the log has it.
    return error && `${failureInWords(error, t)}${age}`;
  }
  if (phase === 'stored' && listedAt !== undefined) return listedAgo(listedAt, nowMs, t);
  if (phase === 'ready' && state.changedWhileReading) {
    return t('The list changed while it was read. Refresh to be sure.');
  }
  return undefined;
}

/** "Listed 5 minutes ago." in the largest unit that fits. */
function listedAgo(listedAt: number, nowMs: number, t: Translate): string {
  const minutes = Math.max(0, Math.floor((nowMs - listedAt) / 60_000));
  if (minutes < 1) return t('Listed less than a minute ago.');
  if (minutes === 1) return t('Listed 1 minute ago.');
  if (minutes < 120) return t('Listed {0} minutes ago.', minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? t('Listed {0} hours ago.', hours) : t('Listed {0} days ago.', Math.floor(hours / 24));
}
