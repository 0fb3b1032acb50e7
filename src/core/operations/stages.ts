import type { MachineProgress, OperationCall, Wave } from './operation';
import { outcomes, type Stage } from './outcomes';

type Counts = Record<Stage, number>;

/**
 * How many clients of an operation are in each stage, altogether and in each wave. Kept up to date client by client, so
 * that a change costs the same in an operation on five clients and on five thousand.
 */
export class StageCounts {
  /** The waves that are counted, with the states that they had last. */
  #waves: readonly Wave[];
  readonly #waveOf: ReadonlyMap<string, number>;
  readonly #all: Counts;
  readonly #byWave: Counts[];
  /** True for a wave with a client that a call named. */
  readonly #sent: boolean[];

  private constructor(
    waves: readonly Wave[],
    waveOf: ReadonlyMap<string, number>,
    all: Counts,
    byWave: Counts[],
    sent: boolean[],
  ) {
    this.#waves = waves;
    this.#waveOf = waveOf;
    this.#all = all;
    this.#byWave = byWave;
    this.#sent = sent;
  }

  static of(
    waves: readonly Wave[],
    machines: readonly MachineProgress[],
    calls: readonly OperationCall[],
  ): StageCounts {
    const waveOf = new Map(
      waves.flatMap(({ machineKeys }, n) => machineKeys.map((key) => [key, n] as const)),
    );
    const counts = new StageCounts(
      waves,
      waveOf,
      none(),
      waves.map(none),
      waves.map(() => false),
    );
    for (const { machine, outcome } of machines) counts.#count(machine.key, outcomes[outcome].stage, 1);
    for (const { machineKeys } of calls) counts.send(machineKeys);
    return counts;
  }

  copy(): StageCounts {
    return new StageCounts(
      this.#waves,
      this.#waveOf,
      { ...this.#all },
      this.#byWave.map((counts) => ({ ...counts })),
      [...this.#sent],
    );
  }

  /** True if a client is in that stage. */
  has(stage: Stage): boolean {
    return this.#all[stage] > 0;
  }

  /** The waves, each with the state that follows from its clients and calls. The same list while none changes. */
  waves(): readonly Wave[] {
    const now = this.#waves.map((wave, n) => {
      const state = stateOf(this.#byWave[n] ?? none(), this.#sent[n] ?? false);
      return state === wave.state ? wave : { ...wave, state };
    });
    if (now.some((wave, n) => wave !== this.#waves[n])) this.#waves = now;
    return this.#waves;
  }

  add({ machine, outcome }: MachineProgress): void {
    this.#count(machine.key, outcomes[outcome].stage, 1);
  }

  change(before: MachineProgress, after: MachineProgress): void {
    const [from, to] = [outcomes[before.outcome].stage, outcomes[after.outcome].stage];
    if (from === to) return;
    this.#count(before.machine.key, from, -1);
    this.#count(before.machine.key, to, 1);
  }

  /** A call names these clients. */
  send(machineKeys: readonly string[]): void {
    for (const key of machineKeys) {
      const wave = this.#waveOf.get(key);
      if (wave !== undefined) this.#sent[wave] = true;
    }
  }

  #count(key: string, stage: Stage, by: 1 | -1): void {
    this.#all[stage] += by;
    const counts = this.#byWave[this.#waveOf.get(key) ?? -1];
    if (counts) counts[stage] += by;
  }
}

function none(): Counts {
  return { waiting: 0, running: 0, verifying: 0, settled: 0 };
}

function stateOf({ waiting, running, verifying }: Counts, sent: boolean): Wave['state'] {
  if (!sent) return waiting > 0 ? 'waiting' : 'not-sent';
  if (waiting > 0 || running > 0) return 'running';
  return verifying > 0 ? 'proving' : 'ended';
}
