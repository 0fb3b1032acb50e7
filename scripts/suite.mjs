// Runs one suite, in plain Node or in an extension host, and says how it went.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newPage } from './browser.mjs';
import { createCompanyNetwork } from './companyNetwork.mjs';
import { out, root } from './paths.mjs';
import { startGroup } from './processGroup.mjs';
import { startServer } from './server.mjs';

/**
 * @typedef {object} SuiteResult
 * @property {string} name
 * @property {import('../test/support/host/report.ts').TestResult[]} tests
 * @property {string[]} problems why the suite failed, apart from failed tests
 * @property {string} output what the tests printed
 * @property {string} log what the host logged
 * @property {number} ms
 */

/**
 * @typedef {object} SuiteOptions
 * @property {string} name
 * @property {string} runner the bundle of test/integration/index.ts
 * @property {string[]} files bundled test files
 * @property {string} [grep] only tests whose full name matches
 * @property {number} [testTimeoutMs] for one test
 * @property {number} [timeoutMs] for the suite, 120 s by default
 */

/** @param {SuiteResult} suite */
export const hasFailed = (suite) =>
  suite.problems.length > 0 || suite.tests.some((t) => t.state === 'failed');

/** Files of a run, and the environment that tells the tests about them. */
function prepare({ name, files, grep, testTimeoutMs = 20_000 }) {
  const folder = path.join(out, 'reports');
  mkdirSync(folder, { recursive: true });
  const base = path.join(folder, name.replace(/[^\w.-]/g, '-'));
  const [report, output, log] = [`${base}.json`, `${base}.txt`, `${base}.log`];
  for (const file of [report, output, log]) rmSync(file, { force: true });
  const env = {
    TEST_FILES: JSON.stringify(files),
    TEST_REPORT: report,
    TEST_OUTPUT: output,
    TEST_LOG: log,
    TEST_TIMEOUT: String(testTimeoutMs),
    ...(grep !== undefined && { TEST_GREP: grep }),
  };
  return { report, output, log, env };
}

/** An exit code proves nothing: only a report does, since a killed extension host ends with 0 too. */
function judge(started, files, { name, grep }, problems, log) {
  const tests = existsSync(files.report)
    ? JSON.parse(plainText(readFileSync(files.report, 'utf8'))).tests
    : [];
  const output = existsSync(files.output) ? plainText(readFileSync(files.output, 'utf8')) : '';
  const all = [...problems];
  if (!existsSync(files.report)) all.push('It wrote no report: its tests did not run to the end.');
  else if (tests.length === 0 && grep === undefined) all.push('It ran no test.');
  // What was told of the end is only news when the report does not explain it.
  const explained = tests.some((test) => test.state === 'failed');
  return {
    ...{ name, tests, output, log },
    problems: explained ? all.filter((text) => !text.startsWith('It ended with')) : all,
    ms: performance.now() - started,
  };
}

/** Without colours, which Playwright writes into its errors. */
const plainText = (text) => text.replace(/(\\u001b|\u001b)\[\d+m/g, '');

/** Waits for `work`, at most so long. @returns the answer of `work`, or `late` */
export async function within(ms, work, late) {
  let timer;
  const timeout = new Promise((resolve) => (timer = setTimeout(() => resolve(late), ms)));
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs a suite in a Node of its own.
 *
 * @param {SuiteOptions & { env?: NodeJS.ProcessEnv, keep?: boolean }} suite `keep` leaves its temporary files in place
 * @returns {Promise<SuiteResult>}
 */
export async function runInNode(suite) {
  const started = performance.now();
  const files = prepare(suite);
  const { timeoutMs = 120_000 } = suite;
  const temporary = await mkdtemp(path.join(tmpdir(), 'cb-'));
  let log = '';
  const program = `require(process.argv[1]).run().then(() => process.exit(0), (error) => {
    console.error(error.message);
    process.exit(1);
  })`;
  const group = startGroup(process.execPath, ['--enable-source-maps', '-e', program, suite.runner], {
    cwd: root,
    // What a suite leaves behind when it is ended goes with this folder. A short name: sockets are made in it.
    env: { ...process.env, TMPDIR: temporary, ...files.env, ...suite.env },
    onOutput: (text) => (log += text),
  });
  const code = await within(timeoutMs, group.exited, 'late');
  await group.stop(0);
  if (!suite.keep) await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
  const problems = [];
  if (code === 'late') problems.push(`It was stopped after ${timeoutMs / 1000} s.`);
  else if (code !== 0) problems.push(`It ended with ${code}.`);
  if (existsSync(files.log)) log += readable(readFileSync(files.log, 'utf8'));
  const result = judge(started, files, suite, problems, log);
  // A failed check leaves no report, but what it printed tells why.
  if (code === 0 && hasFailed({ ...result, problems: [] }))
    result.problems.push('It failed, yet ended with 0.');
  return result;
}

/**
 * Runs a suite in a real extension host, with the extension loaded from a folder, in the network of a company.
 *
 * @param {import('./host.mjs').Host} host
 * @param {import('playwright-core').Browser} browser
 * @param {SuiteOptions & { extension: string, workspace: string, keep?: boolean }} suite
 * `extension` and `workspace` are folders; `keep` leaves the files of the run in place.
 * @returns {Promise<SuiteResult>}
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
    const code = await within(timeoutMs, exitCode(page, server, suite), 'late');
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
  return judge(started, files, suite, problems, log);
}

/** Without empty lines, and without a list of all extensions that a warning of VS Code repeats. */
function readable(log) {
  return log
    .replace(/^\t.*\n/gm, '')
    .replace(/^.*vsda.*\n/gm, '')
    .replace(/\n\s*\n/g, '\n');
}

/** Opens the workbench with the extension and the tests, and waits for the workbench to tell their end. */
async function exitCode(page, server, { extension, workspace, runner }) {
  const ended = new Promise((resolve, reject) => {
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
    page.on('crash', () => reject(new Error('The page crashed.')));
    void server.exited.then((code) => reject(new Error(`VS Code ended with ${code}.`)), reject);
  });
  const remote = (folder) => `vscode-remote://127.0.0.1:${server.port}${folder}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ['extensionTestsPath', remote(runner)],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
  await page.goto(`${server.url}?${query}`);
  return ended;
}

/**
 * Judges by its report a suite that someone else runs.
 *
 * @param {SuiteOptions} suite
 * @param {(env: NodeJS.ProcessEnv) => Promise<void>} work runs it, with this environment
 * @returns {Promise<SuiteResult>}
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
  return judge(started, files, suite, problems, '');
}
