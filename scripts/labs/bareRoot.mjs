// Runs `npm test` and `npm start` on a bare Debian 12: `node scripts/labs/bareRoot.mjs [test|start]`, as root.
//
// A root made by debootstrap gets git, certificates, Node 20 and npm from this machine, and nothing else: no compiler,
// no browser, no VS Code. The committed state of this checkout is cloned into it, and both commands run there.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../paths.mjs';

const wanted = process.argv.slice(2);
const commands = wanted.length > 0 ? wanted : ['test', 'start'];
const bare = mkdtempSync(path.join(tmpdir(), 'bare-root-'));
const inside = (file) => path.join(bare, file);
const began = performance.now();
const say = (text) =>
  console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}`);

function call(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw error ?? new Error(`${command} ended with ${status}.`);
}

/** Processes with the bare root. A process of ours that survives would be among them. */
function survivors() {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    const link = spawnSync('readlink', [`/proc/${pid}/root`], { encoding: 'utf8' });
    return link.stdout.trim() === bare;
  });
}

function makeRoot() {
  say('Making a bare Debian 12');
  const mirror = process.env.DEBIAN_MIRROR ?? mirrorOfThisMachine();
  const packages = '--include=git,ca-certificates';
  call('debootstrap', '--variant=minbase', packages, 'bookworm', bare, ...(mirror ? [mirror] : []));
  cpSync(process.execPath, inside('usr/bin/node'));
  const npm = path.join(path.dirname(process.execPath), '..', 'lib', 'node_modules', 'npm');
  cpSync(npm, inside('usr/lib/node_modules/npm'), { recursive: true });
  writeFileSync(
    inside('usr/bin/npm'),
    '#!/bin/sh\nexec node /usr/lib/node_modules/npm/bin/npm-cli.js "$@"\n',
    {
      mode: 0o755,
    },
  );
  // The way to the registry is this machine's, whatever it is.
  for (const file of ['/etc/resolv.conf', '/etc/hosts', '/etc/ssl/certs/ca-certificates.crt']) {
    if (existsSync(file)) cpSync(file, inside(file), { dereference: true });
  }
  const show = (name) => spawnSync('npm', ['config', 'get', name], { encoding: 'utf8' }).stdout.trim();
  for (const name of [show('userconfig'), show('globalconfig')]) {
    if (!existsSync(name)) continue;
    mkdirSync(path.dirname(inside(name)), { recursive: true });
    cpSync(name, inside(name));
  }
  for (const name of ['proc', 'dev']) mkdirSync(inside(name), { recursive: true });
  call('mount', '-t', 'proc', 'proc', inside('proc'));
  call('mount', '--rbind', '/dev', inside('dev'));
  call('mount', '--make-rslave', inside('dev'));
  for (const tool of ['gcc', 'g++', 'make', 'python3', 'chromium', 'google-chrome', 'code']) {
    const { status } = spawnSync('chroot', [bare, 'sh', '-c', `command -v ${tool}`]);
    if (status === 0) throw new Error(`The bare root has ${tool}.`);
  }
  say('Cloning into it');
  call('git', 'clone', '--quiet', '--no-hardlinks', root, inside('project'));
}

function mirrorOfThisMachine() {
  const lists = ['/etc/apt/sources.list'];
  const folder = '/etc/apt/sources.list.d';
  if (existsSync(folder)) lists.push(...readdirSync(folder).map((name) => path.join(folder, name)));
  const text = lists.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')).join('\n');
  return /https?:\/\/\S*debian\/?(?=\s)/.exec(text)?.[0];
}

/** What the outer environment says about networks, and nothing else. */
const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^(https?_proxy|no_proxy|npm_config_|NODE_EXTRA_CA)/i.test(name),
    ),
  ),
  ...{ PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8' },
};

function start(...args) {
  const child = spawn('chroot', [bare, 'env', '-C', '/project', ...args], {
    env: environment,
    // A group of its own, as a terminal gives it: Ctrl-C reaches all of it.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
    process.stdout.write(text.replace(/^(?=.)/gm, '        '));
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  return { child, ended, output: () => output };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function proveTest() {
  say('npm test');
  const { ended, output } = start('npm', 'test', '--silent');
  const code = await ended;
  const closing = output().trim().split('\n').at(-1) ?? '';
  say(`npm test ended with ${code}: ${closing}`);
  if (code !== 0 || !/^\d+ passed, 0 failed, \d+ skipped$/.test(closing)) throw new Error('npm test failed.');
}

/** Starts, asks the page, then ends it in the given way. @returns seconds until the address was printed */
async function proveStart(signal) {
  const since = performance.now();
  const { child, ended, output } = start('npm', 'start', '--silent');
  const { pid } = child;
  if (pid === undefined) throw new Error('npm start did not start.');
  const ready = /Open this address/;
  for (const end = Date.now() + 300_000; !ready.test(output()); await pause(100)) {
    if (Date.now() > end || child.exitCode !== null) throw new Error('npm start printed no address.');
  }
  const seconds = (performance.now() - since) / 1000;
  const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(output())?.[0] ?? '';
  const page = await (await fetch(url)).text();
  if (!page.includes('workbench')) throw new Error(`${url} shows no workbench.`);
  const before = survivors().length;
  // Ctrl-C reaches npm and the launcher alike; kill -9 hits npm, which can't pass it on.
  process.kill(signal === 'SIGINT' ? -pid : pid, signal);
  await pause(3000);
  const left = survivors();
  say(
    `${url} after ${seconds.toFixed(1)} s; 3 s after ${signal} ${left.length} of ${before} processes are left`,
  );
  if (left.length > 0) throw new Error('A process survived.');
  await ended;
}

let code = 0;
try {
  makeRoot();
  if (commands.includes('test')) await proveTest();
  if (commands.includes('start')) {
    say('npm start');
    await proveStart('SIGINT');
    await proveStart('SIGKILL');
  }
  say('Both commands hold on a bare system.');
} catch (error) {
  console.error(error.message);
  code = 1;
} finally {
  for (const pid of survivors()) process.kill(Number(pid), 'SIGKILL');
  for (let i = 0; i < 50 && survivors().length > 0; i++) await pause(100);
  // Only when nothing is mounted any more: deleting through a mount would delete this machine's files.
  for (const folder of [inside('dev'), inside('proc')]) spawnSync('umount', ['-R', folder]);
  const mounts = readFileSync('/proc/mounts', 'utf8');
  if (mounts.includes(bare)) console.error(`${bare} is still mounted: not deleted.`);
  else rmSync(bare, { recursive: true, force: true });
}
process.exit(code);
