import { defineConfig } from '@playwright/test';

/** Takes the pictures of the README, which no test needs: `npm run figures`. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.test.ts',
  outputDir: '../../out/figures',
  globalSetup: '../support/host/installOnce.ts',
  workers: 1,
  retries: 1,
  timeout: 120_000,
  reporter: 'list',
});
