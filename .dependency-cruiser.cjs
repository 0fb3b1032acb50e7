// Which folder may import which. `core` imports nothing else, and its floors only look down; only extension.ts imports all.
// Type-only imports count.
const layer = (name, allowed, packages = []) => ({
  name: `${name}-imports`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: {
    pathNot: [`^src/${name}/`, ...allowed, ...packages.map((p) => `(^|node_modules/)${p}(/|$)`)],
  },
});
const core = '^src/core/';
/** `t`, the one thing that a module holds: configured once, when the extension starts. */
const l10n = 'node_modules/@vscode/l10n/';
/** Schemas of what we wrote ourselves. */
const valibot = 'node_modules/valibot/';
/** A floor of core with the floors it may look down to. */
const floor = (name, below) => ({
  name: `core-${name}-imports`,
  severity: 'error',
  from: { path: `^src/core/${name}/` },
  to: { pathNot: [l10n, valibot, ...[name, ...below].map((one) => `^src/core/${one}/`)] },
});
const service = ['kernel', 'service'];
const clients = [...service, 'interaction', 'profiles', 'protection', 'clients'];
const protocol = '^src/protocol/';
const node =
  '^(node:)?(assert|async_hooks|buffer|child_process|crypto|events|fs|fs/promises|http|https|net|os|path|process|stream|stream/promises|string_decoder|timers|timers/promises|tls|url|util|zlib)$';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
    { name: 'src-not-to-test', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
    layer('core', [l10n, valibot]),
    {
      name: 'core-file-on-a-floor',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/core/[^/]+$' },
    },
    floor('kernel', []),
    floor('service', ['kernel']),
    floor('interaction', service),
    floor('profiles', [...service, 'interaction']),
    floor('protection', service),
    floor('clients', clients),
    floor('operations', clients),
    floor('pages', [...clients, 'operations']),
    floor('change', [...clients, 'operations']),
    floor('shell', clients),
    layer('api', [core, node], ['node-fetch']),
    layer('credentials', [core, l10n, node], ['keytar', 'jsonc-parser']),
    layer('storage', [core, node, valibot]),
    {
      name: 'simulator-imports',
      severity: 'error',
      from: { path: '^simulator/' },
      to: { pathNot: ['^simulator/', node, 'node_modules/jsonc-parser/'] },
    },
    layer('protocol', [core, valibot]),
    {
      name: 'protocol-types-only',
      severity: 'error',
      from: { path: '^src/protocol/' },
      to: { path: core, dependencyTypesNot: ['type-only'] },
    },
    // Of core, the one function that host and page share; it brings no texts along.
    layer(
      'webview',
      [protocol, '^src/core/kernel/duration\\.ts$'],
      ['d3-scale', 'lit-html', '@vscode/webview-ui-toolkit', '@microsoft/fast-element'],
    ),
    {
      name: 'vscode-imports',
      severity: 'error',
      from: { path: '^src/vscode/', pathNot: '^src/vscode/demo\\.ts$' },
      to: {
        pathNot: ['^src/vscode/', core, l10n, protocol, node, '^vscode$', 'node_modules/@types/vscode/'],
      },
    },
    {
      name: 'demo-imports',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/vscode/demo\\.ts$' },
      to: { path: '^simulator/' },
    },
    {
      name: 'vscode-only-in-adapter',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/vscode/', '^src/extension\\.ts$', '^src/stub\\.ts$'] },
      to: { path: ['^vscode$', 'node_modules/@types/vscode/'] },
    },
    {
      name: 'toolkit-in-one-file',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/webview/toolkit\\.ts$' },
      to: { path: 'node_modules/(@vscode/webview-ui-toolkit|@microsoft/fast-element)' },
    },
    {
      name: 'stub-stays-small',
      severity: 'error',
      from: { path: '^src/stub\\.ts$' },
      to: {
        pathNot: [
          '^vscode$',
          'node_modules/@types/vscode/',
          node,
          '^src/(extension|extensionApi|loadedExtension|vscode/lazyViews|vscode/pages/viewTypes|protocol/messages|storage/layout)\\.ts$',
        ],
      },
    },
    {
      name: 'unit-tests-without-vscode',
      severity: 'error',
      from: { path: '^test/(unit|contract|simulation|support)/' },
      to: { path: ['^src/vscode/', '^src/extension', '^vscode$', 'node_modules/@types/vscode/'] },
    },
    {
      name: 'nobody-imports-the-root',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/stub\\.ts$' },
      to: { path: '^src/extension\\.ts$' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    exclude: { path: ['^(dist|out|\\.vscode-test)/', '^esbuild\\.js$'] },
  },
};
