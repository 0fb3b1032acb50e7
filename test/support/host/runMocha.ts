import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import type { Report, TestResult } from './report';

/** The options of a run. They come through the environment, the only way into an extension host. */
export interface RunOptions {
  /** Test files; by default every `*.test.js` beside the caller. */
  readonly files: readonly string[];
  /** Where the report goes; none is written without it. */
  readonly report: string | undefined;
  /** Where the readable result goes; by default to the console. */
  readonly output: string | undefined;
  /** Only tests whose full name matches. */
  readonly grep: string | undefined;
  /** Milliseconds that one test may take. */
  readonly timeoutMs: number;
}

/** Reads TEST_FILES (JSON list), TEST_REPORT, TEST_OUTPUT, TEST_GREP and TEST_TIMEOUT; `folder` holds the default files. */
export function optionsFromEnvironment(env: NodeJS.ProcessEnv, folder: string): RunOptions {
  const given: unknown = JSON.parse(env['TEST_FILES'] ?? 'null');
  const files = Array.isArray(given) ? given.map(String) : testFiles(folder);
  return {
    files,
    report: env['TEST_REPORT'],
    output: env['TEST_OUTPUT'],
    grep: env['TEST_GREP'],
    timeoutMs: Number(env['TEST_TIMEOUT'] ?? 20_000),
  };
}

function testFiles(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.test.js')).map((name) => path.join(folder, name));
}

/**
 * Runs test files with Mocha in this very process, plain Node or extension host.
 *
 * @throws Error when a test failed, or when there was none
 */
export async function runMocha(options: RunOptions): Promise<void> {
  const { output } = options;
  if (output !== undefined) {
    Mocha.reporters.Base.consoleLog = (...parts: unknown[]): void => {
      appendFileSync(output, format(...parts) + '\n');
    };
  }
  const mocha = new Mocha({ ui: 'bdd', timeout: options.timeoutMs, color: false });
  if (options.grep !== undefined) mocha.grep(new RegExp(options.grep));
  for (const file of options.files) mocha.addFile(file);

  const tests: TestResult[] = [];
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => {
      resolve();
    });
    const note = (state: TestResult['state']) => (test: Mocha.Runnable, error?: Error) => {
      tests.push({
        name: test.fullTitle(),
        state,
        ms: test.duration ?? 0,
        ...(error !== undefined && { error: error.stack ?? error.message }),
      });
    };
    runner.on('pass', note('passed'));
    runner.on('fail', (test, error: Error) => {
      note('failed')(test, error);
      // A run that is stopped later prints no summary.
      if (output !== undefined) appendFileSync(output, `${error.stack ?? error.message}\n`);
    });
    runner.on('pending', note('skipped'));
  });

  const report: Report = { tests };
  if (options.report !== undefined) writeFileSync(options.report, JSON.stringify(report, undefined, 2));
  const failed = tests.filter((test) => test.state === 'failed').length;
  if (failed > 0) throw new Error(`${failed} of ${tests.length} tests failed.`);
  if (tests.length === 0) throw new Error('There was no test to run.');
}
