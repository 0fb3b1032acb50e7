import { failures, type FailedState } from '../service/errors';
import type { InventoryState } from './inventory';

/** How one root stands: what is shown of it instead of rows, or `ready` and `loading` with them. */
export type RootState = 'loading' | 'ready' | 'empty' | FailedState;

/** What the client view shows: how its only root stands, or that there is none, or that each one tells by itself. */
export type ViewState = RootState | 'signedOut' | 'several';

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

/** How a root stands whose key can be asked for. */
export function rootStateOf({ phase, clients, error }: InventoryState): RootState {
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
