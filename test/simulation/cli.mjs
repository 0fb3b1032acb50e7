// Runs the engine in a simulated world, seed by seed: `npm run simulate`. docs/testing-simulation.md says what is simulated.
import { parseArgs } from 'node:util';
import { loadTestModule } from '../../scripts/bundleTests.mjs';
import { ensureDependencies } from '../../scripts/install.mjs';

const usage = `Usage: npm run -s simulate -- [options]
  --seed N     one seed, with all that it breaks and the smallest story that still breaks it
  --trace      with --seed: each thing that happens, with its time in seconds
  --seeds N    so many seeds (default 300)
  --from N     the first of them (default 1)
  --all        goes on after the first seed that breaks something
  --help       show this text`;

function parseCommand() {
  const text = /** @type {const} */ ({ type: 'string' });
  const flag = /** @type {const} */ ({ type: 'boolean', default: false });
  const { values } = parseArgs({
    options: { seed: text, trace: flag, seeds: text, from: text, all: flag, help: flag },
  });
  const number = (name, otherwise) => {
    const value = Number(values[name] ?? otherwise);
    if (values[name] !== '' && Number.isInteger(value) && value >= 0) return value;
    throw new Error(`--${name} must be a whole number, not "${values[name]}"`);
  };
  return {
    ...values,
    one: values.seed === undefined ? undefined : number('seed', 0),
    seeds: number('seeds', 300),
    from: number('from', 1),
  };
}

let command;
try {
  command = parseCommand();
} catch (error) {
  console.error(`${error.message}\n${usage}`);
  process.exit(2);
}
if (command.help) {
  console.log(usage);
  process.exit(0);
}
const say = (text) => console.log(text);
await ensureDependencies(say);
const { describeFailure, describeStory, run, soak, storyOf } = await loadTestModule('simulation/main.ts');

async function showOne(seed) {
  const story = storyOf(seed);
  say(`Seed ${seed}:\n${describeStory(story)}`);
  const result = await run(story, command.trace ? { listener: say } : {});
  say(
    `Trace ${result.traceHash}, ${(result.simulatedMs / 60_000).toFixed(1)} min simulated, operations: ${result.operations}, writes: ${result.writes}`,
  );
  if (result.violations.length === 0) say('No invariant is broken.');
  else say(await describeFailure(seed, result.violations));
  return result.violations.length === 0;
}

async function showMany() {
  const began = performance.now();
  const broken = new Map();
  const { seeds, operations, writes, simulatedMs, failed } = await soak(
    command.from,
    command.from + command.seeds - 1,
    (seed, violations) => {
      for (const { invariant, what } of violations) {
        const known = broken.get(invariant);
        if (known?.at(-1) === seed) continue;
        broken.set(invariant, [...(known ?? []), seed]);
        say(`seed ${seed}: ${invariant}: ${what}`);
      }
      return !command.all;
    },
  );
  const seconds = (performance.now() - began) / 1000;
  say(
    `${seeds} seeds in ${seconds.toFixed(0)} s (${((seconds * 1000) / seeds).toFixed(0)} ms each): ${operations} operations, ${writes} writes, ${(simulatedMs / 3_600_000).toFixed(0)} h simulated`,
  );
  for (const [invariant, at] of broken)
    say(`${invariant}: ${at.length} of them, the first are ${at.slice(0, 10).join(', ')}`);
  if (failed[0]) say(await describeFailure(failed[0].seed, failed[0].violations));
  return failed.length === 0;
}

const isWhole = command.one === undefined ? await showMany() : await showOne(command.one);
process.exit(isWhole ? 0 : 1);
