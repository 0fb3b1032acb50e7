/** Passed to everything that waits: aborting ends the wait with an error for which `isCancelled` is true. */
export interface Waiting {
  readonly signal: AbortSignal;
}

/** Passed to requests that change something. */
export interface WriteWaiting extends Waiting {
  /**
   * Awaited right before the bytes of each attempt go out, when its credentials are fetched and the connection is
   * ready. When it rejects, nothing of the attempt is sent: a cancel is thrown as it is, anything else as a
   * BackupError with fate `not-run`.
   */
  readonly beforeSend?: () => Promise<void>;
}
