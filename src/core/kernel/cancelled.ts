/** Thrown where a wait ends because its signal aborted; `isCancelled` recognizes it. */
export class CancelledError extends Error {
  override readonly name = 'AbortError';

  /** `fate`: `not-run` when the call certainly wasn't sent. */
  constructor(readonly fate?: 'not-run') {
    super('cancelled');
  }
}

/** Throws {@link CancelledError} when the signal has aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new CancelledError();
}
