import { Job, type JobSource } from './jobs';
import { Random } from './random';

/** When a plan or policy backs one machine up, and how that goes. UNIX seconds. */
export interface Runs {
  /** Of the schedule: runs are at this time and every `intervalS` after it. */
  readonly startS: number;
  readonly intervalS: number;
  /** The oldest run that's still listed, and the newest there will be. */
  readonly fromS: number;
  readonly untilS: number;
  /** Between its creation and its start. */
  readonly queuedS: number;
  readonly durationS: number;
  /** Runs from then on fail. */
  readonly failsFromS: number;
  /** How other runs end. */
  readonly ends: 'well' | 'partly' | 'as-it-happens';
}

/** Backs one machine up on a schedule. The same runs come about whenever they're looked at. */
export class Runner {
  readonly source: JobSource;
  readonly #runs: Runs;
  #dueS: number;

  constructor(source: JobSource, runs: Runs) {
    this.source = source;
    this.#runs = runs;
    const { startS, intervalS, fromS } = runs;
    this.#dueS = startS + Math.max(0, Math.ceil((fromS - startS) / intervalS)) * intervalS;
  }

  /** The runs since the last call; `absentS` is when the client was uninstalled, Infinity for never. */
  runsUntil(nowS: number, absentS: number): Job[] {
    const jobs: Job[] = [];
    for (; this.#dueS <= Math.min(nowS, this.#runs.untilS); this.#dueS += this.#runs.intervalS) {
      jobs.push(this.#jobAt(this.#dueS, absentS));
    }
    return jobs;
  }

  #jobAt(createdS: number, absentS: number): Job {
    const { queuedS, durationS, failsFromS, ends } = this.#runs;
    if (createdS >= absentS) {
      return this.#failing(createdS, 5, 'The client is not installed.');
    }
    if (createdS >= failsFromS) return this.#failing(createdS, 900, 'The client did not respond.');
    const luck = ends === 'as-it-happens' ? new Random(`${this.source.instanceId} ${createdS}`).next() : 1;
    if (luck < 0.02) return this.#failing(createdS, durationS, 'The disk could not be read.');
    const partly = ends === 'partly' || luck < 0.06;
    const startS = createdS + queuedS;
    return new Job(this.source, {
      ...{ createdS, startS, endS: startS + durationS },
      ...(partly
        ? { end: 'PARTIAL_COMPLETE', errorMessage: 'Some files could not be read.' }
        : { end: 'COMPLETE' }),
    });
  }

  #failing(createdS: number, afterS: number, errorMessage: string): Job {
    return new Job(this.source, {
      ...{ createdS, startS: createdS, endS: createdS + afterS, end: 'FAILED', errorMessage },
    });
  }
}

/** Seconds of the interval of a schedule such as `I|1790013600|P1D`, and when it starts. Throws for any other form. */
export function scheduleOf(text: string): { readonly startS: number; readonly intervalS: number } {
  const [, start, count, unit = ''] = /^I\|(\d+)\|PT?(\d+)([MHDW])$/u.exec(text) ?? [];
  const seconds = new Map([
    ['M', 60],
    ['H', 3600],
    ['D', 86_400],
    ['W', 604_800],
  ]).get(unit);
  if (seconds === undefined) throw new Error(`The schedule ${text} is not one that can run.`);
  return { startS: Number(start), intervalS: Number(count) * seconds };
}
