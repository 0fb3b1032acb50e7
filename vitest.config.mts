import { defineConfig } from 'vitest/config';

/**
 * The tests that need no VS Code: `npx vitest` watches, `npx vitest --project unit` runs one suite.
 *
 * Files share a process: they may keep state in one file only, and hold alone as well (`--isolate`).
 */
const suite = (name: string, testTimeout: number) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout },
});

export default defineConfig({
  test: {
    globals: true,
    isolate: false,
    maxWorkers: 2,
    // A busy computer may take long to start the programs that some tests need.
    hookTimeout: 120_000,
    projects: [
      suite('unit', 20_000),
      suite('contract', 60_000),
      suite('simulation', 60_000),
      suite('manifest', 20_000),
    ],
  },
});
