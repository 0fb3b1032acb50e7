// Brings node_modules in line with the lockfile.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';
import { run } from './processGroup.mjs';

/**
 * Runs npm without install scripts: nothing that the project needs is compiled or downloaded by one.
 *
 * @param {string[]} args
 * @param {string} cwd
 */
export async function npm(args, cwd) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // npm describes its package to its children in the environment. A nested npm would take that for its own.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|command|config_(local_prefix|prefix|global_prefix))/.test(name),
    ),
  );
  const cli = process.env.npm_execpath;
  const [command, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  await run(command, [...first, ...args, ...quiet], { cwd, env });
}

/**
 * Installs node_modules when it is missing or older than the lockfile.
 *
 * @param {(text: string) => void} progress receives a sentence before a long step
 */
export async function ensureDependencies(progress) {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  const lockfile = path.join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs) return;
  progress('Installing dependencies (about 15 seconds)');
  await npm(['ci'], root);
}
