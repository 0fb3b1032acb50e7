// What the runners print about a suite.

/**
 * @typedef {object} TestResult
 * @property {string} name
 * @property {'passed' | 'failed' | 'skipped'} state
 * @property {number} ms
 * @property {string} [error]
 */

/**
 * @typedef {object} SuiteResult
 * @property {string} name
 * @property {TestResult[]} tests
 * @property {string[]} problems why the suite failed, apart from failed tests
 * @property {string[]} [flaky] names of the tests that passed only when they ran again
 * @property {string} log what the host logged
 * @property {number} ms
 */

/** @param {SuiteResult} suite */
export const hasFailed = ({ problems, tests }) =>
  problems.length > 0 || tests.some(({ state }) => state === 'failed');

/** @param {readonly TestResult[]} tests @param {TestResult['state']} state */
export const count = (tests, state) => tests.filter((test) => test.state === state).length;

/**
 * One line about a suite, with the skipped and the flaky tests below it, and everything about a failed one.
 *
 * @param {SuiteResult} suite
 */
export function describe(suite) {
  const { name, tests, problems, flaky = [], log, ms } = suite;
  const failed = hasFailed(suite);
  const counts = `${count(tests, 'passed')} passed, ${count(tests, 'failed')} failed, ${count(tests, 'skipped')} skipped`;
  const parts = [`${failed ? 'FAILED' : 'ok    '} ${name}: ${counts} (${(ms / 1000).toFixed(1)} s)`];
  for (const test of tests.filter(({ state }) => state === 'skipped')) parts.push(`  – ${test.name}`);
  for (const test of flaky) parts.push(`  ~ flaky: ${test}`);
  for (const test of tests.filter(({ state }) => state === 'failed')) {
    parts.push(`  ✖ ${test.name}\n${indent(test.error ?? '')}`);
  }
  for (const problem of problems) parts.push(`  ✖ ${problem}`);
  if (failed && log.trim() !== '') parts.push(`  Log of the host:\n${indent(tail(log, 150))}`);
  return parts.join('\n');
}

/** @param {string} text */
const indent = (text) => text.trim().replace(/^/gm, '    ');

/** @param {string} text @param {number} lines */
const tail = (text, lines) => text.trim().split('\n').slice(-lines).join('\n');
