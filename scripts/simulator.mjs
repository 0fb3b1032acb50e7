// Starts the simulator of the service on this machine; builds dist/simulator.js first when it is missing or old.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const sources = path.join(root, 'src', 'simulator');
const program = path.join(root, 'dist', 'simulator.js');
const require = createRequire(path.join(root, 'package.json'));

function changedMs(file) {
  if (!statSync(file).isDirectory()) return statSync(file).mtimeMs;
  return Math.max(...readdirSync(file).map((name) => changedMs(path.join(file, name))));
}

// stdout belongs to the simulator's one line: whatever an install says goes to stderr.
function install() {
  if (existsSync(path.join(root, 'node_modules', 'esbuild', 'package.json'))) return;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status, error } = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  process.stderr.write(`simulator: npm ci failed${error === undefined ? '' : `: ${error.message}`}\n`);
  process.exit(1);
}

// Each file is renamed into place, so that a second start at the same moment never reads half of one.
async function build() {
  const esbuild = require('esbuild');
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(sources, 'main.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  });
  mkdirSync(path.dirname(program), { recursive: true });
  for (const { path: file, contents } of outputFiles) {
    const part = `${file}.${process.pid}`;
    writeFileSync(part, contents);
    renameSync(part, file);
  }
}

if (!existsSync(program) || statSync(program).mtimeMs < changedMs(sources)) {
  install();
  await build();
}
await require(program).runCommandLine(process.argv.slice(2));
