// How long a large listing takes, beside the official client and beside the least that Node can do:
// `npm run bench`. docs/bench.md says what is measured and what isn't.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { benchText } from './text.mjs';
import { ensureDependencies } from '../../scripts/install.mjs';
import { out, root } from '../../scripts/paths.mjs';
import { run, startGroup } from '../../scripts/processGroup.mjs';

const usage = `Usage: npm run -s bench -- [options]
  --runs N       measured runs of each contestant (default 5)
  --clients N    ECS clients to list, 1 to 100000 (default 10000)
  --latency MS   every answer of the service waits so long, 0 to 60000 (default 50)
  --json         print one JSON object in place of the table
  --help         show this text`;

const contestants = ['ours', 'official', 'floor'];
const folder = path.join(out, 'bench');
const dist = path.join(folder, 'dist');
const longestRunMs = 10 * 60_000;

class UsageError extends Error {}

function parseCommand(args) {
  const text = /** @type {const} */ ({ type: 'string' });
  const flag = /** @type {const} */ ({ type: 'boolean', default: false });
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: { runs: text, clients: text, latency: text, json: flag, help: flag },
    }));
  } catch (error) {
    throw new UsageError(error.message);
  }
  const number = (name, min, max, otherwise) => {
    const value = Number(values[name] ?? otherwise);
    if (values[name] !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not "${values[name]}"`);
  };
  return {
    ...values,
    runs: number('runs', 1, 1000, 5),
    clients: number('clients', 1, 100_000, 10_000),
    latency: number('latency', 0, 60_000, 50),
  };
}

/** The production build, apart from `dist`, so that whatever uses that one isn't disturbed. */
async function build() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const what of [[], ['--only', 'simulatorCli']]) {
    await run(process.execPath, ['esbuild.js', '--production', '--outdir', dist, ...what], { cwd: root });
  }
  const esbuild = await import('esbuild');
  await esbuild.build({
    entryPoints: contestants.map((name) => path.join(root, 'test', 'bench', `${name}.ts`)),
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
  });
}

/** Starts the service in a process of its own. @returns its first line, and what stops it */
async function startService({ clients, latency }) {
  const options = ['--clients', String(clients), '--latency', String(latency)];
  let output = '';
  let printed;
  const line = new Promise((resolve) => (printed = resolve));
  const group = startGroup(process.execPath, [path.join(dist, 'simulatorCli.js'), ...options], {
    onOutput: (text) => {
      output += text;
      if (output.includes('\n')) printed(output);
    },
  });
  await Promise.race([line, group.exited]);
  try {
    return { ...JSON.parse(output.split('\n', 1)[0]), stop: () => group.stop() };
  } catch {
    await group.stop();
    throw new Error(`the simulator did not start: ${output.trim()}`);
  }
}

/** One listing in a fresh process. Rejects when the list was not exactly the one expected. */
async function measure(contestant, target) {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [path.join(folder, `${contestant}.js`)], {
      env: { ...process.env, BENCH_TARGET: JSON.stringify(target) },
      timeout: longestRunMs,
    });
    return JSON.parse(stdout);
  } catch (error) {
    throw new Error(`a run of "${contestant}" failed: ${(error.stderr || error.message).trim()}`);
  }
}

/** All runs, taking turns; the order moves on by one each round, so that none always follows the same one. */
async function measureAll({ runs, clients }, service, progress) {
  const { stop: _, ...target } = { ...service, clients };
  /** @type {Record<string, any[]>} */
  const measured = Object.fromEntries(contestants.map((name) => [name, []]));
  for (let round = 0; round <= runs; round++) {
    progress(round === 0 ? 'Warm-up round' : `Round ${round} of ${runs}`);
    for (let turn = 0; turn < contestants.length; turn++) {
      const contestant = contestants[(round + turn) % contestants.length];
      const figures = await measure(contestant, target);
      if (round > 0) measured[contestant].push(figures);
    }
  }
  const lists = new Set(Object.values(measured).flatMap((all) => all.map(({ listHash }) => listHash)));
  if (lists.size !== 1) throw new Error('the contestants did not list the same clients');
  return measured;
}

function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function mediansOf(runs) {
  const figures = ['wallMs', 'firstRowsMs', 'cpuMs', 'maxRssBytes', 'readyMs'];
  return Object.fromEntries(figures.map((figure) => [figure, median(runs.map((one) => one[figure]))]));
}

/** Medians of each contestant, and how many times those of ours and of the floor they are. */
function compare(measured) {
  const medians = Object.fromEntries(contestants.map((name) => [name, mediansOf(measured[name])]));
  const times = (name, base) =>
    Object.fromEntries(
      Object.entries(medians[name]).map(([figure, value]) => [figure, value / medians[base][figure]]),
    );
  return Object.fromEntries(
    contestants.map((name) => [
      name,
      {
        median: medians[name],
        timesOurs: times(name, 'ours'),
        timesFloor: times(name, 'floor'),
        runs: measured[name],
      },
    ]),
  );
}

function bundleSizes() {
  return readdirSync(dist)
    .filter((file) => file.endsWith('.js') || file.endsWith('.css'))
    .sort()
    .map((file) => {
      const content = readFileSync(path.join(dist, file));
      return { file, bytes: content.length, gzipBytes: gzipSync(content, { level: 9 }).length };
    });
}

/** What the integration suite wrote down for each VS Code: milliseconds, median; null when it has not run. */
function activation() {
  const reports = path.join(out, 'reports');
  const files = existsSync(reports) ? readdirSync(reports) : [];
  const figures = files.flatMap((name) => {
    const version = /^activation-(.+)\.json$/.exec(name)?.[1];
    if (version === undefined) return [];
    const { median } = JSON.parse(readFileSync(path.join(reports, name), 'utf8'));
    if (typeof median !== 'number') throw new Error(`${name} must hold a median in milliseconds`);
    return [[`VS Code ${version}`, median]];
  });
  return figures.length === 0 ? null : Object.fromEntries(figures);
}

async function bench(options, progress) {
  await ensureDependencies(progress);
  progress('Building');
  await build();
  const loadAverage = os.loadavg()[0];
  const service = await startService(options);
  let measured;
  try {
    measured = await measureAll(options, service, progress);
  } finally {
    await service.stop();
  }
  return {
    date: new Date().toISOString(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: os.availableParallelism(),
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    loadAverage,
    clients: options.clients,
    latencyMs: options.latency,
    runs: options.runs,
    contestants: compare(measured),
    activation: activation(),
    bundles: bundleSizes(),
  };
}

try {
  const options = parseCommand(process.argv.slice(2));
  if (options.help) console.log(usage);
  else {
    const report = await bench(options, (text) => process.stderr.write(`${text}\n`));
    console.log(options.json ? JSON.stringify(report) : benchText(report));
  }
} catch (error) {
  process.stderr.write(`bench: ${error.message}\n${error instanceof UsageError ? `${usage}\n` : ''}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
