import type { Violation } from './evidence';
import { judge } from './judge';
import { playEvents } from './player';
import { Stage, type RunOptions } from './stage';
import type { Story } from './story';
import { beginningMs } from './world';

export interface RunResult {
  readonly violations: readonly Violation[];
  /** The same for two runs in which the same things happened. */
  readonly traceHash: string;
  /** Milliseconds that passed in the simulation. */
  readonly simulatedMs: number;
  readonly operations: number;
  readonly writes: number;
}

/** Once nothing is in its way any more, an operation ends within its watch limit, its proof and some attempts. */
const endsWithinMs = 40 * 60_000;
/** Time to close files and give leases back. */
const settlesMs = 60_000;

/** Plays one story and judges it. */
export async function run(story: Story, options: RunOptions = {}): Promise<RunResult> {
  const stage = new Stage(story, options);
  const { world, evidence } = stage;
  const { scheduler } = world;
  const onRejection = (error: unknown): void => {
    evidence.violate('no crash', `a promise was rejected and nobody heard: ${String(error)}`);
  };
  process.on('unhandledRejection', onRejection);
  try {
    for (let window = 0; window < story.setting.windows; window++) stage.open(window);
    playEvents(stage, story.events);
    const lastMs = Math.max(
      0,
      ...story.events.map((event) => event.atMs + (event.does === 'sleep' ? event.forMs : 0)),
    );
    await scheduler.runUntil(beginningMs + lastMs + 1, () => false);
    stage.calm();
    const hasEnded = (): boolean =>
      stage.operationIds('open').every((id) => stage.damaged.has(id)) &&
      [...stage.windows.values()].every(({ operations }) =>
        operations.list().every(({ id, phase }) => phase === 'ended' || stage.damaged.has(id)),
      );
    // A last start may still be on its way to the disk.
    await scheduler.runUntil(world.now + settlesMs, () => false);
    await scheduler.runUntil(world.now + endsWithinMs, hasEnded);
    await scheduler.runUntil(world.now + settlesMs, () => false);
    judge(stage, story);
    return {
      violations: evidence.violations,
      traceHash: world.traceHash,
      simulatedMs: world.now - beginningMs,
      operations: stage.operationIds('open').length + stage.operationIds('closed').length,
      writes: stage.service.journal.length,
    };
  } finally {
    for (const window of [...stage.windows.keys()]) stage.close(window);
    process.off('unhandledRejection', onRejection);
  }
}
