import type { Clock } from '../kernel/clock';

// Each listing has up to 32 calls in flight of its own.
const atOnce = 3;
// A service that hangs must not keep the other listings waiting.
const patienceMs = 8_000;

/** Lets three listings run at once, first come, first served. One that takes longer than 8 s lets the next begin. */
export class ListingQueue {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `list` when it is its turn; settles as it does. */
  async run(list: () => Promise<void>): Promise<void> {
    if (this.#running < atOnce) this.#running++;
    // Whoever wakes it leaves it the place.
    else await new Promise<void>((wake) => this.#waiting.push(() => wake()));
    const ended = new AbortController();
    const leave = (): void => this.#leave();
    void this.#clock.sleep(patienceMs, { signal: ended.signal }).then(leave, leave);
    try {
      await list();
    } finally {
      ended.abort();
    }
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}
