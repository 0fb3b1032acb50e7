// Programs that never outlive this process, however it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';

/** Waits for the end of its standard input, which comes with any death of its parent, then kills the group. */
const sentinel = `
  process.stdin.resume();
  process.stdin.on('end', () => {
    try { process.kill(-Number(process.argv[1]), 'SIGKILL'); } catch {}
    process.exit();
  });
`;

/**
 * Starts a program as the leader of its own process group. The group is killed when `stop` is called and
 * when this process dies, by kill -9 too.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onOutput?: (text: string) => void }} [options]
 * `onOutput` receives standard output and standard error as they come.
 * @returns {{ pid: number, exited: Promise<number | null>, stop: (graceMs?: number) => Promise<void> }}
 * `exited` answers the exit code, null after a signal, and rejects when the program can't be started.
 */
export function startGroup(command, args, options = {}) {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  exited.catch(() => {});
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => options.onOutput?.(text));
  }
  if (child.pid === undefined) {
    return { pid: 0, exited, stop: async () => {} };
  }
  const { pid } = child;
  const guard = spawn(process.execPath, ['-e', sentinel, String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  guard.stdin.on('error', () => {});
  // Its pipe, a socket at run time, must not keep this process alive either.
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  const killGroup = () => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The group has no process left.
    }
  };
  let ended = false;
  child.once('exit', () => {
    ended = true;
    // What the program left behind would keep its output open and `exited` waiting.
    killGroup();
    guard.kill('SIGKILL');
  });
  return {
    pid,
    exited,
    async stop(graceMs = 1000) {
      if (ended) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(killGroup, graceMs);
      await gone;
      clearTimeout(timer);
    },
  };
}

/**
 * Runs a program to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, signal?: AbortSignal }} [options]
 * @returns {Promise<string>} everything it printed
 * @throws {Error} with its output when it ends with another exit code than 0
 */
export async function run(command, args, options = {}) {
  let output = '';
  const group = startGroup(command, args, { ...options, onOutput: (text) => (output += text) });
  const stop = () => void group.stop(0);
  options.signal?.addEventListener('abort', stop);
  try {
    const code = await group.exited;
    if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}:\n${output.trim()}`);
    return output;
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
}

/**
 * Waits for `work`, but not longer than `ms` milliseconds.
 *
 * @template T, L
 * @param {number} ms
 * @param {Promise<T>} work
 * @param {L} late
 * @returns {Promise<T | L>} `late` when the time is up
 */
export async function within(ms, work, late) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const timeout = new Promise((resolve) => (timer = setTimeout(() => resolve(late), ms)));
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
