import { CancelledError } from '../../src/core/kernel/cancelled';
import type { Clock } from '../../src/core/kernel/clock';
import { hashOf, type Random } from './random';
import { nature, Scheduler, type Owner } from './scheduler';

/** 2 January 2026, 03:04:05 UTC. */
export const beginningMs = Date.UTC(2026, 0, 2, 3, 4, 5);

/** One line of what happened, with the true time. */
type TraceListener = (line: string) => void;

/** What every part of a simulation shares: time, chance, the computer's clock, and a trace of all that happens. */
export class World {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Milliseconds that the clock of the computer is ahead of true time. */
  clockOffsetMs = 0;
  /** Milliseconds that the computer has slept: its timers stood still. */
  sleptMs = 0;
  /** Called for each thing done by a window: its disk work and its bytes. It may kill that window. */
  onStep: (owner: Owner) => void = () => undefined;
  readonly #listener: TraceListener | undefined;
  #traceHash = 0;
  #lines = 0;

  constructor(random: Random, listener?: TraceListener) {
    this.random = random;
    this.scheduler = new Scheduler(random.fork('order'), beginningMs);
    this.#listener = listener;
  }

  get now(): number {
    return this.scheduler.now;
  }

  /** What the clock of the computer shows. */
  get shownMs(): number {
    return Math.floor(this.now + this.clockOffsetMs);
  }

  /** The same for two runs in which the same things happened at the same times. */
  get traceHash(): string {
    return `${this.#lines}-${this.#traceHash.toString(16)}`;
  }

  trace(owner: Owner, what: string): void {
    const line = `${((this.now - beginningMs) / 1000).toFixed(3)} ${owner.name} ${what}`;
    this.#lines++;
    this.#traceHash = (Math.imul(this.#traceHash, 31) + hashOf(line)) >>> 0;
    this.#listener?.(line);
  }

  /** The computer sleeps for so long; the service goes on. */
  sleep(ms: number): void {
    this.sleptMs += ms;
    this.scheduler.sleep(ms);
  }

  /** Resolves after so many true milliseconds; never once the owner is dead. */
  wait(ms: number, owner: Owner = nature): Promise<void> {
    return new Promise((resolve) => {
      this.scheduler.after(ms, owner, resolve);
    });
  }
}

/** The clock as one window has it: all windows read the same time, and each one's waits end when it has a turn. */
export function clockOf(world: World, owner: Owner): Clock {
  return {
    now: () => world.shownMs,
    monotonic: () => world.now - beginningMs - world.sleptMs,
    sleep: (ms, { signal }) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(new CancelledError());
          return;
        }
        const cancel = (): void => {
          turn.cancel();
          reject(new CancelledError());
        };
        // Timers run by a clock that nobody sets: jumps of the shown time do not reach them.
        const turn = world.scheduler.after(ms, owner, () => {
          signal.removeEventListener('abort', cancel);
          resolve();
        });
        signal.addEventListener('abort', cancel, { once: true });
      }),
  };
}

/** A promise that is never kept: what a dead process waits for. */
export function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
