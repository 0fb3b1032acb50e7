// Checks that broken extensions are reported as broken: `npm test -- --self-test`.
import path from 'node:path';
import { root } from '../../../scripts/paths.mjs';
import { describe, hasFailed } from '../../../scripts/print.mjs';
import { runInHost } from '../../../scripts/hostSuite.mjs';

const fixtures = path.join(root, 'test', 'fixtures');

/** Each broken extension, what must be said about it, and what the host's log must show. */
const cases = [
  {
    name: 'crashedHost',
    title: 'a host that crashes is red, though the workbench reports success',
    problem: /The extension host died/,
    log: /Extension Host Process exited with code: null, signal: SIGKILL/,
  },
  {
    name: 'busyLoop',
    title: 'an extension that loops for ever is red in time, and its process is killed',
    problem: /It was stopped after 20 s/,
    // The log ends here: under load the host hangs before it has logged the activation.
    log: /Launched Extension Host Process/,
    // A loaded machine takes many seconds until the extension is activated at all.
    timeoutMs: 20_000,
  },
  {
    name: 'rejectedActivate',
    title: 'an extension that fails to start is red, with its reason in the log',
    problem: /The fixture refuses to start/,
    log: /Activating extension fixture\.rejected-activate failed[^]*The fixture refuses to start/,
  },
];

/**
 * Runs the broken fixtures, each in a host of its own.
 *
 * @param {import('../../../scripts/host.mjs').Host} host
 * @param {import('@playwright/test').Browser} browser
 * @param {string} runner
 * @returns {Promise<import('../../../scripts/print.mjs').SuiteResult>} one test a fixture
 */
export async function selfTest(host, browser, runner) {
  const started = performance.now();
  /** @type {Promise<import('../../../scripts/print.mjs').TestResult>[]} */
  const runs = cases.map(async ({ name, title, problem, log, timeoutMs }) => {
    const suite = await runInHost(host, browser, {
      name: `self-test-${name}`,
      runner,
      files: [path.join(fixtures, 'activation.test.js')],
      extension: path.join(fixtures, name),
      workspace: fixtures,
      ...(timeoutMs && { timeoutMs, testTimeoutMs: 60_000 }),
    });
    const printed = describe(suite);
    const missing = [
      !hasFailed(suite) && 'The suite is not red.',
      !problem.test(printed) && `Nothing printed matches ${problem}.`,
      !log.test(printed) && `The host's log was not printed, or nothing in it matches ${log}.`,
    ].filter(Boolean);
    const error = missing.length === 0 ? undefined : `${missing.join(' ')}\n${printed}`;
    /** @type {'failed' | 'passed'} */
    const state = error ? 'failed' : 'passed';
    return { name: title, state, ms: suite.ms, ...(error && { error }) };
  });
  const tests = await Promise.all(runs);
  return { name: 'self-test', tests, problems: [], log: '', ms: performance.now() - started };
}
