/** Every wait carries one: aborting ends the wait with an error for which `isCancelled` is true. */
export interface Waiting {
  readonly signal: AbortSignal;
}

/** How a write is waited for. */
export interface WriteWaiting extends Waiting {
  /**
   * Awaited right before the bytes of each attempt go out: its key was fetched, every wait is over and the connection
   * is ready. When it rejects, nothing of the attempt is sent: a cancel is thrown as it is, anything else as a
   * BackupError with fate `not-run`.
   */
  readonly beforeSend?: () => Promise<void>;
}
