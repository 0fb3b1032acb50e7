import { defineConfig } from '@playwright/test';

/**
 * The tests of the workbench: `npm test -- --only ui`, or `npx playwright test signIn` for Playwright's own options.
 *
 * A VS Code, its browser, and its test wait for each other most of the time, so more of them run than there are cores.
 */
export default defineConfig({
  testDir: 'test/ui',
  testMatch: '**/*.test.ts',
  outputDir: 'out/ui',
  globalSetup: './test/support/host/installOnce.ts',
  workers: 4,
  retries: 1,
  timeout: 180_000,
  reporter: 'list',
  use: { trace: 'on-first-retry' },
});
