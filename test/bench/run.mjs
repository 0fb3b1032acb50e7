// Measures the product against its goals: `npm run bench`. docs/bench.md says what is measured and how.
//
// A suite is one program in this folder that prints figures (figure.ts), one JSON object a line. A TypeScript one
// measures once; it runs several times, each in a fresh process, and medians count. An .mjs one starts processes of
// its own and is passed `--runs N`.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { buildProgram } from './builds.mjs';
import { figuresIn, goalsText, mediansOf, reached } from './goals.mjs';
import { ensureDependencies } from '../../scripts/install.mjs';

/** In the order in which they run. `editor` needs the host of the UI tests, so it runs only when it's named. */
const suites = ['wire', 'model', 'change', 'operations', 'size', 'editor'];

const usage = `Usage: npm run -s bench -- [options]
  --suite NAMES  suites to run, separated by commas: ${suites.join(', ')} (default: all but editor)
  --runs N       measured runs of each contestant (default 5)
  --json         print one JSON object in place of the tables
  --help         show this text`;

const longestSuiteMs = 90 * 60_000;

class UsageError extends Error {}

/** @param {string[]} args */
function optionsIn(args) {
  try {
    return parseArgs({
      args,
      options: {
        suite: { type: 'string' },
        runs: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error.message);
  }
}

/** @param {string[]} args */
function parseCommand(args) {
  const values = optionsIn(args);
  const runs = Number(values.runs ?? 5);
  if (values.runs === '' || !Number.isInteger(runs) || runs < 1 || runs > 1000) {
    throw new UsageError(`--runs must be a whole number from 1 to 1000, not "${values.runs}"`);
  }
  const named = values.suite?.split(',') ?? suites.filter((suite) => suite !== 'editor');
  const unknown = named.find((suite) => !suites.includes(suite));
  if (unknown !== undefined) throw new UsageError(`there is no suite "${unknown}"`);
  return { ...values, runs, suites: suites.filter((suite) => named.includes(suite)) };
}

async function runSuite(suite, runs) {
  const script = path.join(import.meta.dirname, `${suite}.mjs`);
  if (existsSync(script)) return figuresOf(script, ['--runs', String(runs)]);
  const program = await buildProgram(suite);
  const measured = [];
  for (let nth = 1; nth <= runs; nth++) measured.push(await figuresOf(program, []));
  return mediansOf(measured);
}

/** What a program prints. Its standard error is progress, or the reason when it fails. */
async function figuresOf(program, args) {
  const running = promisify(execFile)(process.execPath, ['--expose-gc', program, ...args], {
    timeout: longestSuiteMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  running.child.stderr?.pipe(process.stderr);
  return figuresIn((await running).stdout);
}

async function bench({ suites: named, runs }, progress) {
  await ensureDependencies(progress);
  const loadAverage = os.loadavg()[0];
  /** @type {Record<string, import('./figure').Figure[]>} */
  const measured = {};
  for (const suite of named) {
    progress(`Suite ${suite}`);
    try {
      measured[suite] = (await runSuite(suite, runs)).map((figure) => ({ ...figure, ok: reached(figure) }));
    } catch (error) {
      progress(`bench: suite ${suite} failed: ${error.message.split('\n', 1)[0]}`);
      process.exitCode = 1;
    }
  }
  return {
    date: new Date().toISOString(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: os.availableParallelism(),
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    loadAverage,
    runs,
    suites: measured,
  };
}

try {
  const options = parseCommand(process.argv.slice(2));
  if (options.help) console.log(usage);
  else {
    const report = await bench(options, (text) => process.stderr.write(`${text}\n`));
    console.log(options.json ? JSON.stringify(report) : goalsText(report));
  }
} catch (error) {
  process.stderr.write(`bench: ${error.message}\n${error instanceof UsageError ? `${usage}\n` : ''}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
