import { afterAll, afterEach, beforeAll, describe } from './test';
import { openWorkbench, type OpenWorkbench, type WorkbenchOptions } from './openWorkbench';

/**
 * A `describe` around one workbench, which opens before its tests and closes after them. Its tests build on each
 * other: when one fails, the rest is skipped and all of them run again with a new workbench.
 *
 * A failed test attaches a picture of the workbench and the logs of the extension.
 *
 * @param options asked for just before the workbench opens, so that they may name a simulator started by then
 * @param tests declares the tests; the function it receives returns the open workbench
 */
export function describeWorkbench(
  title: string,
  options: () => WorkbenchOptions | Promise<WorkbenchOptions>,
  tests: (workbench: () => OpenWorkbench) => void,
): void {
  describe(title, () => {
    describe.configure({ mode: 'serial' });
    let open: OpenWorkbench | undefined;
    const workbench = (): OpenWorkbench => {
      if (open === undefined) throw new Error('The workbench is not open.');
      return open;
    };
    beforeAll(async ({ browser }) => {
      open = await openWorkbench(browser, await options());
    });
    afterAll(async () => {
      await open?.close();
    });
    afterEach(async ({}, info) => {
      if (info.status === info.expectedStatus || open === undefined) return;
      const name = `failed ${info.titlePath.slice(1).join(' ')}`.replace(/[^\w.-]+/g, '-').slice(0, 120);
      await info.attach('picture', { path: await open.picture(name), contentType: 'image/png' });
      const log = `The server said:\n${open.serverLog()}\n${await open.logs()}`;
      await info.attach('log', { body: log, contentType: 'text/plain' });
    });
    tests(workbench);
  });
}
