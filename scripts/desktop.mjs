// Runs the integration suite in a desktop VS Code.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './paths.mjs';
import { runReported } from './hostSuite.mjs';

/**
 * Runs a suite in the desktop VS Code that VSCODE_PATH names, or in one that is downloaded first.
 *
 * @param {import('./hostSuite.mjs').SuiteOptions} suite
 * @returns {Promise<import('./print.mjs').SuiteResult>}
 */
export async function runOnDesktop(suite) {
  const { runTests } = await import('@vscode/test-electron');
  // A long path would not fit into the name of VS Code's socket.
  const data = mkdtempSync(path.join(tmpdir(), 'cb-'));
  try {
    return await runReported(suite, async (env) => {
      await runTests({
        ...(process.env.VSCODE_PATH && { vscodeExecutablePath: process.env.VSCODE_PATH }),
        extensionDevelopmentPath: root,
        extensionTestsPath: suite.runner,
        extensionTestsEnv: { ...env, TEST_MACHINE_SETTINGS: path.join(data, 'User', 'settings.json') },
        launchArgs: [
          path.join(root, 'test', 'fixtures', 'workspace'),
          ...['--disable-extensions', '--disable-workspace-trust', '--user-data-dir', data],
        ],
      });
    });
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}
