// Runs the suites that need no VS Code with Vitest, in one process group.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { out, root } from './paths.mjs';
import { hasFailed } from './print.mjs';
import { startGroup, within } from './processGroup.mjs';

/** The suites that `vitest.config.mts` defines, in the order in which they are reported. */
export const vitestSuites = ['unit', 'contract', 'simulation', 'manifest'];

/** For all of them together; a suite takes seconds. */
const timeoutMs = 240_000;

const states = {
  passed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
  pending: 'skipped',
  todo: 'skipped',
};

/**
 * Runs suites and reads the report that Vitest writes.
 *
 * @param {readonly string[]} names
 * @param {{ grep?: string | undefined, keep?: boolean | undefined }} [options] `keep` leaves the temporary files in place
 * @returns {Promise<import('./print.mjs').SuiteResult[]>} one for each name
 */
export async function runVitest(names, { grep, keep } = {}) {
  const started = performance.now();
  const report = path.join(out, 'reports', 'vitest.json');
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  // A short name: sockets are made in this folder.
  const temporary = await mkdtemp(path.join(tmpdir(), 'cb-'));
  const args = [
    path.join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    ...names.flatMap((name) => ['--project', name]),
    ...['--reporter', 'dot', '--reporter', 'json', '--outputFile', report],
    ...(grep === undefined ? [] : ['--testNamePattern', grep]),
  ];
  let log = '';
  const group = startGroup(process.execPath, args, {
    cwd: root,
    env: { ...process.env, TMPDIR: temporary },
    onOutput: (text) => (log += text),
  });
  const code = await within(timeoutMs, group.exited, 'late');
  await group.stop(0);
  if (!keep) await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
  const files = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
  const results = names.map((name) => resultOf(name, files, { started, filtered: grep !== undefined }));
  // An unhandled rejection, or a run that never got as far as a report.
  if (code !== 0 && !results.some(hasFailed)) {
    const problem =
      code === 'late' ? `It was stopped after ${timeoutMs / 1000} s.` : `Vitest ended with ${code}.`;
    results[0].problems.push(problem);
    results[0].log = log;
  }
  return results;
}

/** @returns {import('./print.mjs').SuiteResult} what the report says about one suite */
function resultOf(name, files, { started, filtered }) {
  const folder = `${path.join(root, 'test', name)}${path.sep}`;
  const own = files.filter((file) => file.name.startsWith(folder));
  const tests = own.flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, status, duration = 0, failureMessages }) => ({
      name: fullName,
      state: states[status],
      ms: duration,
      ...(failureMessages.length > 0 && { error: failureMessages.join('\n') }),
    })),
  );
  const problems = own
    .filter(
      ({ status, assertionResults }) =>
        status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
    )
    .map((file) => `${path.relative(root, file.name)}: ${file.message}`);
  if (own.length === 0 && !filtered) problems.push('It ran no test.');
  const ran = filtered ? tests.filter(({ state }) => state !== 'skipped') : tests;
  const [first, last] = [
    Math.min(...own.map((one) => one.startTime)),
    Math.max(...own.map((one) => one.endTime)),
  ];
  const ms = own.length > 0 ? last - first : performance.now() - started;
  return { name, tests: ran, problems, log: '', ms };
}
