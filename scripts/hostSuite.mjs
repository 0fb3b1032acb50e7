// Runs one suite in an extension host.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newPage } from './browser.mjs';
import { createCompanyNetwork } from './labs/companyNetwork.mjs';
import { out } from './paths.mjs';
import { within } from './processGroup.mjs';
import { startServer } from './server.mjs';

/**
 * @typedef {object} SuiteOptions
 * @property {string} name
 * @property {string} runner the bundle of test/integration/index.ts
 * @property {string[]} files bundled test files
 * @property {string} [grep] only tests whose full name matches
 * @property {number} [testTimeoutMs] for one test
 * @property {number} [timeoutMs] for the suite, once its page has loaded, 120 s by default
 */

/**
 * The files of a run, and the environment that names them for the tests.
 *
 * @param {SuiteOptions} suite
 */
function prepare({ name, files, grep, testTimeoutMs = 20_000 }) {
  const folder = path.join(out, 'reports');
  mkdirSync(folder, { recursive: true });
  const base = path.join(folder, name.replace(/[^\w.-]/g, '-'));
  const [report, output] = [`${base}.json`, `${base}.txt`];
  for (const file of [report, output]) rmSync(file, { force: true });
  const env = {
    TEST_FILES: JSON.stringify(files),
    TEST_REPORT: report,
    TEST_OUTPUT: output,
    TEST_TIMEOUT: String(testTimeoutMs),
    ...(grep !== undefined && { TEST_GREP: grep }),
  };
  return { report, output, env };
}

/**
 * The result of a run. Only the report counts: a killed extension host ends with 0 too.
 *
 * @param {SuiteOptions} suite
 * @param {{ started: number, files: ReturnType<typeof prepare>, problems: readonly string[], log: string }} run
 * @returns {import('./print.mjs').SuiteResult}
 */
function judge({ name, grep }, { started, files, problems, log }) {
  const hasReport = existsSync(files.report);
  /** @type {import('./print.mjs').TestResult[]} */
  const tests = hasReport ? JSON.parse(readFileSync(files.report, 'utf8')).tests : [];
  const all = [...problems];
  if (!hasReport) all.push('It wrote no report: its tests did not run to the end.');
  else if (tests.length === 0 && grep === undefined) all.push('It ran no test.');
  const output = !hasReport && existsSync(files.output) ? readFileSync(files.output, 'utf8') : '';
  // A failed test explains the exit code.
  const explained = tests.some(({ state }) => state === 'failed');
  return {
    name,
    tests,
    log: output + log,
    problems: explained ? all.filter((text) => !text.startsWith('It ended with')) : all,
    ms: performance.now() - started,
  };
}

/**
 * Runs a suite in a real extension host, with the extension loaded from a folder, in the network of a company.
 *
 * @param {import('./host.mjs').Host} host
 * @param {import('@playwright/test').Browser} browser
 * @param {SuiteOptions & { extension: string, workspace: string, keep?: boolean }} suite
 * `extension` and `workspace` are folders; `keep` leaves the files of the run in place.
 * @returns {Promise<import('./print.mjs').SuiteResult>}
 */
export async function runInHost(host, browser, suite) {
  const started = performance.now();
  const files = prepare(suite);
  const { timeoutMs = 120_000 } = suite;
  const folder = await mkdtemp(path.join(tmpdir(), 'cloud-backup-'));
  const problems = [];
  let server;
  let page;
  let log = '';
  try {
    const network = await createCompanyNetwork(folder);
    server = await startServer(host, {
      folder,
      driver: true,
      launcher: network.launcher,
      env: {
        ...{ ...files.env, ...network.env },
        TEST_MACHINE_SETTINGS: path.join(folder, 'u', 'Machine', 'settings.json'),
      },
    });
    page = await newPage(browser);
    await network.join(page, host);
    const ended = await openTests(page, server, suite);
    const code = await within(timeoutMs, ended(), 'late');
    if (code === 'late') problems.push(`It was stopped after ${timeoutMs / 1000} s.`);
    else if (code !== 0) problems.push(`It ended with ${code}.`);
    const crash = /Extension Host Process exited with code: (?!0,).*/.exec(server.output());
    if (crash) problems.push(`The extension host died: ${crash[0]}`);
  } catch (error) {
    problems.push(error.message);
  } finally {
    await page?.context().close();
    await server?.stop();
    if (server) log = readable(`${server.output()}\n${await server.logs()}`);
    if (!suite.keep) await rm(folder, { recursive: true, force: true });
    else log += `\nThe files of this run are in ${folder}`;
  }
  return judge(suite, { started, files, problems, log });
}

/** Without empty lines, and without a list of all extensions that a warning of VS Code repeats. */
function readable(log) {
  return log
    .replace(/^\t.*\n/gm, '')
    .replace(/^.*vsda.*\n/gm, '')
    .replace(/\n\s*\n/g, '\n');
}

/** Opens the workbench with the extension and the tests. @returns waits for the exit code that the workbench reports */
async function openTests(page, server, { extension, workspace, runner }) {
  const ended = new Promise((resolve, reject) => {
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
    page.on('crash', () => reject(new Error('The page crashed.')));
    void server.exited.then((code) => reject(new Error(`VS Code ended with ${code}.`)), reject);
  });
  // It may reject while nobody waits: before the page has loaded, and when the server is stopped in the end.
  ended.catch(() => {});
  const remote = (folder) => `vscode-remote://127.0.0.1:${server.port}${folder}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ['extensionTestsPath', remote(runner)],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
  await page.goto(`${server.url}?${query}`, { timeout: 60_000 });
  return () => ended;
}

/**
 * Judges by its report a suite that someone else runs.
 *
 * @param {SuiteOptions} suite
 * @param {(env: NodeJS.ProcessEnv) => Promise<void>} work runs it, with this environment
 * @returns {Promise<import('./print.mjs').SuiteResult>}
 */
export async function runReported(suite, work) {
  const started = performance.now();
  const files = prepare(suite);
  const problems = [];
  const { timeoutMs = 120_000 } = suite;
  try {
    if ((await within(timeoutMs, work(files.env), 'late')) === 'late') {
      problems.push(`It took longer than ${timeoutMs / 1000} s.`);
    }
  } catch (error) {
    problems.push(`It ended with ${error.message ?? error}`);
  }
  return judge(suite, { started, files, problems, log: '' });
}
