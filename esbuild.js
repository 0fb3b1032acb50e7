// Bundles what ships: stub.js, extension.js, webview.js and simulator.js, from one options function.
const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');

const { production, outdir } = parseArgs({
  options: { production: { type: 'boolean', default: false }, outdir: { type: 'string', default: 'dist' } },
}).values;

const options = (entry, file, more) => ({
  entryPoints: [entry],
  outfile: path.join(outdir, file),
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  // The notices of packages are in a file of their own.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  ...more,
});
const node = (entry, file, external = []) =>
  options(entry, file, {
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode', 'keytar', ...external],
    // What is imported on first use becomes a `require` at that place.
    supported: { 'dynamic-import': false },
  });
/** The simulator is a bundle of its own: the extension finds it beside itself. */
const simulatorBeside = {
  name: 'simulator-beside',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/simulator\/main$/ }, () => ({ path: './simulator.js', external: true })),
};

async function build() {
  fs.rmSync(outdir, { recursive: true, force: true });
  const results = await Promise.all([
    esbuild.build(node('src/stub.ts', 'stub.js', ['./extension'])),
    esbuild.build({ ...node('src/extension.ts', 'extension.js'), plugins: [simulatorBeside] }),
    esbuild.build(node('simulator/main.ts', 'simulator.js')),
    esbuild.build(
      options('src/webview/main.ts', 'webview.js', {
        platform: 'browser',
        target: 'es2022',
        format: 'iife',
      }),
    ),
  ]);
  const { bundledPackages, noticesOf } = await import('./scripts/notices.mjs');
  const packages = bundledPackages(results.map(({ metafile }) => metafile));
  fs.writeFileSync(path.join(outdir, 'ThirdPartyNotices.txt'), noticesOf([...packages, keytar]));
  copyKeytar();
}

const keytar = path.dirname(require.resolve('keytar/package.json'));

/** keytar is a native module: it ships unbundled, with its prebuilds, where `require('keytar')` finds it. */
function copyKeytar() {
  const to = path.join(outdir, 'node_modules', 'keytar');
  for (const name of ['package.json', 'LICENSE.md', 'lib', 'prebuilds']) {
    const source = path.join(keytar, name);
    if (fs.existsSync(source)) fs.cpSync(source, path.join(to, name), { recursive: true });
  }
}

build().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
