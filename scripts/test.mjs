// Runs the test suites: `npm test`. CONTRIBUTING.md describes its options.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.mjs';
import { bundleRunner, bundleTests, testSources } from './bundleTests.mjs';
import { runOnDesktop } from './desktop.mjs';
import { ensureHost, ensureOldestHost } from './host.mjs';
import { runInHost } from './hostSuite.mjs';
import { ensureDependencies } from './install.mjs';
import { ensurePackage } from './package.mjs';
import { root } from './paths.mjs';
import { count, describe, hasFailed } from './print.mjs';
import { selfTest } from '../test/support/host/selfTest.mjs';
import { runUi } from './ui.mjs';
import { runVitest, vitestSuites } from './vitest.mjs';

const usage = `npm test [-- options]
  --only NAMES   of ${vitestSuites.join(', ')}, integration, ui, ui:FILE, self-test; separated by commas
  --grep REGEXP  only tests whose full name matches
  --keep         keep the files of each VS Code
  --pictures     take pictures of what the UI tests see, in each kind of theme
  --desktop      run integration in a desktop VS Code: VSCODE_PATH, or one that is downloaded
  --self-test    only check that broken extensions are reported as broken`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    grep: { type: 'string' },
    keep: { type: 'boolean' },
    pictures: { type: 'boolean' },
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
const uiFiles = testSources('ui').map((file) => path.basename(file, '.test.ts'));
const known = [...vitestSuites, 'integration', 'ui', 'self-test', ...uiFiles.map((file) => `ui:${file}`)];
const unknown = only?.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(`There is no suite named ${unknown}.\n${usage}`);
  process.exit(2);
}
/** @param {string} name */
const wanted = (name) =>
  only === undefined
    ? name !== 'self-test' || options.grep === undefined
    : only.some((one) => one === name || one.startsWith(`${name}:`));
const onDesktop = options.desktop === true || process.env['VSCODE_PATH'] !== undefined;

const began = performance.now();
/** @type {import('./print.mjs').SuiteResult[]} */
const results = [];

/** @param {import('./print.mjs').SuiteResult} result */
function report(result) {
  results.push(result);
  console.log(describe(result));
}

/**
 * Nothing that is thrown may hide the results of other suites.
 *
 * @template T
 * @param {string} name what failed if it throws
 * @param {() => Promise<T>} work
 * @returns {Promise<T | undefined>} undefined if it threw
 */
async function guarded(name, work) {
  const started = performance.now();
  try {
    return await work();
  } catch (error) {
    const problems = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    report({ name, tests: [], problems, log: '', ms: performance.now() - started });
    return undefined;
  }
}

/**
 * Runs a suite, and once more if it fails: on a busy machine a real VS Code now and then misses a click.
 *
 * @param {string} name
 * @param {() => Promise<import('./print.mjs').SuiteResult>} run
 */
async function runTwice(name, run) {
  await guarded(name, async () => {
    const first = await run();
    if (!hasFailed(first)) return report(first);
    console.log(`${describe(first)}\n${name} runs again.`);
    const second = await run();
    const failed = first.tests.filter(({ state }) => state === 'failed').map((test) => test.name);
    const flaky = failed.length > 0 ? failed : first.problems;
    return report(hasFailed(second) ? second : { ...second, flaky });
  });
}

const needsHosts = wanted('ui') || wanted('self-test') || (wanted('integration') && !onDesktop);
// Downloads wait for the network and builds for the processor, so they run side by side.
const installing = needsHosts
  ? Promise.all([ensureHost(console.log), ensureOldestHost(console.log)])
  : undefined;
installing?.catch(() => {});
await ensureDependencies(console.log);
const needsPackage = ['manifest', 'integration', 'ui'].some(wanted);
const isPackaged =
  !needsPackage || (await guarded('package', () => ensurePackage(console.log))) !== undefined;

const plain = vitestSuites.filter((name) => wanted(name) && (isPackaged || name !== 'manifest'));
if (plain.length > 0) {
  await guarded('vitest', async () => (await runVitest(plain, options)).forEach(report));
}

const hosts = (await guarded('host', async () => installing)) ?? [];
const [newest] = hosts;
const inHost = isPackaged && wanted('integration') ? await bundleTests('integration') : [];
const runner = inHost.length > 0 || wanted('self-test') ? await bundleRunner() : '';
const common = { runner, files: inHost, grep: options.grep, keep: options.keep };
if (inHost.length > 0 && onDesktop) {
  await guarded('integration (desktop)', async () =>
    report(await runOnDesktop({ ...common, name: 'integration-desktop' })),
  );
}
if (newest !== undefined && (inHost.length > 0 || wanted('self-test'))) {
  const browser = await launchBrowser(newest.browser);
  const workspace = path.join(root, 'test', 'fixtures', 'workspace');
  const integration = onDesktop || inHost.length === 0 ? [] : hosts;
  // Side by side: each of them waits for its VS Code most of the time.
  await Promise.all([
    ...integration.map((host) => {
      const name = `integration:${host.version}`;
      return runTwice(name, () => runInHost(host, browser, { ...common, name, extension: root, workspace }));
    }),
    ...(wanted('self-test') ? [runTwice('self-test', () => selfTest(newest, browser, runner))] : []),
  ]);
  await browser.close();
}
if (newest !== undefined && isPackaged && wanted('ui')) {
  const files = only?.includes('ui') ? [] : (only ?? []).flatMap((name) => /^ui:(.+)/.exec(name)?.[1] ?? []);
  // Each line is printed when its file ends.
  await guarded('ui', async () => results.push(...(await runUi(files, options))));
}

const flaky = results.flatMap((suite) => (suite.flaky ?? []).map((test) => `  ~ ${suite.name}: ${test}`));
if (flaky.length > 0) console.log(`\nFlaky, passed when run again: ${flaky.length}\n${flaky.join('\n')}`);
const all = results.flatMap(({ tests }) => tests);
// A suite that failed without a failed test counts as one failure.
const broken = results.filter((suite) => hasFailed(suite) && count(suite.tests, 'failed') === 0);
const [passed, failed] = [count(all, 'passed'), count(all, 'failed') + broken.length];
console.log(`\n${((performance.now() - began) / 1000).toFixed(0)} s`);
console.log(`${passed} passed, ${failed} failed, ${count(all, 'skipped')} skipped`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
