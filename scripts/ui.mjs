// Runs the UI tests with Playwright Test.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { out, root } from './paths.mjs';
import { startGroup, within } from './processGroup.mjs';

/** For all files together. */
const timeoutMs = 25 * 60_000;

/**
 * Runs test files and prints a line for each as it ends.
 *
 * @param {readonly string[]} files names in `test/ui` without `.test.ts`; none means all
 * @param {{ grep?: string | undefined, keep?: boolean | undefined, pictures?: boolean | undefined }} [options]
 * `keep` leaves the files of each VS Code in place, `pictures` takes pictures for people to look at
 * @returns {Promise<import('./print.mjs').SuiteResult[]>} one for each file
 * @throws {Error} with Playwright's output when it wrote no report, or could not load a file
 */
export async function runUi(files, { grep, keep, pictures } = {}) {
  const report = path.join(out, 'reports', 'ui.json');
  rmSync(report, { force: true });
  const args = [
    path.join(root, 'node_modules', '@playwright', 'test', 'cli.js'),
    'test',
    ...files.map((name) => `/${name}\\.test\\.ts$`),
    ...['--reporter', path.join(root, 'scripts', 'uiReporter.mjs')],
    ...(grep === undefined ? [] : ['--grep', grep, '--pass-with-no-tests']),
  ];
  let output = '';
  const group = startGroup(process.execPath, args, {
    cwd: root,
    env: {
      ...process.env,
      UI_REPORT: report,
      ...(keep && { TEST_KEEP: '1' }),
      ...(pictures && { TEST_PICTURES: '1' }),
    },
    onOutput: (text) => {
      output += text;
      process.stdout.write(text);
    },
  });
  const code = await within(timeoutMs, group.exited, 'late');
  await group.stop(0);
  if (code === 'late') throw new Error(`The UI tests were stopped after ${timeoutMs / 60_000} minutes.`);
  if (!existsSync(report)) throw new Error(`Playwright ended with ${code} and without a report.\n${output}`);
  const { results, errors } = JSON.parse(readFileSync(report, 'utf8'));
  if (errors.length > 0) throw new Error(errors.join('\n'));
  return results;
}
