import { failures, type FailedState } from '../service/errors';
import type { InventoryState } from './inventory';

/** How one listing stands: what is shown of it instead of rows, or `ready` and `loading` with them. */
export type ListingState = 'loading' | 'ready' | 'empty' | FailedState;

/** What the client view shows: how its only listing stands, or that there is none, or that each one tells by itself. */
export type ViewState = ListingState | 'signedOut' | 'several';

const keyTroubles: ReadonlySet<ViewState> = new Set([
  'rejected',
  'expired',
  'keyNotKept',
  'sourceUnusable',
  'commandNotAllowed',
]);

/** True where signing in again is what helps. */
export function isKeyTrouble(state: ViewState): boolean {
  return keyTroubles.has(state);
}

/** How a listing stands whose key can be asked for. */
export function listingStateOf({ phase, clients, error }: InventoryState): ListingState {
  switch (phase) {
    case 'empty':
    case 'loading':
      return 'loading';
    case 'stored':
    case 'ready':
      return clients.size > 0 ? 'ready' : 'empty';
    case 'failed':
      return error ? failures[error.code].state : 'failed';
  }
}
