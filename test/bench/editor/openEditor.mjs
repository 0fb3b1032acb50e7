// @ts-check
// A real VS Code with the packaged extension, and an extension beside it that the benchmark can ask.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newPage } from '../../../scripts/browser.mjs';
import { out } from '../../../scripts/paths.mjs';
import { startServer } from '../../../scripts/server.mjs';

/** inHost.ts as an extension. */
const manifest = {
  name: 'bench',
  publisher: 'cloud-backup-tools',
  version: '1.0.0',
  engines: { vscode: '^1.100.0' },
  main: './main.js',
  activationEvents: ['onStartupFinished'],
  contributes: {
    viewsContainers: { activitybar: [{ id: 'cloudBackupBench', title: 'Bench', icon: '$(watch)' }] },
    views: { cloudBackupBench: [{ id: 'cloudBackupBench.empty', name: 'Empty Tree' }] },
  },
};

/**
 * @typedef {object} Editor
 * @property {import('@playwright/test').Page} page
 * @property {(what: string, argument?: unknown) => Promise<unknown>} ask asks inHost.ts
 * @property {() => Promise<void>} screenshot saves what the page shows, for the one who looks for a failure
 * @property {() => Promise<void>} close
 */

/**
 * @param {{
 *   host: import('../../../scripts/host.mjs').Host,
 *   browser: import('@playwright/test').Browser,
 *   extension: string,
 *   copyInstalled: (age: 'newest' | 'oldest', folder: string) => Promise<void>,
 * }} setup `extension` is the built inHost.ts
 * @returns {Promise<Editor>}
 */
export async function openEditor({ host, browser, extension, copyInstalled }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'cloud-backup-bench-'));
  await copyInstalled('newest', folder);
  const own = path.join(folder, 'e', 'cloud-backup-tools.bench-1.0.0');
  await mkdir(own, { recursive: true });
  await writeFile(path.join(own, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(own, 'main.js'), await readFile(extension));
  const portFile = path.join(folder, 'port');
  const server = await startServer(host, { folder, env: { BENCH_PORT_FILE: portFile } });
  const page = await newPage(browser);
  const close = async () => {
    await Promise.all([page.context().close(), server.stop(0)]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    page.setDefaultTimeout(60_000);
    await page.addInitScript({ path: path.join(import.meta.dirname, 'inPage.js') });
    await page.goto(server.url);
    await page.locator('.monaco-workbench .statusbar').waitFor();
    const port = await contentOf(portFile, page);
    return {
      page,
      ask: async (what, argument = null) => {
        const body = JSON.stringify(argument);
        const reply = await fetch(`http://127.0.0.1:${port}/${what}`, { method: 'POST', body });
        if (!reply.ok) throw new Error(await reply.text());
        return reply.json();
      },
      screenshot: async () => {
        await page.screenshot({ path: path.join(out, 'screenshots', 'bench-failed.png') });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits for a file. @param {string} file @param {import('@playwright/test').Page} page */
async function contentOf(file, page) {
  for (let waited = 0; waited < 60_000; waited += 50) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text !== '') return text;
    await page.waitForTimeout(50);
  }
  throw new Error('the extension of the benchmark did not start');
}
