import type { Clock } from '../kernel/clock';

// Each listing has up to 32 calls in flight.
const atOnce = 3;
// A region that doesn't respond must not block the others.
const slowAfterMs = 8_000;

/** Runs at most three listings at once, in order. One that takes longer than 8 s no longer counts. */
export class ListingQueue {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `list` as soon as there's a free slot; settles like it. */
  async run(list: () => Promise<void>): Promise<void> {
    if (this.#running < atOnce) this.#running++;
    // The one that wakes it hands over its slot, so `#running` stays the same.
    else await new Promise<void>((wake) => this.#waiting.push(() => wake()));
    const ended = new AbortController();
    const release = (): void => this.#releaseSlot();
    void this.#clock.sleep(slowAfterMs, { signal: ended.signal }).then(release, release);
    try {
      await list();
    } finally {
      ended.abort();
    }
  }

  #releaseSlot(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}
