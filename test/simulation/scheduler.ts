import type { Random } from './random';

/** A process whose work is scheduled. Nothing reaches it any more once it is dead. */
export interface Owner {
  /** Of this process alone. */
  readonly name: string;
  /** Of the window, also when it is opened again. */
  readonly window: string;
  /** Gets no turn before this time, as a blocked event loop or a sleeping computer. */
  frozenUntil: number;
  dead: boolean;
}

/** The computer and the network themselves: never frozen, never dead. */
export const nature: Owner = { name: 'nature', window: 'nature', frozenUntil: 0, dead: false };

export interface Scheduled {
  cancel(): void;
}

interface Turn {
  at: number;
  tie: number;
  order: number;
  readonly owner: Owner;
  readonly work: () => void;
  cancelled: boolean;
}

/**
 * The only source of time and order. Work is done one piece after another, by its time, and at the same time in an
 * order drawn from the seed; between two pieces every promise runs dry. Nothing here waits in real time.
 */
export class Scheduler {
  readonly #random: Random;
  readonly #queue = new TurnQueue();
  #order = 0;
  #now: number;

  constructor(random: Random, startMs: number) {
    this.#random = random;
    this.#now = startMs;
  }

  /** True time in milliseconds since 1970: what the service's clock shows. */
  get now(): number {
    return this.#now;
  }

  /** Does `work` after so many milliseconds, when its owner has a turn. */
  after(ms: number, owner: Owner, work: () => void): Scheduled {
    const turn: Turn = {
      at: this.#now + Math.max(0, ms),
      tie: this.#random.next(),
      order: ++this.#order,
      owner,
      work,
      cancelled: false,
    };
    this.#queue.push(turn);
    return { cancel: () => (turn.cancelled = true) };
  }

  /** The computer sleeps from now on for so long: what its processes had to do is due that much later. */
  sleep(ms: number): void {
    this.#queue.change((turn) => {
      if (turn.owner !== nature) turn.at = Math.max(turn.at, this.#now) + ms;
    });
  }

  /** Lets time pass until `isOver` says so, the time is `endMs`, or nothing is left to do; true for the first. */
  async runUntil(endMs: number, isOver: () => boolean): Promise<boolean> {
    await settle();
    for (;;) {
      if (isOver()) return true;
      const turn = this.#queue.first();
      if (turn === undefined || turn.at > endMs) {
        this.#now = Math.max(this.#now, endMs);
        return false;
      }
      this.#queue.pop();
      if (turn.cancelled || turn.owner.dead) continue;
      this.#now = Math.max(this.#now, turn.at);
      if (turn.owner.frozenUntil > this.#now) {
        turn.at = turn.owner.frozenUntil;
        // Overdue work is done first and keeps its order: it was due at different times.
        [turn.tie, turn.order] = [-1, ++this.#order];
        this.#queue.push(turn);
        continue;
      }
      turn.work();
      await settle();
    }
  }
}

/** A turn of the event loop comes after all promises and ticks. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A binary heap by time, tie and order. */
class TurnQueue {
  readonly #turns: Turn[] = [];

  first(): Turn | undefined {
    return this.#turns[0];
  }

  /** Changes turns in any way and sorts them anew. */
  change(change: (turn: Turn) => void): void {
    const all = this.#turns.splice(0);
    all.forEach(change);
    for (const turn of all) this.push(turn);
  }

  push(turn: Turn): void {
    const turns = this.#turns;
    let at = turns.push(turn) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = turns[above];
      if (parent === undefined || isBefore(parent, turn)) break;
      turns[at] = parent;
      at = above;
    }
    turns[at] = turn;
  }

  pop(): void {
    const turns = this.#turns;
    const last = turns.pop();
    if (last === undefined || turns.length === 0) return;
    let at = 0;
    for (;;) {
      const [left, right] = [turns[2 * at + 1], turns[2 * at + 2]];
      const isLeft = right === undefined || (left !== undefined && isBefore(left, right));
      const child = isLeft ? left : right;
      if (child === undefined || isBefore(last, child)) break;
      turns[at] = child;
      at = 2 * at + (isLeft ? 1 : 2);
    }
    turns[at] = last;
  }
}

function isBefore(one: Turn, other: Turn): boolean {
  if (one.at !== other.at) return one.at < other.at;
  return one.tie !== other.tie ? one.tie < other.tie : one.order < other.order;
}
