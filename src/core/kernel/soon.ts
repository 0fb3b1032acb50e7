import type { Clock } from './clock';
import type { Disposable } from './disposables';
import type { Log } from './log';

/** Does something once for all requests within a moment: what changes often is drawn once for many changes. */
export class Soon implements Disposable {
  readonly #deps: { readonly clock: Clock; readonly log: Log };
  readonly #ms: number;
  readonly #work: () => void;
  readonly #closing = new AbortController();
  #requested = false;

  /** @param ms milliseconds from the first request to the work */
  constructor(deps: { readonly clock: Clock; readonly log: Log }, ms: number, work: () => void) {
    this.#deps = deps;
    this.#ms = ms;
    this.#work = work;
  }

  request(): void {
    if (this.#requested) return;
    this.#requested = true;
    const { clock, log } = this.#deps;
    clock
      .sleep(this.#ms, { signal: this.#closing.signal })
      .then(() => this.doNow())
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted) log.write('error', 'what was to be done soon failed', error);
      });
  }

  /** Does it now where it's requested: before somebody looks at its result. */
  doNow(): void {
    if (!this.#requested) return;
    this.#requested = false;
    this.#work();
  }

  dispose(): void {
    this.#closing.abort();
  }
}
