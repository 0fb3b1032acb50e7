// Starts the simulator of the service on this machine; builds dist/simulator.js first when it is missing or old.
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureDependencies } from './install.mjs';
import { root } from './paths.mjs';

const sources = path.join(root, 'simulator');
const program = path.join(root, 'dist', 'simulator.js');
const require = createRequire(path.join(root, 'package.json'));

function changedMs(file) {
  if (!statSync(file).isDirectory()) return statSync(file).mtimeMs;
  return Math.max(...readdirSync(file).map((name) => changedMs(path.join(file, name))));
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
  // stdout belongs to the simulator's one line.
  await ensureDependencies((text) => process.stderr.write(`${text}\n`));
  await build();
}
await require(program).runCommandLine(process.argv.slice(2));
