// The extension in a real VS Code against the simulator: `npm start`.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { writeDemoOpener } from './demoOpener.mjs';
import { ensureHost } from './host.mjs';
import { ensureDependencies } from './install.mjs';
import { ensurePackage } from './package.mjs';
import { root } from './paths.mjs';
import { run, startGroup } from './processGroup.mjs';
import { freePort, installExtension, portOf, startServer } from './server.mjs';

const simulatorArgs = [
  '--port',
  '0',
  '--clients',
  '250',
  '--zones',
  '3',
  '--seed',
  '1',
  '--time-scale',
  '10',
  '--region',
  'all',
];
const first = Number(process.env.PORT ?? 8137);
if (!Number.isInteger(first) || first < 1 || first > 65_515) {
  console.error(`PORT is ${process.env.PORT}; it must be a number from 1 to 65515.`);
  process.exit(2);
}

const began = performance.now();
const progress = (text) =>
  console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(3)} s  ${text}`);
const folderOf = (port) => path.join(root, '.vscode-test', 'start', String(port));
const stateOf = (port) => path.join(folderOf(port), 'running.json');

/** Everything started so far, the last first. */
const started = [];
let stopping = false;
/** Ends all that was started, then this process. */
async function stop(code, text) {
  if (stopping) return;
  stopping = true;
  if (text) console.log(text);
  // Nothing here may take longer than the user's patience.
  setTimeout(() => process.exit(code), 2000).unref();
  await Promise.allSettled(started.reverse().map((end) => end()));
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0, '\nStopping.'));
if (process.env.npm_lifecycle_event !== undefined) {
  // npm can't pass on kill -9.
  const callers = npmAndItsShell();
  setInterval(() => {
    if (npmAndItsShell() !== callers) void stop(1);
  }, 300).unref();
}

/** Our parent, and the parent of that when it is only the shell between npm and us. They change when npm dies. */
function npmAndItsShell() {
  try {
    const [, name, rest] = /\((.*)\) (.*)/.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8')) ?? [];
    if (/^(ba|da)?sh$/.test(name)) return `${process.ppid} ${rest.split(' ')[1]}`;
  } catch {
    // No /proc on macOS; the shell there has become us.
  }
  return String(process.ppid);
}

/** Asks the launcher that a state file names. Only the one that wrote the file knows the token. */
async function runningAt(port) {
  if (!existsSync(stateOf(port))) return undefined;
  try {
    const { control, token } = JSON.parse(readFileSync(stateOf(port), 'utf8'));
    const reply = await fetch(`http://127.0.0.1:${control}/`, { signal: AbortSignal.timeout(2000) });
    const answer = /** @type {{ token: string, ready: boolean, url: string }} */ (await reply.json());
    return answer.token === token ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** Our own server, once it is ready, wherever an earlier start found a port for it. */
async function ownServer() {
  let announced = false;
  for (let port = first; port < first + 20; port++) {
    for (let own = await runningAt(port); own !== undefined; own = await runningAt(port)) {
      if (own.ready) return own.url;
      if (!announced) progress('Another start is preparing; waiting for it');
      announced = true;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  return undefined;
}

/** Takes the first free port, and says so when it is not the usual one. */
async function takePort() {
  for (let port = first; port < first + 20; port++) {
    if ((await freePort(port)) === port) {
      if (port !== first)
        console.log(`Port ${first} is held by another program: using ${port}, with data of its own.`);
      return port;
    }
  }
  throw new Error(`The ports ${first} to ${first + 19} are all in use. Set PORT to a free one.`);
}

/** Answers later starts, which find this one through a file. */
async function announce(port) {
  const token = randomUUID();
  const state = { token, url: `http://127.0.0.1:${port}/`, ready: false };
  const control = createServer((_, reply) => reply.end(JSON.stringify(state)));
  await new Promise((resolve) => control.listen(0, '127.0.0.1', () => resolve(undefined)));
  await mkdir(folderOf(port), { recursive: true });
  await writeFile(stateOf(port), JSON.stringify({ pid: process.pid, control: portOf(control), token }));
  started.push(async () => {
    control.close();
    await rm(stateOf(port), { force: true });
  });
  return state;
}

/** Starts the simulator. @returns what its first line says: where it is, and the access key of its account */
async function startSimulator() {
  let output = '';
  let foundLine;
  const line = new Promise((resolve) => (foundLine = resolve));
  await run(process.execPath, ['esbuild.js', '--only', 'simulatorCli', '--outdir', 'out'], { cwd: root });
  const group = startGroup(process.execPath, [path.join(root, 'out', 'simulatorCli.js'), ...simulatorArgs], {
    cwd: root,
    onOutput: (text) => {
      output += text;
      if (output.includes('\n')) foundLine(output.slice(0, output.indexOf('\n')));
    },
  });
  started.push(() => group.stop());
  const ended = group.exited.then((code) => {
    throw new Error(`The simulator ended with ${code}.\n${output}`);
  });
  const connection = JSON.parse(await Promise.race([line, ended]));
  return { connection, ended };
}

try {
  const running = await ownServer();
  if (running !== undefined) {
    console.log(`Already running: ${running}`);
    process.exit(0);
  }
  const port = await takePort();
  const state = await announce(port);
  const folder = folderOf(port);

  // The downloads wait for the network, the build for the processor: they run side by side.
  const installing = ensureHost(progress);
  installing.catch(() => {});
  await ensureDependencies(progress);
  const vsix = await ensurePackage(progress);
  const simulating = startSimulator();
  simulating.catch(() => {});
  const host = await installing;
  const { connection, ended: simulatorEnded } = await simulating;

  progress('Starting VS Code');
  const extensions = path.join(folder, 'e');
  await rm(extensions, { recursive: true, force: true });
  await writeDemoOpener(extensions, connection);
  await installExtension(host, folder, vsix);
  const server = await startServer(host, { folder, port });
  started.push(server.stop);
  state.ready = true;
  progress('Ready');
  console.log(`\n  ${server.url}\n\nOpen this address in a browser. Ctrl-C stops everything.`);

  const ended = server.exited.then((code) => {
    throw new Error(`VS Code ended with ${code}.\n${server.output().split('\n').slice(-20).join('\n')}`);
  });
  await Promise.race([ended, simulatorEnded]);
} catch (error) {
  if (!stopping) console.error(error.message);
  await stop(1);
}
