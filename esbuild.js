// @ts-check
// Builds what ships into dist: `npm run build`. With --watch it builds again after each change, with --only one bundle.
const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');

const { production, outdir, only, watch } = parseArgs({
  options: {
    production: { type: 'boolean', default: false },
    outdir: { type: 'string', default: 'dist' },
    only: { type: 'string' },
    watch: { type: 'boolean', default: false },
  },
}).values;

/** The simulator is a bundle of its own, beside the extension that loads it. */
const simulatorBeside = {
  name: 'simulator-beside',
  /** @param {import('esbuild').PluginBuild} build */
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/simulator\/main$/ }, () => ({ path: './simulator.js', external: true })),
};

/**
 * What is imported on first use becomes a file of its own, and what several of them need, files that they share. Only ES
 * modules can be split so; the extension host loads CommonJS faster, and in every version of VS Code.
 *
 * @type {import('esbuild').Plugin}
 */
const splitAsCommonJs = {
  name: 'split-as-commonjs',
  setup({ initialOptions, onEnd, onLoad, onResolve, resolve }) {
    const [start = ''] = /** @type {string[]} */ (initialOptions.entryPoints).map((name) =>
      path.resolve(name),
    );
    // Each of them imports the start, which was loaded before it. So all that the start needs is one file: otherwise it
    // would be cut into a file for each set of parts that need it too.
    onResolve({ filter: /^\./ }, async ({ kind, path: name, ...from }) => {
      if (kind !== 'dynamic-import') return undefined;
      const { path: file, external, errors } = await resolve(name, { ...from, kind: 'import-statement' });
      return external ? { path: file, external } : { path: file, errors, namespace: 'on-first-use' };
    });
    onLoad({ filter: /./, namespace: 'on-first-use' }, ({ path: file }) => ({
      contents: `import ${JSON.stringify(start)}; export * from ${JSON.stringify(file)};`,
      resolveDir: path.dirname(file),
    }));
    const { platform, target, minify = false, sourcemap } = initialOptions;
    /** @type {import('esbuild').TransformOptions} */
    const asCommonJs = { platform, minify, supported: noDynamicImport, format: 'cjs' };
    if (target !== undefined) asCommonJs.target = target;
    if (sourcemap) asCommonJs.sourcemap = 'external';
    Object.assign(initialOptions, {
      ...{ format: 'esm', splitting: true, supported: {}, write: false },
      ...{ outdir, outfile: undefined, chunkNames: '[name]-[hash]', sourcemap: sourcemap && 'inline' },
    });
    onEnd(async ({ outputFiles = [] }) => {
      fs.mkdirSync(outdir, { recursive: true });
      for (const { path: file, text } of outputFiles) {
        const { code, map } = await esbuild.transform(text, {
          ...asCommonJs,
          format: 'cjs',
          sourcefile: file,
        });
        fs.writeFileSync(file, map ? `${code}//# sourceMappingURL=${path.basename(file)}.map\n` : code);
        if (map) fs.writeFileSync(`${file}.map`, map);
      }
    });
  },
};

// What is imported on first use becomes a `require` at that place.
const noDynamicImport = { 'dynamic-import': false };

/** As an ES module, `t` is called by its name alone: 900 calls are shorter by a few bytes each. */
const l10nAsModule = {
  name: 'l10n-as-module',
  /** @param {import('esbuild').PluginBuild} build */
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^@vscode\/l10n$/ }, () => ({ path: 'l10n', namespace: 'as-module' }));
    onLoad({ filter: /./, namespace: 'as-module' }, () => ({
      contents: `import * as l10n from ${JSON.stringify(require.resolve('@vscode/l10n'))}; export const { config, t } = l10n;`,
      resolveDir: __dirname,
    }));
  },
};

/** @type {import('esbuild').BuildOptions} */
const node = {
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // The CommonJS build of jsonc-parser can't be bundled.
  mainFields: ['module', 'main'],
  // `node-fetch` wants the polyfill only of a Node without streams of its own.
  external: ['vscode', 'keytar', './extension', 'web-streams-polyfill'],
  supported: noDynamicImport,
};

/** @type {import('esbuild').BuildOptions} */
const browser = { platform: 'browser', target: 'es2022', format: 'iife' };

/** @type {Readonly<Record<string, import('esbuild').BuildOptions>>} */
const bundles = {
  stub: { ...node, entryPoints: ['src/stub.ts'] },
  extension: {
    ...node,
    entryPoints: ['src/extension.ts'],
    plugins: [simulatorBeside, l10nAsModule, splitAsCommonJs],
  },
  /** What the demo loads: without the command line. */
  simulator: { ...node, entryPoints: ['simulator/main.ts'] },
  webview: { ...browser, entryPoints: ['src/webview/main.ts'] },
  /** Fleet Overview is a bundle of its own: only it loads the charts. */
  overview: { ...browser, entryPoints: ['src/webview/overview/main.ts'] },
};

/** @type {Readonly<Record<string, import('esbuild').BuildOptions>>} Built with --only; they don't ship. */
const programs = { simulatorCli: { ...node, entryPoints: ['simulator/cli.ts'] } };

/** @param {string} name @returns {import('esbuild').BuildOptions & { metafile: true }} */
const optionsOf = (name) => ({
  ...(bundles[name] ?? programs[name]),
  outfile: path.join(outdir, `${name}.js`),
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  // The notices of packages are in a file of their own.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

const keytar = path.dirname(require.resolve('keytar/package.json'));

async function build() {
  fs.rmSync(outdir, { recursive: true, force: true });
  const results = await Promise.all(Object.keys(bundles).map((name) => esbuild.build(optionsOf(name))));
  const { bundledPackages, noticesOf } = await import('./scripts/notices.mjs');
  const packages = bundledPackages(results.map(({ metafile }) => metafile));
  fs.writeFileSync(path.join(outdir, 'ThirdPartyNotices.txt'), noticesOf([...packages, keytar]));
  copyKeytar();
}

/** keytar is a native module: it ships unbundled, with its prebuilds, where `require('keytar')` finds it. */
function copyKeytar() {
  const to = path.join(outdir, 'node_modules', 'keytar');
  for (const name of ['package.json', 'LICENSE.md', 'lib', 'prebuilds']) {
    const source = path.join(keytar, name);
    if (fs.existsSync(source)) fs.cpSync(source, path.join(to, name), { recursive: true });
  }
}

/** Builds after each change. The lines it prints tell VS Code's task when a build starts and ends. */
async function keepBuilding() {
  const announce = {
    name: 'announce',
    /** @param {import('esbuild').PluginBuild} build */
    setup({ onStart, onEnd }) {
      onStart(() => console.log('[watch] build started'));
      onEnd(() => console.log('[watch] build finished'));
    },
  };
  await build();
  for (const name of Object.keys(bundles)) {
    const options = optionsOf(name);
    const context = await esbuild.context({ ...options, plugins: [...(options.plugins ?? []), announce] });
    await context.watch();
  }
}

const work = only !== undefined ? esbuild.build(optionsOf(only)) : watch ? keepBuilding() : build();
work.catch((error) => {
  console.error(error.message);
  process.exit(1);
});
