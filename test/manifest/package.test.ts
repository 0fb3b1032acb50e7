import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { readPackage } from '../support/host/readPackage';

const keytar = 'extension/dist/node_modules/keytar';

/** Everything that a user's computer receives. A new file is added here on purpose or not at all. */
const expected = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  ...['LICENSE.txt', 'SECURITY.md', 'changelog.md', 'package.json', 'package.nls.json', 'readme.md'].map(
    (name) => `extension/${name}`,
  ),
  ...['ThirdPartyNotices.txt', 'extension.js', 'overview.css', 'overview.js', 'simulator.js', 'stub.js'].map(
    (name) => `extension/dist/${name}`,
  ),
  // What is loaded on first use, and what several of these share. The hash in their names stands for their content.
  ...[
    ...['askFilter', 'askGroupBy', 'changes', 'chunk', 'cliSafetyPolicy', 'clientCommands', 'clientJson'],
    ...['clientPages', 'exportReport', 'hideListing', 'lastBackups', 'multipart-parser', 'network'],
    ...['openInConsole', 'openLink', 'operationPages', 'outsideCredentials', 'overviewPage', 'presentError'],
    ...['profileCommands', 'questions', 'runOperation', 'showOperations', 'trackTaskById'],
  ].map((name) => `extension/dist/${name}-*.js`),
  ...['webview.css', 'webview.js'].map((name) => `extension/dist/${name}`),
  ...['LICENSE.md', 'lib/keytar.js', 'package.json'].map((name) => `${keytar}/${name}`),
  ...[
    ...['darwin-arm64', 'darwin-x64', 'linux-arm', 'linux-arm64', 'linux-armv7l', 'linux-ia32', 'linux-x64'],
    ...['linuxmusl-arm', 'linuxmusl-arm64', 'linuxmusl-x64', 'win32-arm64', 'win32-ia32', 'win32-x64'],
  ].map((platform) => `${keytar}/prebuilds/${platform}/keytar.node`),
  'extension/l10n/bundle.l10n.json',
  ...['credentials', 'follow', 'regions', 'tree', 'upgrade'].map(
    (name) => `extension/media/walkthrough/${name}.svg`,
  ),
  ...['cloud-backup.svg', 'icon.png'].map((name) => `extension/media/${name}`),
  ...['client', 'overview', 'task'].flatMap((page) =>
    ['dark', 'light'].map((theme) => `extension/media/${page}-${theme}.svg`),
  ),
];

describe('the package', () => {
  it('holds exactly the files that it needs', async () => {
    const files = [...(await readPackage()).keys()].map((name) =>
      name.replace(/^(extension\/dist\/[a-z]\w*(?:-[a-z]\w*)*)-[A-Z\d]{8}\.js$/, '$1-*.js'),
    );
    assert.deepEqual([...new Set(files)].sort(), [...expected].sort());
  });

  it('has a stub below 10 KB, which is all that starting VS Code loads', async () => {
    const stub = (await readPackage()).get('extension/dist/stub.js');
    assert.ok(stub);
    assert.ok(stub.length < 10 * 1024, `${stub.length} bytes`);
  });

  it('loads 240 KB of code where the extension starts, and the rest on first use', async () => {
    const files = await readPackage();
    const codeOf = (name: string): string => files.get(`extension/dist/${name}`)?.toString() ?? '';
    const start = new Set(['extension.js']);
    for (const name of start) {
      // What's loaded later is required in a promise.
      const required = codeOf(name).matchAll(/(?<!then\(\(\)=>\w+\()require\("\.\/([\w-]+\.js)"\)/g);
      for (const [, other = ''] of required) start.add(other);
    }
    const bytes = [...start].reduce((sum, name) => sum + Buffer.byteLength(codeOf(name)), 0);
    assert.ok(bytes > 100_000 && bytes <= 240_000, `${bytes} bytes in ${[...start].join()}`);
  });

  it('has a simulator for the demo without its command line and fault files', async () => {
    const simulator = (await readPackage()).get('extension/dist/simulator.js');
    assert.ok(simulator);
    assert.doesNotMatch(simulator.toString(), /--time-scale|must hold an array of rules/);
  });

  it('brings a keytar that loads, or that misses nothing but the library of the system keychain', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cloud-backup-vsix-'));
    try {
      for (const [name, content] of await readPackage()) {
        if (!name.startsWith(keytar)) continue;
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), content);
      }
      const load = createRequire(path.join(folder, 'extension', 'dist', 'extension.js'));
      try {
        const loaded: unknown = load('keytar');
        assert.ok(typeof loaded === 'object' && loaded !== null && 'getPassword' in loaded);
      } catch {
        // keytar keeps to itself why its library does not load; the library itself says it.
        const library = `prebuilds/${process.platform}-${process.arch}/keytar.node`;
        assert.throws(() => load(path.join(folder, keytar, library)) as unknown, /libsecret/);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
