import { appendFileSync } from 'node:fs';
import { openWorkbench, type OpenWorkbench, type WorkbenchOptions } from './openWorkbench';

/**
 * A `describe` around one workbench, which is opened before its tests and closed after them. A test that fails leaves
 * a picture in out/screenshots, and the logs of the extension in its output.
 *
 * @param options asked for just before the workbench opens, so that they may name a simulator started by then
 * @param tests declares the tests; the function that it is given answers the open workbench
 */
export function describeWorkbench(
  title: string,
  options: () => WorkbenchOptions | Promise<WorkbenchOptions>,
  tests: (workbench: () => OpenWorkbench) => void,
): void {
  describe(title, () => {
    let open: OpenWorkbench | undefined;
    const workbench = (): OpenWorkbench => {
      if (open === undefined) throw new Error('The workbench is not open.');
      return open;
    };
    before(async () => {
      open = await openWorkbench(await options());
    });
    after(async () => {
      await open?.close();
    });
    afterEach(async function () {
      const test = this.currentTest;
      if (test?.state !== 'failed' || open === undefined) return;
      const picture = await open.screenshot(
        `failed ${test.fullTitle()}`.replace(/[^\w.-]+/g, '-').slice(0, 120),
      );
      print(
        `\n${test.fullTitle()}\n${picture}\nThe server said:\n${open.serverLog()}\n${await open.logs()}\n`,
      );
    });
    tests(workbench);
  });
}

/** To where the runner looks for what a suite printed. */
function print(text: string): void {
  const output = process.env['TEST_LOG'];
  if (output !== undefined) appendFileSync(output, text);
}
