// Bundles tests for the plain Node or the extension host that runs them.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { out, root } from './paths.mjs';

/** Left out of bundles: what the place provides, native modules, and big tools that tests drive. */
const external = [
  ...['vscode', 'keytar', 'mocha', 'playwright-core', 'esbuild', 'typescript', 'eslint'],
  ...['@alicloud/*', '@vscode/test-electron', '@vscode/vsce'],
];

/** Scripts find the checkout by their own place, so tests load them from there. */
const scriptsStayOutside = {
  name: 'scripts-stay-outside',
  setup(build) {
    build.onResolve({ filter: /\/scripts\/[^/]+\.mjs$/ }, ({ path: file, resolveDir }) => ({
      path: pathToFileURL(path.resolve(resolveDir, file)).href,
      external: true,
    }));
  },
};

/** @returns {string[]} the test files of a kind, relative to its folder, such as `tree.test.ts` */
export function testSources(kind) {
  const folder = path.join(root, 'test', kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .sort();
}

/**
 * Bundles the tests of one kind into `out/test/<kind>`.
 *
 * @param {'integration' | 'ui'} kind a folder of `test`
 * @returns {Promise<string[]>} the bundles, one a test file, in the order of `testSources`
 */
export async function bundleTests(kind) {
  const outdir = path.join(out, 'test', kind);
  rmSync(outdir, { recursive: true, force: true });
  const sources = testSources(kind);
  await bundle(
    sources.map((name) => path.join(root, 'test', kind, name)),
    path.join(root, 'test', kind),
    outdir,
  );
  return sources.map((name) => path.join(outdir, name.replace(/\.ts$/, '.js')));
}

/** Bundles the file that runs tests wherever it is loaded. @returns {Promise<string>} the bundle */
export async function bundleRunner() {
  const folder = path.join(root, 'test', 'integration');
  const outdir = path.join(out, 'test', 'runner');
  await bundle([path.join(folder, 'index.ts')], folder, outdir);
  return path.join(outdir, 'index.js');
}

/** Loads a file of `test` into a script, for what both sides must do alike. @returns {Promise<any>} its exports */
export async function loadTestModule(source) {
  // A folder of its own: several hosts may start at once.
  mkdirSync(out, { recursive: true });
  const outdir = mkdtempSync(path.join(out, 'module-'));
  await bundle([path.join(root, 'test', source)], path.join(root, 'test'), outdir);
  const exports = await import(pathToFileURL(path.join(outdir, source.replace(/\.ts$/, '.js'))).href);
  rmSync(outdir, { recursive: true, force: true });
  return exports;
}

async function bundle(entryPoints, outbase, outdir) {
  if (entryPoints.length === 0) return;
  const esbuild = await import('esbuild');
  await esbuild.build({
    entryPoints,
    outbase,
    outdir,
    external,
    plugins: [scriptsStayOutside],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'inline',
    logLevel: 'error',
  });
}
