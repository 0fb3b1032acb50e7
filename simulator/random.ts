const lowerAlphanumeric = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A repeatable source of choices: the same seed text gives the same choices in the same order. */
export class Random {
  #state: number;

  constructor(seed: string) {
    let hash = 0x811c9dc5;
    for (const character of seed) {
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    }
    this.#state = hash >>> 0;
  }

  /** A number from 0 (included) to 1 (excluded). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** True in about `probability` of all calls; 0 never, 1 always. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the choices; the list must not be empty. */
  pick<T>(choices: readonly T[]): T {
    const index = this.integer(0, choices.length - 1);
    for (const choice of choices.slice(index, index + 1)) return choice;
    throw new RangeError('There is nothing to pick from.');
  }

  /** `length` characters of `alphabet`, by default lower-case letters and digits. */
  characters(length: number, alphabet = lowerAlphanumeric): string {
    let text = '';
    for (let index = 0; index < length; index++)
      text += alphabet.charAt(this.integer(0, alphabet.length - 1));
    return text;
  }

  /** The same items in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, rank: this.next() }))
      .sort((one, other) => one.rank - other.rank)
      .map(({ item }) => item);
  }
}
