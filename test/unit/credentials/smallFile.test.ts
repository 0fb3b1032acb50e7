import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { appendFile, mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Emitter } from '../../../src/core/kernel/events';
import { createCliSource } from '../../../src/credentials/cliSource';
import { oidcKey } from '../../../src/credentials/oidcKey';
import { createSdkCredentialsFile } from '../../../src/credentials/sdkCredentialsFile';
import { createFileReader, readSmallFile } from '../../../src/credentials/smallFile';
import { fakeKeyDeps, patient, sentenceOf } from '../../support/keyDeps';
import { inTemporaryFolder } from '../../support/temporaryFolder';

const pipe = async (path: string) => Promise.resolve(execFileSync('mkfifo', [path]));
const huge = async (path: string) => {
  await writeFile(path, '');
  await truncate(path, 1024 ** 3);
};

describe('a small file', () => {
  it('is read up to its limit, also through a link, and is not there where there is none', async () => {
    await inTemporaryFolder(async (folder) => {
      const file = join(folder, 'file');
      await symlink(file, join(folder, 'link'));
      assert.equal(await readSmallFile(file, 1), undefined);
      assert.equal(await readSmallFile(join(folder, 'link'), 1), undefined);
      await writeFile(file, 'é'.repeat(512 * 1024));
      for (const name of ['file', 'link']) {
        const read = await readSmallFile(join(folder, name), 1);
        assert.ok(typeof read === 'object');
        assert.equal(read.text.length, 512 * 1024);
      }
      await writeFile(file, 'x'.repeat(1024 * 1024 + 1));
      assert.equal(await readSmallFile(file, 1), 'too-large');
      assert.equal(await readSmallFile(join(file, 'below'), 1), undefined);
    });
  });

  it('is nothing that is no regular file: no folder, no device, no pipe that nobody writes to', async () => {
    await inTemporaryFolder(async (folder) => {
      await pipe(join(folder, 'pipe'));
      for (const path of [folder, '/dev/zero', join(folder, 'pipe')]) {
        assert.equal(await readSmallFile(path, 1), 'not-a-file', path);
      }
    });
  });

  it('is decoded again when it is another: replaced, also behind a link to its folder, or written over', async () => {
    await inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'real'));
      await symlink(join(folder, 'real'), join(folder, 'link'));
      const file = join(folder, 'real', 'file');
      let decoded = 0;
      const hourAhead = { now: () => Date.now() + 3_600_000 };
      const read = createFileReader(1, (text) => (decoded++, text), hourAhead);
      const text = async () => {
        const found = await read(join(folder, 'link', 'file'));
        return typeof found === 'object' ? found.value : found;
      };
      assert.equal(await text(), undefined);
      await writeFile(file, 'one');
      assert.equal(await text(), 'one');
      assert.equal(await text(), 'one');
      assert.equal(decoded, 1);
      for (const next of ['two', 'six', 'ten']) {
        await writeFile(`${file}.new`, next);
        await rename(`${file}.new`, file);
        assert.equal(await text(), next);
      }
      await appendFile(file, '!');
      assert.equal(await text(), 'ten!');
      await rm(file);
      assert.equal(await text(), undefined);
    });
  });

  it('is decoded each time while its last change is younger than its times can tell', async () => {
    await inTemporaryFolder(async (folder) => {
      const file = join(folder, 'file');
      const read = createFileReader(1, (text) => text, { now: () => Date.now() });
      for (let n = 10; n < 60; n++) {
        writeFileSync(file, String(n));
        const found = await read(file);
        assert.equal(typeof found === 'object' && found.value, String(n));
      }
    });
  });

  for (const [what, make, reason] of [
    ['a pipe', pipe, /isn't a regular file/],
    ['1 GB', huge, /larger than \d MB/],
  ] as const) {
    it(`says so of ${what}: in the place of the CLI's file, the SDKs' and an OIDC token`, async () => {
      await inTemporaryFolder(async (home) => {
        const parts = { ...fakeKeyDeps(home), pollMs: 60_000 };
        await mkdir(join(home, '.aliyun'));
        await mkdir(join(home, '.alibabacloud'));
        await make(join(home, '.aliyun', 'config.json'));
        await make(join(home, '.alibabacloud', 'credentials'));
        await make(join(home, 'token'));
        const cli = createCliSource({
          ...parts,
          env: { HOME: home },
          configPath: () => '',
          onDidChangePath: new Emitter<void>().event,
        });
        const sdk = createSdkCredentialsFile(parts);
        const source = {
          ...{ roleArn: 'acs:ram::1:role/r', sessionName: 'me', durationSeconds: 3600 },
          ...{ oidcProviderArn: 'p', endpoint: 'https://sts.aliyuncs.com' },
        };
        try {
          for (const read of [
            () => cli.read('a', patient),
            () => sdk.read('default', patient),
            () => oidcKey({ ...source, tokenFile: join(home, 'token') }, parts, patient),
          ]) {
            assert.match(await sentenceOf(read()), reason);
          }
        } finally {
          cli.dispose();
          sdk.dispose();
        }
      });
    });
  }
});
