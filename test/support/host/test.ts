import { test as base, type Browser } from '@playwright/test';

/** The tests of one worker share a browser; each workbench in it has a context of its own. */
const test = base.extend<object, { browser: Browser }>({
  browser: [
    // Playwright reads from the pattern which fixtures this one needs: none.
    async ({}, use) => {
      const { launchBrowser } = await import('../../../scripts/browser.mjs');
      const { ensureHost } = await import('../../../scripts/host.mjs');
      const host = await ensureHost(() => undefined);
      const browser = await launchBrowser(host.browser);
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
});

/** Playwright's functions, which need no object, under the names that the suites without VS Code use too. */
interface Words {
  readonly describe: typeof test.describe;
  readonly beforeAll: typeof test.beforeAll;
  readonly afterAll: typeof test.afterAll;
  readonly afterEach: typeof test.afterEach;
}

const words: Words = test;
export const it = test;
export const { describe, beforeAll, afterAll, afterEach } = words;
