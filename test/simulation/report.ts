import type { Violation } from './evidence';
import { run } from './run';
import { shrink } from './shrink';
import type { Story } from './story';
import { storyOf } from './storyTeller';

/** What came of many seeds. */
export interface Soak {
  readonly seeds: number;
  readonly operations: number;
  readonly writes: number;
  readonly simulatedMs: number;
  readonly failed: readonly { readonly seed: number; readonly violations: readonly Violation[] }[];
}

/** Runs the stories of seeds `from` to `to`. `tell` hears of each that breaks an invariant; answering true ends it. */
export async function soak(
  from: number,
  to: number,
  tell: (seed: number, violations: readonly Violation[]) => boolean = () => false,
): Promise<Soak> {
  const sum = { seeds: 0, operations: 0, writes: 0, simulatedMs: 0 };
  const failed: { readonly seed: number; readonly violations: readonly Violation[] }[] = [];
  for (let seed = from; seed <= to; seed++) {
    const { violations, operations, writes, simulatedMs } = await run(storyOf(seed));
    sum.seeds++;
    sum.operations += operations;
    sum.writes += writes;
    sum.simulatedMs += simulatedMs;
    if (violations.length === 0) continue;
    failed.push({ seed, violations });
    if (tell(seed, violations)) break;
  }
  return { ...sum, failed };
}

/** What to show of a seed that breaks an invariant: the smallest story that still does, and how to see it again. */
export async function describeFailure(seed: number, violations: readonly Violation[]): Promise<string> {
  const [first] = violations;
  if (first === undefined) return `seed ${seed}: nothing was broken`;
  const smallest = await shrink(storyOf(seed), async (story) =>
    (await run(story)).violations.some(({ invariant }) => invariant === first.invariant),
  );
  return [
    `Seed ${seed} breaks: ${[...new Set(violations.map(({ invariant }) => invariant))].join(', ')}`,
    ...violations.slice(0, 5).map(({ invariant, what }) => `  ${invariant}: ${what}`),
    'The smallest story that still does:',
    describeStory(smallest),
    `See it again with: npm run simulate -- --seed ${seed}`,
  ].join('\n');
}

/** A story as text: its setting, and one event a line. */
export function describeStory({ setting, events }: Story): string {
  return [
    `  ${JSON.stringify(setting)}`,
    ...events.map(({ atMs, ...event }) => `  ${(atMs / 1000).toFixed(3)} s ${JSON.stringify(event)}`),
  ].join('\n');
}
