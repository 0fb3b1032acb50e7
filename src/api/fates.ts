import type { CallFate, FailureCode } from '../core/service/errors';

/** What is known of a call that failed in one way, and how often it is tried in all. */
export interface Fate {
  readonly fate: CallFate;
  /** Code of the error that is thrown. */
  readonly code: FailureCode;
  readonly readAttempts: number;
  readonly writeAttempts: number;
}

/**
 * Every way in which a call fails. A write is repeated only after a failure that shows it didn't run; what is
 * ambiguous is thrown, and whoever asked for the write reads the state again. Once a row says one attempt, waiting
 * cannot help: the answer would be the same.
 */
export const fates = {
  // Certainly not run.
  throttled: { fate: 'not-run', code: 'throttled', readAttempts: 4, writeAttempts: 4 },
  'not-connected': { fate: 'not-run', code: 'unreachable', readAttempts: 4, writeAttempts: 2 },
  // Each attempt takes the whole deadline, so one repetition must do.
  'no-connection-in-time': { fate: 'not-run', code: 'unreachable', readAttempts: 2, writeAttempts: 1 },
  'name-not-found': { fate: 'not-run', code: 'unreachable', readAttempts: 4, writeAttempts: 2 },
  'tls-failed': { fate: 'not-run', code: 'tls-failed', readAttempts: 1, writeAttempts: 1 },
  // Nobody had a user name and password that satisfied the proxy: the same would come of another attempt.
  'proxy-refused': { fate: 'not-run', code: 'proxy-refused', readAttempts: 1, writeAttempts: 1 },
  'key-rejected': { fate: 'not-run', code: 'credentials-rejected', readAttempts: 1, writeAttempts: 1 },
  'token-rejected': { fate: 'not-run', code: 'credentials-expired', readAttempts: 1, writeAttempts: 1 },
  // Repeated once with the service's time, for writes too: the clock policy does that.
  'time-rejected': { fate: 'not-run', code: 'clock-skew', readAttempts: 1, writeAttempts: 1 },

  // May have run.
  // Each attempt takes the whole deadline, so one repetition must do.
  timeout: { fate: 'ambiguous', code: 'timeout', readAttempts: 2, writeAttempts: 1 },
  'connection-lost': { fate: 'ambiguous', code: 'connection-lost', readAttempts: 4, writeAttempts: 1 },
  'server-fault': { fate: 'ambiguous', code: 'service-failed', readAttempts: 4, writeAttempts: 1 },
  'unreadable-reply': { fate: 'ambiguous', code: 'unexpected-reply', readAttempts: 4, writeAttempts: 1 },
  'reply-too-large': { fate: 'ambiguous', code: 'unexpected-reply', readAttempts: 1, writeAttempts: 1 },
  // A copy of this attempt arrived before: something between us and the service sent it twice.
  'nonce-used': { fate: 'ambiguous', code: 'service-failed', readAttempts: 2, writeAttempts: 1 },

  // Answered and declined.
  redirected: { fate: 'refused', code: 'wrong-endpoint', readAttempts: 1, writeAttempts: 1 },
  'wrong-place': { fate: 'refused', code: 'wrong-endpoint', readAttempts: 1, writeAttempts: 1 },
  denied: { fate: 'refused', code: 'permission-denied', readAttempts: 1, writeAttempts: 1 },
  'account-blocked': { fate: 'refused', code: 'account-blocked', readAttempts: 1, writeAttempts: 1 },
  'role-missing': { fate: 'refused', code: 'service-role-missing', readAttempts: 1, writeAttempts: 1 },
  'not-found': { fate: 'refused', code: 'not-found', readAttempts: 1, writeAttempts: 1 },
  'machine-not-ready': { fate: 'refused', code: 'machine-not-ready', readAttempts: 1, writeAttempts: 1 },
  'bad-request': { fate: 'refused', code: 'bad-request', readAttempts: 1, writeAttempts: 1 },
} as const satisfies Readonly<Record<string, Fate>>;

export type FailureKind = keyof typeof fates;
