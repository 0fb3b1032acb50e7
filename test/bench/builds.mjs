// @ts-check
// What the suites measure, built as it ships.
import path from 'node:path';
import { out, root } from '../../scripts/paths.mjs';
import { run } from '../../scripts/processGroup.mjs';

const folder = path.join(out, 'bench');

/** Where `buildProduct` puts the production build: apart from `dist`, so that whatever uses that one isn't disturbed. */
export const productFolder = path.join(folder, 'dist');

/** Builds the extension for production, and the simulator's command line. */
export async function buildProduct() {
  for (const what of [[], ['--only', 'simulatorCli']]) {
    await run(process.execPath, ['esbuild.js', '--production', '--outdir', productFolder, ...what], {
      cwd: root,
    });
  }
}

/** Bundles a TypeScript program of this folder. @param {string} name as in `wire/floor` @returns the program's path */
export async function buildProgram(name) {
  const esbuild = await import('esbuild');
  const outfile = path.join(folder, `${name}.js`);
  await esbuild.build({
    entryPoints: [path.join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
    // The CommonJS build of jsonc-parser can't be bundled.
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  return outfile;
}
