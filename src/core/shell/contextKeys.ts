import type { ViewState } from '../clients/viewState';

/** What the client view's welcome text depends on. A record, so that a new state doesn't compile until it's here. */
const states: Readonly<Record<ViewState | 'filteredOut', true>> = {
  loading: true,
  ready: true,
  empty: true,
  signedOut: true,
  several: true,
  filteredOut: true,
  denied: true,
  offline: true,
  notTrusted: true,
  proxyRefused: true,
  rejected: true,
  expired: true,
  keyNotKept: true,
  sourceUnusable: true,
  commandNotAllowed: true,
  accountChanged: true,
  keychainLocked: true,
  notActivated: true,
  roleMissing: true,
  clockWrong: true,
  unexpectedAnswer: true,
  throttled: true,
  serviceFailed: true,
  failed: true,
};
const viewStates = Object.keys(states) as readonly (keyof typeof states)[];
const yesOrNo = [true, false] as const;

/**
 * Every context key that a `when` clause of the manifest can use, with its values. None follows the selection of a tree:
 * VS Code draws rows again when a key in their menus changes, and with that takes back what was just selected.
 */
export const contextKeys = {
  /** Why the client tree is empty. */
  'cloudBackup.state': viewStates,
  'cloudBackup.signedIn': yesOrNo,
  'cloudBackup.hasProfiles': yesOrNo,
  'cloudBackup.demo': yesOrNo,
  /** True while a filter hides clients that don't match it. */
  'cloudBackup.filtered': yesOrNo,
  /** True while clients are new, changed, or gone since the user last looked. */
  'cloudBackup.hasChanges': yesOrNo,
  'cloudBackup.readOnly': yesOrNo,
  /** True if signing in again helps one of the lists in view. */
  'cloudBackup.keyTrouble': yesOrNo,
  /** True while there are operations to choose from, running or ended. */
  'cloudBackup.hasOperations': yesOrNo,
  /** True while there are operations, or damaged records, that Clear Finished removes. */
  'cloudBackup.hasFinished': yesOrNo,
  /** True while there are operations on disk that aren't listed. */
  'cloudBackup.hasOlder': yesOrNo,
} as const satisfies Readonly<Record<string, readonly (string | boolean)[]>>;

export type ContextKey = keyof typeof contextKeys;

export type ContextValue<Key extends ContextKey> = (typeof contextKeys)[Key][number];
