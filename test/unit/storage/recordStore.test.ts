import { strict as assert } from 'node:assert';
import { appendFile, chmod, mkdir, readFile, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closedOperationsFolder, openOperationsFolder } from '../../../src/storage/layout';
import { nodeDisk } from '../../../src/storage/nodeDisk';
import { createRecordStore } from '../../../src/storage/recordStore';
import { inTemporaryFolder } from '../../support/temporaryFolder';

const openFile = (folder: string, id: string): string => join(folder, ...openOperationsFolder, `${id}.jsonl`);

describe('record files', () => {
  it('keep records in order, open first, then closed', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, folder);
      assert.deepEqual(await store.list(), { open: [], closed: [], aside: [] });
      await store.append('2026-b', { v: 1, n: 1 });
      await store.append('2026-a', { v: 1, n: 1 });
      await store.append('2026-b', { v: 1, n: 2 });
      assert.deepEqual(await store.list(), { open: ['2026-a', '2026-b'], closed: [], aside: [] });
      await store.close('2026-b');
      assert.deepEqual(await store.list(), { open: ['2026-a'], closed: ['2026-b'], aside: [] });
      assert.deepEqual(await store.read('2026-b'), [
        { v: 1, n: 1 },
        { v: 1, n: 2 },
      ]);
      await store.append('2026-b', { v: 1, n: 3 });
      assert.deepEqual((await store.list()).open, ['2026-a']);
      await store.remove('2026-b');
      assert.deepEqual(await store.read('2026-b'), []);
    }));

  it('are for this user only', () =>
    inTemporaryFolder(async (folder) => {
      if (process.platform === 'win32') return;
      await createRecordStore(nodeDisk, folder).append('op-1', { v: 1 });
      assert.equal((await stat(openFile(folder, 'op-1'))).mode & 0o777, 0o600);
      assert.equal((await stat(join(folder, ...openOperationsFolder))).mode & 0o777, 0o700);
    }));

  it('keep the records around a line that a crash cut at any byte', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, folder);
      await store.append('op-1', { v: 1, n: 1 });
      const start = (await stat(openFile(folder, 'op-1'))).size;
      await store.append('op-1', { v: 1, n: 2, text: 'zürich' });
      const whole = await readFile(openFile(folder, 'op-1'));
      for (let size = start; size <= whole.length; size++) {
        await writeFile(openFile(folder, 'op-1'), whole);
        await truncate(openFile(folder, 'op-1'), size);
        const before = await store.read('op-1');
        await store.append('op-1', { v: 1, n: 3 });
        assert.deepEqual(await store.read('op-1'), [...before, { v: 1, n: 3 }], `cut at ${size}`);
      }
    }));

  it('write records that come at once one after another', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, folder);
      await Promise.all(Array.from({ length: 30 }, (_, n) => store.append('op-1', { n })));
      assert.deepEqual(
        await store.read('op-1'),
        Array.from({ length: 30 }, (_, n) => ({ n })),
      );
    }));

  it('take no id that is a path', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, join(folder, 'inner'));
      for (const id of ['../x', 'a/b', 'a\\b', '', '.', '..', 'a.b', 'x'.repeat(101), '-a', 'a\0']) {
        await assert.rejects(store.append(id, {}), { code: 'invalid-input' });
        await assert.rejects(store.read(id), { code: 'invalid-input' });
        await assert.rejects(store.remove(id), { code: 'invalid-input' });
        await assert.rejects(store.close(id), { code: 'invalid-input' });
      }
      assert.deepEqual(await readdir(folder), []);
    }));

  it('pass over foreign files in the folder', () =>
    inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, ...openOperationsFolder), { recursive: true });
      await writeFile(join(folder, ...openOperationsFolder, '.DS_Store'), '');
      await writeFile(join(folder, ...openOperationsFolder, 'a b.jsonl'), '');
      assert.deepEqual((await createRecordStore(nodeDisk, folder).list()).open, []);
    }));

  it('reject a record that the disk does not take', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, folder);
      await store.append('op-1', { v: 1 });
      // A folder in the place of the file fails for root as well.
      await mkdir(openFile(folder, 'op-2'));
      await assert.rejects(store.append('op-2', { v: 1 }));
      await chmod(openFile(folder, 'op-1'), 0o600);
      await store.append('op-1', { v: 1 });
    }));

  it('tell what another window writes, closes and removes, and nothing of their own', () =>
    inTemporaryFolder(async (folder) => {
      const mine = createRecordStore(nodeDisk, folder, { pollMs: 20 });
      const other = createRecordStore(nodeDisk, folder, { pollMs: 20 });
      const heard: string[] = [];
      let tell: () => void = () => undefined;
      mine.onDidChange((id) => {
        heard.push(id);
        tell();
      });
      const next = async (act: () => Promise<void>): Promise<void> => {
        const told = new Promise<void>((resolve) => (tell = resolve));
        await act();
        await told;
      };
      await mine.append('own', { v: 1 });
      await next(() => other.append('op-1', { v: 1 }));
      assert.deepEqual(await mine.read('op-1'), [{ v: 1 }]);
      await next(() => other.append('op-1', { v: 1, n: 2 }));
      await next(() => other.close('op-1'));
      assert.deepEqual((await mine.list()).closed, ['op-1']);
      await next(() => other.remove('op-1'));
      await next(() => appendFile(openFile(folder, 'op-2'), '{"v":1}\n'));
      assert.deepEqual(new Set(heard), new Set(['op-1', 'op-2']));
      mine.dispose();
      other.dispose();
    }));

  it('tell what another window removes of those closed long ago, and nothing of what they remove themselves', () =>
    inTemporaryFolder(async (folder) => {
      const other = createRecordStore(nodeDisk, folder);
      for (const id of ['op-1', 'op-2']) {
        await other.append(id, { v: 1 });
        await other.close(id);
      }
      const mine = createRecordStore(nodeDisk, folder, { pollMs: 20 });
      const heard: string[] = [];
      const told = new Promise<void>((resolve) =>
        mine.onDidChange((id) => {
          heard.push(id);
          resolve();
        }),
      );
      await mine.remove('op-1');
      await other.append('op-3', { v: 1 });
      await told;
      await other.remove('op-2');
      while (!heard.includes('op-2')) await new Promise((resolve) => setImmediate(resolve));
      assert.ok(!heard.includes('op-1'));
      mine.dispose();
      other.dispose();
    }));

  it('keep what is set aside as it is, and give it back', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, folder);
      await store.append('op-1', { v: 2 });
      await store.setAside('op-1');
      assert.deepEqual(await store.list(), { open: [], closed: [], aside: ['op-1'] });
      assert.deepEqual(await readdir(join(folder, ...openOperationsFolder)), []);
      assert.deepEqual(await store.read('op-1'), [{ v: 2 }]);
      await store.takeBack('op-1');
      assert.deepEqual(await store.list(), { open: ['op-1'], closed: [], aside: [] });
    }));

  it('keep the name of a closed operation in one place only', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, folder);
      await store.append('op-1', { v: 1 });
      await store.close('op-1');
      await store.close('op-1');
      assert.deepEqual(await readdir(join(folder, ...openOperationsFolder)), []);
      assert.deepEqual(await readdir(join(folder, ...closedOperationsFolder)), ['op-1.jsonl']);
    }));
});
