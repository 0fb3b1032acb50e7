import { failures, type FailedState } from '../service/errors';
import type { InventoryState } from './inventory';

/** State of one listing. With `ready` and `loading` its rows are shown; the others say why there are none. */
export type ListingState = 'loading' | 'ready' | 'empty' | FailedState;

/** State of the client view: that of its only listing, `signedOut` for none, `several` when each row shows its own. */
export type ViewState = ListingState | 'signedOut' | 'several';

const keyTroubles: ReadonlySet<ViewState> = new Set([
  'rejected',
  'expired',
  'keyNotKept',
  'sourceUnusable',
  'commandNotAllowed',
  'accountChanged',
]);

/** True when signing in again helps. */
export function isKeyTrouble(state: ViewState): boolean {
  return keyTroubles.has(state);
}

/** State of a listing that has credentials. */
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
