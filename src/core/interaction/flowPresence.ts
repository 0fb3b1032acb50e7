import type { Presence } from './presence';

// Longer than a click takes to become a question on a slow computer, shorter than it takes to go on elsewhere and type.
const patienceMs = 1000;

/** What the user started with a click or a key, up to its end. */
export interface Flow {
  actedAt: number;
}

/** Carries a flow over all its awaits, as Node's AsyncLocalStorage does. */
export interface FlowStorage {
  run<T>(flow: Flow, work: () => T): T;
  getStore(): Flow | undefined;
}

/**
 * Knows of each flow when the user last acted in it. A flow is whatever runs within {@link FlowPresence.begin}, over all
 * its awaits. What runs outside of one was not started by the user, who is not here for it.
 */
export class FlowPresence implements Presence {
  readonly #flows: FlowStorage;
  readonly #now: () => number;
  readonly #offer: (what: string) => Promise<boolean>;
  #elsewhereAt = -Infinity;

  /**
   * @param now milliseconds of a clock that is never set
   * @param offer shows a notification with a button; true when it is pressed, false when it is closed
   */
  constructor(flows: FlowStorage, now: () => number, offer: (what: string) => Promise<boolean>) {
    this.#flows = flows;
    this.#now = now;
    this.#offer = offer;
  }

  /** Runs what a click or a key started. `at` says when that was, by the clock `now`; at this moment unless given. */
  begin<T>(run: () => T, at = this.#now()): T {
    return this.#flows.run({ actedAt: at }, run);
  }

  /** The user works in an editor: no flow that was started before has the keyboard any longer. */
  wentElsewhere(): void {
    this.#elsewhereAt = this.#now();
  }

  isHere(): boolean {
    const flow = this.#flows.getStore();
    if (!flow || this.#elsewhereAt > flow.actedAt) return false;
    return this.#now() - flow.actedAt <= patienceMs;
  }

  async whenHere(what: string): Promise<boolean> {
    if (this.isHere()) return true;
    const pressed = await this.#offer(what);
    if (pressed) this.acted();
    return pressed;
  }

  acted(): void {
    const flow = this.#flows.getStore();
    if (flow) flow.actedAt = this.#now();
  }
}
