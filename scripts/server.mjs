// Starts an installed VS Code as a server on 127.0.0.1.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { run, startGroup } from './processGroup.mjs';

/** A workbench without chat, welcome pages, updates, telemetry and experiments: nothing opens unasked. */
const quiet = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.experimentalOnboarding': false,
  'workbench.enableExperiments': false,
  'workbench.editor.useModal': 'off',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  // With many servers on one computer it warns of too many ports.
  'remote.autoForwardPorts': false,
  'git.enabled': false,
  'window.restoreWindows': 'none',
};

/** @param {number} [wanted] @returns {Promise<number>} a port that is free on 127.0.0.1, or 0 when the wanted one is not */
export function freePort(wanted = 0) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(0));
    probe.listen(wanted, '127.0.0.1', () => {
      const port = portOf(probe);
      probe.close(() => resolve(port));
    });
  });
}

/** @param {import('node:net').Server} server that listens @returns {number} */
export function portOf(server) {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens at no port.');
  return address.port;
}

/** What the server may see of our environment: everything but what npm, another VS Code and Electron left in it. */
function environment(folder, more) {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE|ELECTRON|npm)_|^NODE_OPTIONS$/.test(name),
  );
  return {
    ...Object.fromEntries(own),
    EXTENSIONS_GALLERY: '{}',
    TMPDIR: path.join(folder, 't'),
    XDG_DATA_HOME: path.join(folder, 'x'),
    XDG_CONFIG_HOME: path.join(folder, 'x'),
    XDG_CACHE_HOME: path.join(folder, 'x'),
    ...more,
  };
}

/** The folders of a run: `u` user data, `e` extensions, `s` server data, `t` temporary files, `x` the rest. */
function folders(host, folder) {
  const data = ['--user-data-dir', path.join(folder, 'u'), '--extensions-dir', path.join(folder, 'e')];
  return host.age === 'newest'
    ? ['--config', path.join(folder, 'u', 'cs.yaml'), ...data]
    : ['--server-data-dir', path.join(folder, 's'), '--accept-server-license-terms', ...data];
}

async function prepare(folder, settings) {
  for (const name of ['u/User', 'e', 's', 't', 'x'])
    await mkdir(path.join(folder, name), { recursive: true });
  // Without a file of its own code-server would write one with a password.
  await writeFile(path.join(folder, 'u', 'cs.yaml'), '');
  await writeSettings(folder, settings, quiet);
}

/**
 * Changes the user's settings in the folder of a run; a running VS Code is sure to know them once its page is loaded again.
 *
 * @param {string} folder
 * @param {Record<string, unknown>} settings
 * @param {Record<string, unknown>} [defaults] for what is not set yet
 */
export async function writeSettings(folder, settings, defaults = {}) {
  const file = path.join(folder, 'u', 'User', 'settings.json');
  const kept = await readFile(file, 'utf8').then(JSON.parse, () => ({}));
  await writeFile(file, JSON.stringify({ ...defaults, ...kept, ...settings }, undefined, 2));
}

/**
 * Installs a packaged extension as a user would.
 *
 * @param {import('./host.mjs').Host} host
 * @param {string} folder of the run
 * @param {string} vsix
 * @returns {Promise<string>} what VS Code then lists, one `publisher.name@version` a line
 */
export async function installExtension(host, folder, vsix) {
  await prepare(folder, {});
  const call = (...args) =>
    run(host.node, [host.entry, ...folders(host, folder), ...args], { env: environment(folder, {}) });
  await call('--install-extension', vsix, '--force');
  return call('--list-extensions', '--show-versions');
}

/**
 * @typedef {object} Server
 * @property {string} url its address, with a slash at the end
 * @property {number} port
 * @property {string} folder of the run
 * @property {() => string} output everything the server printed so far, its extension hosts included
 * @property {() => Promise<string>} logs the log files of the extension hosts and their extensions
 * @property {Promise<number | null>} exited the server's exit code, null after a signal
 * @property {(graceMs?: number) => Promise<void>} stop ends the server with all its processes, after a second at most
 */

/**
 * Starts a server and waits until it answers.
 *
 * @param {import('./host.mjs').Host} host
 * @param {object} options
 * @param {string} options.folder a folder of its own; what it holds is used again
 * @param {number} [options.port] a free one by default
 * @param {boolean} [options.driver] lets the page load extensions and tests from source, and hides all toasts
 * @param {boolean} [options.trust] false: workspaces are not trusted until the user says so
 * @param {Record<string, unknown>} [options.settings] the user's settings
 * @param {string[]} [options.launcher] a program, with arguments, that starts the server
 * @param {NodeJS.ProcessEnv} [options.env] added to the environment of the extension host
 * @param {string} [options.workspace] folder that `/` opens
 * @returns {Promise<Server>}
 * @throws {Error} with the server's output when it ends, or does not answer within 30 seconds
 */
export async function startServer(host, options) {
  const { folder } = options;
  const port = options.port ?? (await freePort());
  await prepare(folder, options.settings ?? {});
  const trust = options.trust === false ? [] : ['--disable-workspace-trust'];
  const args =
    host.age === 'newest'
      ? [
          ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry'],
          ...[
            '--disable-update-check',
            '--disable-getting-started-override',
            '--ignore-last-opened',
            ...trust,
          ],
          ...['--vscode-option', 'disable-experiments'],
          ...(options.driver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
        ]
      : [
          ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
          ...['--telemetry-level', 'off', ...trust],
          ...(options.driver ? ['--enable-smoke-test-driver'] : []),
        ];
  if (options.workspace !== undefined) {
    args.push(...(host.age === 'newest' ? [options.workspace] : ['--default-folder', options.workspace]));
  }
  let output = '';
  const program = [...(options.launcher ?? []), host.node, host.entry, ...folders(host, folder), ...args];
  const group = startGroup(program[0], program.slice(1), {
    cwd: folder,
    env: environment(folder, options.env),
    onOutput: (text) => (output += text),
  });
  const url = `http://127.0.0.1:${port}/`;
  try {
    await Promise.race([
      answers(url),
      group.exited.then((code) => Promise.reject(new Error(`It ended with ${code}.`))),
    ]);
  } catch (error) {
    await group.stop(0);
    // Another program may take a free port before the server does.
    if (options.port === undefined && output.includes('EADDRINUSE')) return startServer(host, options);
    throw new Error(`VS Code ${host.version} did not start. ${error.message}\n${output}`);
  }
  return {
    ...{ url, port, folder },
    output: () => output,
    logs: () => readLogs(path.join(folder, 'u', 'logs')),
    exited: group.exited,
    stop: (graceMs) => group.stop(graceMs),
  };
}

/** Asks until the server answers; `/` works for both ages, and is cheap. */
async function answers(url) {
  const end = Date.now() + 30_000;
  for (;;) {
    try {
      const reply = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5000) });
      await reply.arrayBuffer();
      if (reply.status < 400) return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    if (Date.now() > end) throw new Error('It did not answer within 30 seconds.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The logs of extension hosts and output channels, each under its name, without VS Code's own extensions. */
async function readLogs(parent) {
  const names = await readdir(parent, { recursive: true }).catch(() => []);
  const wanted = names
    .filter((name) => /exthost.*\.log$/.test(name) && !/exthost\d*\/vscode\./.test(name))
    .sort();
  const texts = await Promise.all(wanted.map((name) => readFile(path.join(parent, name), 'utf8')));
  return wanted.map((name, i) => (texts[i] === '' ? '' : `--- ${name}\n${texts[i]}`)).join('');
}
