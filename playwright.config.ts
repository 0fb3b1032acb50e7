import { defineConfig } from '@playwright/test';

/**
 * The tests of the workbench: `npm test -- --only ui`, or `npx playwright test signIn` for Playwright's own options.
 *
 * A VS Code, its browser, and its test keep a core busy while they start, so as many run as the smallest machine has cores.
 */
export default defineConfig({
  testDir: 'test/ui',
  testMatch: '**/*.test.ts',
  outputDir: 'out/ui',
  globalSetup: './test/support/host/installOnce.ts',
  workers: 2,
  retries: 1,
  timeout: 60_000,
  reporter: 'list',
  use: { trace: 'on-first-retry' },
});
