import type { ConsolePlace } from './consoleLinks';

/** What the user can do about a failure with one press. `none`: only the log helps, or something outside VS Code. */
export type Remedy =
  | 'sign-in-again'
  | 'review-command'
  | 'copy-ram-policy'
  | 'add-profile'
  | 'endpoint-settings'
  | 'proxy-settings'
  | 'refresh'
  | 'none';

/** What a failed listing shows instead of clients. */
export type FailedState =
  | 'denied'
  | 'offline'
  | 'notTrusted'
  | 'proxyRefused'
  | 'rejected'
  | 'expired'
  | 'keyNotKept'
  | 'sourceUnusable'
  | 'commandNotAllowed'
  | 'accountChanged'
  | 'keychainLocked'
  | 'notActivated'
  | 'roleMissing'
  | 'clockWrong'
  | 'unexpectedAnswer'
  | 'throttled'
  | 'serviceFailed'
  | 'failed';

/** What a failure means to each part that has to decide something about it. */
export interface FailureTraits {
  readonly remedy: Remedy;
  /** Of a listing that fails with it. */
  readonly state: FailedState;
  /** Where in the web console somebody can do something about it. */
  readonly console?: ConsolePlace;
  /**
   * What it says of the credentials of the request. `refused`: the service doesn't accept them. `missing`: there are
   * none. `untested`: the service, or whatever answered in its place, didn't look at them. `other`: it's about
   * something else.
   */
  readonly keyVerdict: 'refused' | 'missing' | 'untested' | 'other';
  /** Fate of the request where the error doesn't state one. */
  readonly fate: CallFate;
  /** True when the next request of the same operation would fail in the same way. */
  readonly stopsEverything: boolean;
  /** True when it lasts until somebody does something; false when asking again may be enough. */
  readonly lasting: boolean;
}

// What most failures of one kind have in common; a row says where it differs.
const credentials: Omit<FailureTraits, 'remedy' | 'state'> = {
  keyVerdict: 'other',
  fate: 'not-run',
  stopsEverything: true,
  lasting: true,
};
const account: FailureTraits = {
  remedy: 'none',
  state: 'failed',
  keyVerdict: 'other',
  fate: 'ambiguous',
  stopsEverything: true,
  lasting: true,
};
const network: FailureTraits = {
  ...account,
  remedy: 'proxy-settings',
  state: 'offline',
  keyVerdict: 'untested',
};
const service: FailureTraits = { ...account, keyVerdict: 'untested', lasting: false };
const request: FailureTraits = { ...account, stopsEverything: false, lasting: false };
const here: FailureTraits = { ...account, lasting: false };

/**
 * Everything that can go wrong, by its stable code. Recorded operations hold codes, so one is never renamed. A new code
 * is a row here and its words in `reasons.ts`; the compiler asks for both.
 */
export const failures = {
  'credentials-rejected': {
    ...credentials,
    remedy: 'sign-in-again',
    state: 'rejected',
    console: 'accessKeys',
    keyVerdict: 'refused',
  },
  'credentials-expired': { ...credentials, remedy: 'sign-in-again', state: 'expired', keyVerdict: 'refused' },
  'credentials-missing': {
    ...credentials,
    remedy: 'sign-in-again',
    state: 'keyNotKept',
    keyVerdict: 'missing',
  },
  // Signing in again would be with another profile.
  'profile-gone': { ...credentials, remedy: 'add-profile', state: 'failed' },
  'account-changed': { ...credentials, remedy: 'sign-in-again', state: 'accountChanged' },
  'source-unusable': { ...credentials, remedy: 'sign-in-again', state: 'sourceUnusable' },
  'command-not-allowed': { ...credentials, remedy: 'review-command', state: 'commandNotAllowed' },
  'keychain-unavailable': { ...credentials, remedy: 'add-profile', state: 'keychainLocked' },
  'secret-storage-failed': { ...credentials, remedy: 'none', state: 'keychainLocked' },

  'permission-denied': { ...account, remedy: 'copy-ram-policy', state: 'denied', console: 'ramUsers' },
  'account-blocked': { ...account, state: 'notActivated', console: 'cloudBackup' },
  'service-role-missing': { ...account, state: 'roleMissing', console: 'cloudBackup' },

  unreachable: network,
  'tls-failed': { ...network, state: 'notTrusted' },
  'proxy-refused': { ...network, state: 'proxyRefused' },
  timeout: { ...network, lasting: false },
  'connection-lost': { ...network, remedy: 'refresh', lasting: false },
  'wrong-endpoint': { ...network, remedy: 'endpoint-settings', state: 'unexpectedAnswer' },

  throttled: { ...service, state: 'throttled' },
  'service-failed': { ...service, state: 'serviceFailed' },
  'unexpected-reply': { ...service, remedy: 'endpoint-settings', state: 'unexpectedAnswer' },

  'not-found': { ...request, remedy: 'refresh' },
  'machine-not-ready': request,
  'bad-request': request,

  'clock-skew': { ...here, state: 'clockWrong', lasting: true },
  'invalid-input': { ...here, fate: 'not-run' },
  'storage-failed': here,
  'busy-elsewhere': { ...here, fate: 'not-run' },
  internal: here,
} as const satisfies Readonly<Record<string, FailureTraits>>;

export type FailureCode = keyof typeof failures;

/** True for the code of a failure; false for a code of the service, and for any other text. */
function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(failures, text);
}

export const failureCodes: readonly FailureCode[] = Object.keys(failures).filter(isFailureCode);

/**
 * What is known of a call that failed. `not-run`: the service certainly did nothing. `ambiguous`: it may have
 * acted. `refused`: it answered and declined.
 */
export type CallFate = 'not-run' | 'ambiguous' | 'refused';

export interface BackupErrorDetails {
  /** `Code` of the service's answer. */
  readonly serviceCode?: string | undefined;
  readonly requestId?: string | undefined;
  readonly httpStatus?: number | undefined;
  readonly fate?: CallFate | undefined;
  /** The RAM action that is missing, such as `hbr:DescribeBackupClients`. */
  readonly ramAction?: string | undefined;
  /** Operation that was called. */
  readonly action?: string | undefined;
  readonly cause?: unknown;
  readonly profileId?: string | undefined;
}

/** The one error of core and adapters: a code to branch on and an English sentence for the log. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
  readonly code: FailureCode;
  readonly serviceCode: string | undefined;
  readonly requestId: string | undefined;
  readonly httpStatus: number | undefined;
  readonly fate: CallFate | undefined;
  readonly ramAction: string | undefined;
  readonly action: string | undefined;
  /** Id of the profile that a failed call was made with; whoever knows it notes it, the first one counts. */
  profileId: string | undefined;

  constructor(code: FailureCode, message: string, details: BackupErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.serviceCode = details.serviceCode;
    this.requestId = details.requestId;
    this.httpStatus = details.httpStatus;
    this.fate = details.fate;
    this.ramAction = details.ramAction;
    this.action = details.action;
    this.profileId = details.profileId;
  }

  /** What happened and the next step, safe to show; undefined where the code says it all. */
  inWords(): string | undefined;
  inWords(): string | undefined {
    return undefined;
  }
}

/** True for an abort, also when it is wrapped as the cause of another error. A cancel is never an error to show. */
export function isCancelled(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if (at.name === 'AbortError') return true;
  }
  return false;
}

/** The same error if it is one of ours, else an `internal` one that keeps it as its cause. */
export function toBackupError(error: unknown): BackupError {
  if (error instanceof BackupError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new BackupError('internal', message, { cause: error });
}

/** Waits for what is done with a profile, and notes in its failure which profile that was. */
export async function asProfile<T>(profileId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BackupError) error.profileId ??= profileId;
    throw error;
  }
}
