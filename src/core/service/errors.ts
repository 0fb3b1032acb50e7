/** Stable codes of everything that can go wrong. `presentError` has advice for each: a new code needs one there. */
export const failureCodes = [
  'credentials-rejected',
  'credentials-expired',
  'credentials-missing',
  'profile-gone',
  'account-changed',
  'source-unusable',
  'command-not-allowed',
  'permission-denied',
  'account-blocked',
  'service-role-missing',
  'throttled',
  'service-failed',
  'unreachable',
  'timeout',
  'connection-lost',
  'tls-failed',
  'proxy-refused',
  'clock-skew',
  'wrong-endpoint',
  'not-found',
  'machine-not-ready',
  'bad-request',
  'invalid-input',
  'unexpected-reply',
  'keychain-unavailable',
  'secret-storage-failed',
  'storage-failed',
  'busy-elsewhere',
  'internal',
] as const;
export type FailureCode = (typeof failureCodes)[number];

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
