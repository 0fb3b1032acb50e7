import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import type { DemoConnection } from '../../../src/core/profiles/demo';
import { copyInstalled } from './installOnce';
import { pseudoLanguage, writePseudoLocale } from './pseudoLocale';
import { patience, Workbench } from './workbench';

export interface WorkbenchOptions {
  /** The newest supported VS Code by default. */
  readonly vscode?: 'newest' | 'oldest';
  /** The user's settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Connects the extension to a simulator and puts its view in front, as `npm start` does. */
  readonly demo?: DemoConnection;
  /** A folder to open; none by default. */
  readonly workspace?: string;
  /** False: VS Code asks whether to trust the folder. */
  readonly trust?: boolean;
  /** True: the extension also logs what it does, as "Developer: Set Log Level…" would make it; `trace` for all there is. */
  readonly debugLog?: boolean | 'trace';
  /** Added to the environment of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** True: VS Code's language is the pseudo-language, for which our extension then has texts. */
  readonly pseudoLocale?: boolean;
  /** Pixels drawn for each CSS pixel, 1 by default; 2 for a picture that is sharp on any screen. */
  readonly pixelRatio?: number;
  /** PEM of an authority that the system trusts besides its own; only where `createPrivateStore` can make it so. */
  readonly authority?: string;
}

/** A real VS Code with the packaged extension installed, shown in a browser. */
export interface OpenWorkbench extends Workbench {
  /** Folder of the user's data: `User/settings.json`, `Machine/settings.json`, `logs`, `User/globalStorage`. */
  readonly userData: string;
  /** Everything the server printed: connections, starts and ends of extension hosts. */
  serverLog(): string;
  /** The log files of the extension host and of the extension's output channels. */
  logs(): Promise<string>;
  /** Changes the user's settings, as a hand in settings.json would. VS Code is sure to know them once it's loaded again. */
  changeSettings(values: Readonly<Record<string, unknown>>): Promise<void>;
  /** Waits until the browser holds a text of the window's state, which VS Code hands it every five seconds only. */
  kept(text: string): Promise<void>;
  /** Loads the page again, with the same browser storage. */
  reload(): Promise<void>;
  /** Ends the server with its extension hosts, starts it again on the same port and data, and reloads the page. */
  restart(): Promise<void>;
  /** Opens the same server in a page with empty browser storage, as another browser would. */
  reopenWithFreshStorage(): Promise<void>;
  /** Opens the same server in a second page with the same browser storage, as a second window of one user. */
  openSecondWindow(): Promise<Workbench>;
  /** Kills the extension host with SIGKILL; VS Code starts another within seconds. Linux only. */
  killExtensionHost(): Promise<void>;
  /** Ends everything and deletes all files, unless TEST_KEEP is set. */
  close(): Promise<void>;
}

/**
 * Opens a workbench as a user has it: the packaged extension installed, toasts and modals on.
 *
 * @throws Error with the host's output when it does not start
 */
export async function openWorkbench(
  browser: Browser,
  options: WorkbenchOptions = {},
): Promise<OpenWorkbench> {
  const { ensureHost, ensureOldestHost } = await import('../../../scripts/host.mjs');
  const { startServer, writeSettings } = await import('../../../scripts/server.mjs');
  const { newPage } = await import('../../../scripts/browser.mjs');
  const { writeDemoOpener } = await import('../../../scripts/demoOpener.mjs');
  const { createPrivateStore } = await import('../../../scripts/labs/companyNetwork.mjs');
  const { out } = await import('../../../scripts/paths.mjs');

  const age = options.vscode ?? 'newest';
  const host = await (age === 'oldest' ? ensureOldestHost : ensureHost)(silent);
  const folder = await mkdtemp(path.join(tmpdir(), 'cloud-backup-ui-'));
  await copyInstalled(age, folder);
  if (options.pseudoLocale) await writePseudoLocale(path.join(folder, 'e'));
  if (options.demo !== undefined) await writeDemoOpener(path.join(folder, 'e'), options.demo);
  const screenshots = path.join(out, 'screenshots');
  const store =
    options.authority === undefined ? undefined : await createPrivateStore(folder, options.authority);
  const start = (port?: number) =>
    startServer(host, {
      folder,
      ...(port !== undefined && { port }),
      ...(store !== undefined && { launcher: store.launcher }),
      ...(options.trust !== undefined && { trust: options.trust }),
      env: { ...store?.env, ...options.env },
      settings: { ...options.settings },
    });
  let server = await start();
  let logged = '';
  const openPage = async (): Promise<Page> => {
    const opened = await newPage(browser, { deviceScaleFactor: options.pixelRatio ?? 1 });
    // Where VS Code keeps its language. A display language needs no language pack to be one.
    const language = `globalThis._VSCODE_NLS_LANGUAGE = '${pseudoLanguage}'`;
    if (options.pseudoLocale) await opened.context().addInitScript(language);
    return opened;
  };
  let page = await openPage();
  const address = new URL(server.url);
  if (options.workspace !== undefined) address.searchParams.set('folder', options.workspace);
  if (options.debugLog !== undefined && options.debugLog !== false) {
    const most = options.debugLog === 'trace' ? 'trace' : 'debug';
    const level = ['logLevel', `cloud-backup-tools.alibaba-cloud-backup:${most}`];
    address.searchParams.set('payload', JSON.stringify([level]));
  }

  const showIn = async (shown: Page): Promise<void> => {
    shown.setDefaultTimeout(patience);
    await shown.goto(address.href);
    await shown.locator('.monaco-workbench .statusbar').waitFor();
  };
  const show = (): Promise<void> => showIn(page);
  const own = {
    userData: path.join(folder, 'u'),
    serverLog: () => logged + server.output(),
    logs: () => server.logs(),
    changeSettings: (values: Readonly<Record<string, unknown>>) => writeSettings(folder, values),
    kept: (text: string) => waitUntilKept(page, text),
    reload: show,
    restart: async () => {
      logged += server.output();
      await server.stop();
      server = await start(server.port);
      await show();
    },
    reopenWithFreshStorage: async () => {
      const before: BrowserContext = page.context();
      page = await openPage();
      await before.close();
      await show();
    },
    openSecondWindow: async () => {
      const second = await page.context().newPage();
      await showIn(second);
      return new Workbench(() => second, screenshots);
    },
    killExtensionHost: async () => {
      for (const pid of await extensionHosts(folder)) process.kill(pid, 'SIGKILL');
    },
    close: async () => {
      // Nothing of it is kept, so nothing has to be ended well.
      await Promise.all([page.context().close(), server.stop(0)]);
      if (process.env['TEST_KEEP'] === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await show();
  } catch (error) {
    const log = `${own.serverLog()}\n${await own.logs()}`;
    await own.close();
    throw new Error(`The workbench did not open: ${String(error)}\n${log}`);
  }
  return Object.assign(new Workbench(() => page, screenshots), own);
}

/** Compiled without the browser's types, so the part that runs in the page is text. */
async function waitUntilKept(page: Page, text: string): Promise<void> {
  const read = `(async () => {
    const done = (request) => new Promise((resolve) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(undefined);
    });
    for (const { name } of await indexedDB.databases()) {
      if (!name.startsWith('vscode-web-state-db')) continue;
      const database = await done(indexedDB.open(name));
      const stores = [...(database?.objectStoreNames ?? [])];
      const values = await Promise.all(
        stores.map((store) => done(database.transaction(store).objectStore(store).getAll())),
      );
      database?.close();
      if (JSON.stringify(values).includes(${JSON.stringify(text)})) return true;
    }
    return false;
  })()`;
  const end = Date.now() + patience;
  while (!(await page.evaluate<boolean>(read))) {
    if (Date.now() > end) throw new Error(`VS Code did not keep "${text}".`);
    await page.waitForTimeout(200);
  }
}

const silent = (): void => undefined;

/** The processes of a run's extension hosts, found by the folder in their environment. */
async function extensionHosts(folder: string): Promise<number[]> {
  const found: number[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    if (!(await read('cmdline')).includes('--type=extensionHost')) continue;
    if ((await read('environ')).includes(folder)) found.push(Number(pid));
  }
  return found;
}
