import { CancelledError, throwIfCancelled } from '../kernel/cancelled';
import type { Clock } from '../kernel/clock';
import type { Waiting } from '../kernel/waiting';
import { scaledMs } from '../service/actions';
import type { OperationApi } from '../service/api';
import type { Scope } from '../service/scope';

/** What following an operation reads: the states of its tasks, and its clients. */
export type FollowingApi = Pick<OperationApi, 'getTask' | 'listClients'>;

/**
 * Calls of one account in a second, all operations of this window together. Cloud Backup documents no limit; 300 tasks
 * at this pace are queried every 30 s, more of them less often.
 */
export const callsPerSecond = 10;
/** So many may go out together after a pause: a small operation isn't slowed down. */
export const callsAtOnce = 5;

/** Gives calls their turns, in the order in which they ask, so that those that are due at once are spread evenly. */
export class CallBudget {
  readonly #clock: Clock;
  readonly #lanes = new Map<string, Lane>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves when a call of the account may go out: at once while there are few. Rejects with a cancel soon after the
   * signal aborts; the turn goes to the next one.
   * @param timeScale what durations are divided by: see `scaledMs`
   */
  turn({ accountId }: Pick<Scope, 'accountId'>, timeScale: number, waiting: Waiting): Promise<void> {
    let lane = this.#lanes.get(accountId);
    if (!lane) this.#lanes.set(accountId, (lane = new Lane(this.#clock)));
    return lane.turn(scaledMs(1 / callsPerSecond, timeScale), waiting);
  }
}

interface Waiter {
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly enter: () => void;
  readonly leave: () => void;
}

class Lane {
  readonly #clock: Clock;
  /** When the next call would go out if all were evenly spread, by `Clock.monotonic`. */
  #even = Number.NEGATIVE_INFINITY;
  readonly #line = new Set<Waiter>();
  #handingOut = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async turn(everyMs: number, { signal }: Waiting): Promise<void> {
    throwIfCancelled(signal);
    if (this.#line.size === 0 && this.#leftMs(everyMs) <= 0) {
      this.#take(everyMs);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => reject(new CancelledError());
      this.#line.add({ everyMs, signal, enter: resolve, leave });
      if (!this.#handingOut) this.#handOut().catch(reject);
    });
  }

  #take(everyMs: number): void {
    this.#even = Math.max(this.#even, this.#clock.monotonic()) + everyMs;
  }

  #leftMs(everyMs: number): number {
    return this.#even - (callsAtOnce - 1) * everyMs - this.#clock.monotonic();
  }

  async #handOut(): Promise<void> {
    this.#handingOut = true;
    try {
      for (let [first] = this.#line; first; [first] = this.#line) {
        const leftMs = this.#leftMs(first.everyMs);
        if (leftMs > 0) await this.#clock.sleep(leftMs, { signal: neverAborts });
        // Looked for here: a listener for each of a thousand on one signal would look like a leak.
        for (const one of this.#line) {
          if (!one.signal.aborted) continue;
          this.#line.delete(one);
          one.leave();
        }
        const [next] = this.#line;
        if (!next) return;
        this.#line.delete(next);
        this.#take(next.everyMs);
        next.enter();
      }
    } finally {
      this.#handingOut = false;
    }
  }
}

const neverAborts = new AbortController().signal;

/** The same API, with each call waiting for its turn. */
export function withinBudget(api: FollowingApi, budget: CallBudget, timeScale: () => number): FollowingApi {
  return {
    async getTask(scope, taskId, waiting) {
      await budget.turn(scope, timeScale(), waiting);
      return api.getTask(scope, taskId, waiting);
    },
    async *listClients(scope, query, waiting) {
      await budget.turn(scope, timeScale(), waiting);
      return yield* api.listClients(scope, query, waiting);
    },
  };
}
