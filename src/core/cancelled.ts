/** The error thrown where a wait ends because its signal aborted; `isCancelled` knows it. */
export class CancelledError extends Error {
  override readonly name = 'AbortError';

  constructor() {
    super('cancelled');
  }
}

/** Throws {@link CancelledError} when the signal has aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new CancelledError();
}
