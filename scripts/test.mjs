// Runs all suites: `npm test`. See CONTRIBUTING.md for its options.
import { parseArgs } from 'node:util';
import path from 'node:path';
import { bundleRunner, bundleTests, testSources } from './bundleTests.mjs';
import { launchBrowser } from './browser.mjs';
import { runOnDesktop } from './desktop.mjs';
import { ensureHost, ensureOldestHost } from './host.mjs';
import { ensureDependencies } from './install.mjs';
import { ensurePackage } from './package.mjs';
import { root } from './paths.mjs';
import { selfTest } from './selfTest.mjs';
import { hasFailed, runInHost, runInNode } from './suite.mjs';
import { runVitest, vitestSuites } from './vitest.mjs';

const usage = `npm test [-- options]
  --only NAMES   of unit, contract, simulation, manifest, integration, ui, ui:FILE, self-test; separated by commas
  --grep REGEXP  only tests whose full name matches
  --keep         leave the files of each VS Code in place
  --desktop      integration in a desktop VS Code, downloaded or named by VSCODE_PATH
  --self-test    only prove that broken extensions are shown as broken`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    grep: { type: 'string' },
    keep: { type: 'boolean' },
    desktop: { type: 'boolean' },
    'self-test': { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (options.help) {
  console.log(usage);
  process.exit(0);
}
const only = options['self-test'] ? ['self-test'] : options.only?.split(',');
const desktop = options.desktop === true || process.env.VSCODE_PATH !== undefined;
const known = [...vitestSuites, 'integration', 'ui', 'self-test'];
const unknown = only?.find((name) => !known.includes(name.split(':')[0]));
if (unknown !== undefined) {
  console.error(`There is no suite named ${unknown}.\n${usage}`);
  process.exit(2);
}
const wanted = (name) =>
  only === undefined
    ? name !== 'self-test' || options.grep === undefined
    : only.some((one) => covers(one, name));
const covers = (choice, name) =>
  choice === name || name.startsWith(`${choice}:`) || choice.startsWith(`${name}:`);

const say = (text) => console.log(text);
const began = performance.now();
const results = [];
const again = [];

/** What is printed about a suite as soon as it ends: all of it when it failed, one line and what was skipped else. */
function describe(suite) {
  const count = (state) => suite.tests.filter((test) => test.state === state).length;
  const seconds = (suite.ms / 1000).toFixed(1);
  const failed = hasFailed(suite);
  const head = `${failed ? 'FAILED' : 'ok    '} ${suite.name}: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped (${seconds} s)`;
  const skipped = suite.tests.filter((test) => test.state === 'skipped').map(({ name }) => `  – ${name}`);
  const parts = [head, ...skipped];
  if (!failed) return parts.join('\n');
  for (const test of suite.tests.filter((one) => one.state === 'failed')) {
    parts.push(`  ✖ ${test.name}\n${indent(test.error ?? '')}`);
  }
  for (const problem of suite.problems) parts.push(`  ✖ ${problem}`);
  if (suite.output.trim() !== '' && suite.tests.length === 0)
    parts.push(`  Output:\n${indent(tail(suite.output, 100))}`);
  if (suite.log.trim() !== '') parts.push(`  Log of the host:\n${indent(tail(suite.log, 150))}`);
  return parts.join('\n');
}
const indent = (text) => text.trim().replace(/^/gm, '    ');
const tail = (text, lines) => text.trim().split('\n').slice(-lines).join('\n');

function report(suite) {
  results.push(suite);
  say(describe(suite));
}

/** Nothing thrown on the way may hide the results of the other suites. Work that answers nothing has a later turn. */
async function guarded(name, work) {
  const started = performance.now();
  try {
    const suite = await work();
    if (suite) report(suite);
  } catch (error) {
    const problems = [error.stack ?? String(error)];
    report({ name, tests: [], problems, output: '', log: '', ms: performance.now() - started });
  }
}

/** Runs jobs in order, two at a time: a workbench and a browser keep one core busy. */
async function twoAtATime(jobs) {
  const rest = [...jobs];
  const lane = async () => {
    for (let job = rest.shift(); job !== undefined; job = rest.shift()) await job();
  };
  await Promise.all([lane(), lane()]);
}

/** A job that is run once more, alone and after the others, when it fails: what fails alone too is broken. */
function twice(name, once) {
  return () =>
    guarded(name, async () => {
      const first = await once();
      if (!hasFailed(first)) return first;
      // Two workbenches and a browser on two cores now and then lose a click.
      say(`${describe(first)}\n${name} is run once more, alone, after the others.`);
      again.push(() => guarded(name, once));
      return undefined;
    });
}

const needsHosts = ['integration', 'ui', 'self-test'].some(wanted) && !(desktop && !wanted('ui'));
// Downloads wait for the network, builds for the processor: they run side by side.
const installing = needsHosts
  ? Promise.all([ensureHost(say), wanted('integration') || wanted('ui') ? ensureOldestHost(say) : undefined])
  : Promise.resolve([]);
installing.catch(() => {});
await ensureDependencies(say);
const runner = needsHosts || desktop ? await bundleRunner() : '';
const common = { runner, grep: options.grep, keep: options.keep };

let vsix;
if (only === undefined || ['manifest', 'integration', 'ui'].some(wanted)) {
  await guardedPackage();
}
async function guardedPackage() {
  try {
    vsix = await ensurePackage(say);
  } catch (error) {
    report({ name: 'package', tests: [], problems: [error.message], output: '', log: '', ms: 0 });
  }
}

const plain = vitestSuites.filter(wanted);
if (plain.length > 0) {
  await guarded('vitest', async () => {
    for (const suite of await runVitest(plain, options)) report(suite);
  });
}

const hosts = await installing.catch((error) => {
  report({ name: 'host', tests: [], problems: [error.stack], output: '', log: '', ms: 0 });
  return [];
});
const jobs = [];
let browser;
if (desktop && wanted('integration')) {
  jobs.push(() =>
    guarded('integration (desktop)', async () =>
      runOnDesktop({ ...common, name: 'integration-desktop', files: await bundleTests('integration') }),
    ),
  );
}
if (hosts.length > 0) {
  browser = await launchBrowser(hosts[0].chromium);
  if (wanted('integration') && !desktop && vsix !== undefined) {
    const files = await bundleTests('integration');
    for (const host of hosts) {
      const name = `integration:${host.version}`;
      const suite = { ...common, name, files, extension: root };
      const workspace = path.join(root, 'test', 'fixtures', 'workspace');
      jobs.push(twice(name, () => runInHost(host, browser, { ...suite, workspace })));
    }
  }
  if (wanted('ui') && vsix !== undefined) {
    const files = await bundleTests('ui');
    testSources('ui').forEach((source, i) => {
      const name = `ui:${source.replace(/\.test\.ts$/, '')}`;
      if (!wanted(name)) return;
      const env = { TEST_VSIX: vsix, ...(options.keep && { TEST_KEEP: '1' }) };
      jobs.push(
        twice(name, () => runInNode({ ...common, name, files: [files[i]], testTimeoutMs: 60_000, env })),
      );
    });
  }
  if (wanted('self-test')) jobs.push(twice('self-test', () => selfTest(hosts[0], browser, runner, describe)));
}
await twoAtATime(jobs);
for (const job of again) await job();
await browser?.close();

const all = results.flatMap((suite) => suite.tests);
const count = (state) => all.filter((test) => test.state === state).length;
// A suite that failed as a whole, without a failed test, counts as one failure.
const broken = results.filter(
  (suite) => hasFailed(suite) && !suite.tests.some((test) => test.state === 'failed'),
);
const failed = count('failed') + broken.length;
say(`\n${((performance.now() - began) / 1000).toFixed(0)} s`);
say(`${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped`);
process.exit(failed === 0 && count('passed') > 0 ? 0 : 1);
