import { BackupError, type BackupErrorDetails } from '../core/service/errors';
import { fates, type FailureKind } from './fates';

/** A failed attempt, with what the policies need to decide about another one. */
export class AttemptError extends BackupError {
  readonly kind: FailureKind;
  /** How long the service asked to wait. */
  readonly retryAfterMs: number | undefined;
  /** The service's time as its reply gave it, milliseconds since 1970. */
  readonly serverTimeMs: number | undefined;

  constructor(
    kind: FailureKind,
    message: string,
    details: Omit<BackupErrorDetails, 'fate'> & {
      readonly retryAfterMs?: number | undefined;
      readonly serverTimeMs?: number | undefined;
    } = {},
  ) {
    super(fates[kind].code, message, { ...details, fate: fates[kind].fate });
    this.kind = kind;
    this.retryAfterMs = details.retryAfterMs;
    this.serverTimeMs = details.serverTimeMs;
  }
}
