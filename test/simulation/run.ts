import type { Violation } from './evidence';
import { judge } from './judge';
import { playEvents } from './player';
import { Stage, type RunOptions } from './stage';
import type { Story, StoryEvent } from './story';
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

/** Once nothing is in its way any more, a wave ends within its watch limit, its proof and some attempts. */
const waveEndsWithinMs = 25 * 60_000;
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
    const lastMs = Math.max(0, ...story.events.map(endOf));
    await scheduler.runUntil(beginningMs + lastMs + 1, () => false);
    stage.calm();
    const hasEnded = (): boolean =>
      stage.operationIds('open').every((id) => stage.damaged.has(id)) &&
      [...stage.windows.values()].every(({ operations }) =>
        operations.list().every(({ id, phase }) => phase === 'ended' || stage.damaged.has(id)),
      );
    // A last start may still be on its way to the disk.
    await scheduler.runUntil(world.now + settlesMs, () => false);
    // Clients that waited for a job come in waves of their own.
    const wavesEndWithinMs = (2 * mostWaves(story) + 0.6) * waveEndsWithinMs;
    await scheduler.runUntil(world.now + longestHoldMs(story) + wavesEndWithinMs, hasEnded);
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

function endOf(event: StoryEvent): number {
  const lasts =
    event.does === 'sleep' ||
    event.does === 'freeze' ||
    (event.does === 'serviceFault' && event.kind === 'denied');
  return event.atMs + (lasts ? event.forMs : 0);
}

function longestHoldMs({ events }: Story): number {
  return Math.max(0, ...events.map((event) => (event.does === 'start' ? event.holdLimitMs : 0)));
}

/** Waves of the longest operation that may be begun. */
function mostWaves({ events }: Story): number {
  const waves = events.map((event) => {
    if (event.does !== 'start') return 0;
    switch (event.strategy.kind) {
      case 'all':
        return 1;
      case 'canary':
        return 2;
      case 'zones':
        return 3;
      case 'batches':
        // Two clients may be on one machine.
        return Math.ceil((2 * event.rows.length) / event.strategy.size);
    }
  });
  return Math.max(1, ...waves);
}
