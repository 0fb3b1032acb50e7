/** Every wait carries one: aborting ends the wait with an error for which `isCancelled` is true. */
export interface Waiting {
  readonly signal: AbortSignal;
}
