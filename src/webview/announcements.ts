/** Milliseconds between two announcements while the state is the same: counts change with every check. */
const quietMs = 30_000;

/**
 * What a screen reader hears of something that changes all the time: each new state at once, and counts within it only from
 * time to time.
 */
export class Announcements {
  #state: string | undefined;
  #text = '';
  #saidAt = 0;

  /** The text for the live region. `now` is milliseconds since 1970. */
  next(state: string, counts: string, now: number): string {
    if (state !== this.#state || now - this.#saidAt >= quietMs) {
      this.#state = state;
      this.#saidAt = now;
      this.#text = [state, counts].filter((part) => part !== '').join(' · ');
    }
    return this.#text;
  }
}
