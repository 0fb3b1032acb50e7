import type { FailureCode } from '../service/errors';
import type { InventoryState } from './inventory';

/** How one root stands: what is shown of it instead of rows, or `ready` and `loading` with them. */
export type RootState =
  | 'loading'
  | 'ready'
  | 'empty'
  | 'denied'
  | 'offline'
  | 'rejected'
  | 'expired'
  | 'keyNotKept'
  | 'sourceUnusable'
  | 'commandNotAllowed'
  | 'failed';

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
      return failedStateOf(error?.code);
  }
}

function failedStateOf(code: FailureCode | undefined): RootState {
  switch (code) {
    case 'permission-denied':
      return 'denied';
    case 'unreachable':
    case 'timeout':
    case 'connection-lost':
    case 'tls-failed':
      return 'offline';
    case 'credentials-rejected':
      return 'rejected';
    case 'credentials-expired':
      return 'expired';
    case 'credentials-missing':
      return 'keyNotKept';
    case 'source-unusable':
      return 'sourceUnusable';
    case 'command-not-allowed':
      return 'commandNotAllowed';
    default:
      return 'failed';
  }
}
