import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { readPackage } from '../support/host/readPackage';
import { inTemporaryFolder } from '../support/temporaryFolder';

/** Every package with code in the VSIX. A new one is added here on purpose or not at all. */
const shipped = [
  ...['@github/keytar', '@microsoft/fast-element', '@microsoft/fast-foundation'],
  ...[
    '@microsoft/fast-web-utilities',
    '@vscode/l10n',
    '@vscode/webview-ui-toolkit',
    'd3-array',
    'd3-color',
    'd3-format',
    'd3-interpolate',
    'd3-scale',
    'data-uri-to-buffer',
    'exenv-es6',
  ],
  ...[
    'fetch-blob',
    'formdata-polyfill',
    'jsonc-parser',
    'lit-html',
    'node-domexception',
    'node-fetch',
    'tslib',
  ],
  'valibot',
];

describe('the notices of packages', () => {
  it('name each package that the VSIX ships, with its license and copyright', async () => {
    const notices = (await readPackage()).get('extension/dist/ThirdPartyNotices.txt')?.toString() ?? '';
    const [, ...entries] = notices.split(/\n-{80}\n\n/);
    const names = entries.map((entry) => /^(.+) \d+\.\d+\.\d+ \([\w.-]+\)\n/.exec(entry)?.[1]);
    assert.deepEqual([...new Set(names)].sort(), shipped);
    for (const entry of entries) assert.match(entry, /copyright/i);
  });

  it('refuse a license that might not allow shipping', async () => {
    await rejects(
      { license: 'SSPL-1.0' },
      { LICENSE: 'text' },
      /sample 1\.2\.3: SSPL-1\.0 isn't an allowed license/,
    );
    await rejects({}, { LICENSE: 'text' }, /sample 1\.2\.3: no license isn't an allowed license/);
  });

  it('refuse a license without a text', async () => {
    await rejects({ license: 'ISC', author: 'Holder' }, {}, /sample 1\.2\.3: no license text/);
    await rejects({ license: 'MIT' }, {}, /sample 1\.2\.3: no license text/);
  });

  it('take the text of MIT for a package that names the license and its holder only', async () => {
    const text = await noticesFor({ license: 'MIT', author: 'Holder <mail@example.com>' }, {});
    assert.match(text, /sample 1\.2\.3 \(MIT\)\n\nCopyright \(c\) Holder\n\nPermission is hereby granted/);
  });

  it('leave out what a build did not keep', async () => {
    const { bundledPackages } = await import('../../scripts/notices.mjs');
    const input = (bytesInOutput: number) => ({ bytesInOutput });
    const inputs = {
      'src/a.ts': input(5),
      'node_modules/kept/index.js': input(5),
      'node_modules/kept/node_modules/@inner/kept/lib/index.js': input(5),
      'node_modules/shaken/index.js': input(0),
    };
    const output = { inputs, bytes: 0, imports: [], exports: [] };
    const folders = bundledPackages([{ inputs: {}, outputs: { 'dist/a.js': output } }]);
    assert.deepEqual(
      folders.map((folder) => path.relative(process.cwd(), folder)),
      ['node_modules/kept', 'node_modules/kept/node_modules/@inner/kept'],
    );
  });
});

async function rejects(manifest: object, files: Record<string, string>, message: RegExp): Promise<void> {
  await assert.rejects(noticesFor(manifest, files), message);
}

/** Notices of one package that is made for it. */
async function noticesFor(manifest: object, files: Record<string, string>): Promise<string> {
  const { noticesOf } = await import('../../scripts/notices.mjs');
  let notices = '';
  await inTemporaryFolder(async (folder) => {
    const all = {
      ...files,
      'package.json': JSON.stringify({ name: 'sample', version: '1.2.3', ...manifest }),
    };
    for (const [name, text] of Object.entries(all)) await writeFile(path.join(folder, name), text);
    notices = noticesOf([folder]);
  });
  return notices;
}
