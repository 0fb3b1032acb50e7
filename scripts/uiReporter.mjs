// Reports the UI tests to `npm test`: a line for each file as soon as it ends, and all results in one JSON file.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe } from './print.mjs';

export default class UiReporter {
  constructor() {
    /** @type {import('./print.mjs').SuiteResult[]} */
    this.results = [];
    /** @type {import('@playwright/test/reporter').Suite[]} */
    this.files = [];
    /** @type {string[]} */
    this.errors = [];
  }

  /** @param {import('@playwright/test/reporter').FullConfig} _ @param {import('@playwright/test/reporter').Suite} all */
  onBegin(_, all) {
    this.files = all.suites.flatMap((project) => project.suites);
  }

  /** @param {import('@playwright/test/reporter').TestError} error such as a file that can't be loaded */
  onError(error) {
    this.errors.push(plainText(error.stack ?? error.message ?? String(error.value)));
  }

  /** @param {import('@playwright/test/reporter').TestCase} test */
  onTestEnd(test) {
    const file = this.files.find((one) => one.allTests().includes(test));
    if (file === undefined || !file.allTests().every(hasEnded)) return;
    this.add(resultOf(file));
  }

  onEnd() {
    for (const file of this.files) {
      if (this.results.some(({ name }) => name === nameOf(file))) continue;
      this.add({ ...resultOf(file), problems: ['Some of its tests never ran.'] });
    }
    const file = process.env['UI_REPORT'];
    if (file === undefined) return;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ results: this.results, errors: this.errors }, undefined, 2));
  }

  /** @param {import('./print.mjs').SuiteResult} result */
  add(result) {
    this.results.push(result);
    console.log(describe(result));
  }

  printsToStdio() {
    return true;
  }
}

/**
 * A test that failed runs again while it has retries left, together with the tests of its serial group.
 *
 * @param {import('@playwright/test/reporter').TestCase} test
 */
function hasEnded(test) {
  const { results, parent, retries, expectedStatus } = test;
  const attempts = Math.max(...parent.tests.map((one) => one.results.length));
  const status = results.at(-1)?.status;
  if (status === undefined || results.length < attempts) return false;
  return status === expectedStatus || status === 'skipped' || attempts > retries;
}

/** @param {import('@playwright/test/reporter').Suite} file */
const nameOf = (file) => `ui:${path.basename(file.title, '.test.ts')}`;

/** @param {import('@playwright/test/reporter').Suite} file @returns {import('./print.mjs').SuiteResult} */
function resultOf(file) {
  const tests = file.allTests();
  /** @param {import('@playwright/test/reporter').TestCase} test */
  const title = (test) => test.titlePath().slice(3).join(' ');
  const results = tests.flatMap((test) => test.results);
  return {
    name: nameOf(file),
    problems: [],
    log: '',
    flaky: tests.filter((test) => test.outcome() === 'flaky').map(title),
    ms:
      Math.max(0, ...results.map((one) => one.startTime.getTime() + one.duration)) -
      Math.min(...results.map((one) => one.startTime.getTime())),
    tests: tests.map((test) => {
      const last = test.results.at(-1);
      const states = { expected: 'passed', flaky: 'passed', unexpected: 'failed', skipped: 'skipped' };
      const reason = test.annotations.find(({ type }) => type === 'skip')?.description;
      const text = (last?.errors ?? [])
        .map((error) => plainText(error.stack ?? error.message ?? ''))
        .join('\n');
      const attached = (last?.attachments ?? []).flatMap(({ name, path: at, body }) =>
        name === 'log' && body
          ? [String(body).split('\n').slice(-150).join('\n')]
          : at
            ? [`${name}: ${at}`]
            : [],
      );
      return {
        name: `${title(test)}${reason === undefined ? '' : ` (${reason})`}`,
        state: /** @type {'passed'} */ (states[test.outcome()]),
        ms: last?.duration ?? 0,
        ...(test.outcome() === 'unexpected' && { error: [text, ...attached].join('\n') }),
      };
    }),
  };
}

/** Without the colours that Playwright writes into its errors. @param {string} text */
const plainText = (text) => text.replace(/\u001b\[\d+m/g, '');
