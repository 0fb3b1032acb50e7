import { strict as assert } from 'node:assert';
import { appendFile, chmod, mkdir, readFile, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closedOperationsFolder, openOperationsFolder } from '../../../src/storage/layout';
import type { Disk } from '../../../src/storage/disk';
import { nodeDisk } from '../../../src/storage/nodeDisk';
import type { RecordStore } from '../../../src/core/operations/stores';
import { createRecordStore } from '../../../src/storage/recordStore';
import { inTemporaryFolder } from '../../support/temporaryFolder';

const openFile = (folder: string, id: string): string => join(folder, ...openOperationsFolder, `${id}.jsonl`);

/** The records of an operation, read from the first one on. */
async function recordsOf(store: RecordStore, id: string): Promise<readonly unknown[] | undefined> {
  return (await store.read(id))?.records;
}

describe('record files', () => {
  it('keep records in order, open first, then closed', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, folder);
      assert.deepEqual(await store.list(), { open: [], closed: [], aside: [] });
      await store.create('2026-b', { v: 1, n: 1 });
      await store.create('2026-a', { v: 1, n: 1 });
      await store.append('2026-b', { v: 1, n: 2 });
      assert.deepEqual(await store.list(), { open: ['2026-a', '2026-b'], closed: [], aside: [] });
      await store.close('2026-b');
      assert.deepEqual(await store.list(), { open: ['2026-a'], closed: ['2026-b'], aside: [] });
      assert.deepEqual(await recordsOf(store, '2026-b'), [
        { v: 1, n: 1 },
        { v: 1, n: 2 },
      ]);
      await store.append('2026-b', { v: 1, n: 3 });
      assert.deepEqual((await store.list()).open, ['2026-a']);
      await store.remove('2026-b');
      assert.equal(await store.read('2026-b'), undefined);
    }));

  it('are for this user only', () =>
    inTemporaryFolder(async (folder) => {
      if (process.platform === 'win32') return;
      await createRecordStore(nodeDisk, folder).create('op-1', { v: 1 });
      assert.equal((await stat(openFile(folder, 'op-1'))).mode & 0o777, 0o600);
      assert.equal((await stat(join(folder, ...openOperationsFolder))).mode & 0o777, 0o700);
    }));

  it('keep the records around a line that a crash cut at any byte', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, folder);
      await store.create('op-1', { v: 1, n: 1 });
      const start = (await stat(openFile(folder, 'op-1'))).size;
      await store.append('op-1', { v: 1, n: 2, text: 'zürich' });
      const full = await readFile(openFile(folder, 'op-1'));
      for (let size = start; size <= full.length; size++) {
        await writeFile(openFile(folder, 'op-1'), full);
        await truncate(openFile(folder, 'op-1'), size);
        const before = (await recordsOf(store, 'op-1')) ?? [];
        await store.append('op-1', { v: 1, n: 3 });
        const after = (await recordsOf(store, 'op-1')) ?? [];
        // The line that was cut stays where it is.
        const whole = after.filter((record) => record !== undefined);
        assert.deepEqual(whole, [...before, { v: 1, n: 3 }], `cut at ${size}`);
      }
    }));

  it('write records that come at once one after another', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, folder);
      await store.create('op-1', { n: 0 });
      await Promise.all(Array.from({ length: 30 }, (_, n) => store.append('op-1', { n: n + 1 })));
      assert.deepEqual(
        await recordsOf(store, 'op-1'),
        Array.from({ length: 31 }, (_, n) => ({ n })),
      );
    }));

  it('take no id that is a path', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, join(folder, 'inner'));
      for (const id of ['../x', 'a/b', 'a\\b', '', '.', '..', 'a.b', 'x'.repeat(101), '-a', 'a\0']) {
        await assert.rejects(store.create(id, {}), { code: 'invalid-input' });
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
      await store.create('op-1', { v: 1 });
      // A folder in the place of the file fails for root as well.
      await mkdir(openFile(folder, 'op-2'));
      await assert.rejects(store.create('op-2', { v: 1 }));
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
      const next = async (act: () => Promise<unknown>): Promise<void> => {
        const told = new Promise<void>((resolve) => (tell = resolve));
        await act();
        await told;
      };
      await mine.create('own', { v: 1 });
      await next(() => other.create('op-1', { v: 1 }));
      assert.deepEqual(await recordsOf(mine, 'op-1'), [{ v: 1 }]);
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
        await other.create(id, { v: 1 });
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
      await other.create('op-3', { v: 1 });
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
      await store.create('op-1', { v: 2 });
      await store.setAside('op-1');
      assert.deepEqual(await store.list(), { open: [], closed: [], aside: ['op-1'] });
      assert.deepEqual(await readdir(join(folder, ...openOperationsFolder)), []);
      assert.deepEqual(await recordsOf(store, 'op-1'), [{ v: 2 }]);
      await store.revoke('op-1');
      assert.deepEqual(await store.list(), { open: ['op-1'], closed: [], aside: [] });
    }));

  it('keep the name of a closed operation in one place only', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, folder);
      await store.create('op-1', { v: 1 });
      await store.close('op-1');
      await store.close('op-1');
      assert.deepEqual(await readdir(join(folder, ...openOperationsFolder)), []);
      assert.deepEqual(await readdir(join(folder, ...closedOperationsFolder)), ['op-1.jsonl']);
    }));

  it('are made by a first record only', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, folder);
      await assert.rejects(store.append('op-1', { v: 1 }), { code: 'storage-failed' });
      assert.equal(await store.read('op-1'), undefined);
      await store.create('op-1', { v: 1 });
      await assert.rejects(createRecordStore(nodeDisk, folder).create('op-1', { v: 2 }));
      await store.close('op-1');
      await assert.rejects(store.create('op-1', { v: 3 }), { code: 'storage-failed' });
      assert.deepEqual(await recordsOf(store, 'op-1'), [{ v: 1 }]);
      assert.deepEqual(await readdir(join(folder, ...openOperationsFolder)), []);
    }));

  it('take a record of one window while another closes them, and never begin anew', () =>
    inTemporaryFolder(async (folder) => {
      const [one, two] = [createRecordStore(nodeDisk, folder), createRecordStore(nodeDisk, folder)];
      for (let round = 0; round < 50; round++) {
        const id = `op-${round}`;
        await one.create(id, { n: 0 });
        await Promise.all([one.append(id, { n: 1 }), two.close(id), one.append(id, { n: 2 })]);
        assert.deepEqual((await two.list()).open, []);
        assert.deepEqual(await recordsOf(two, id), [{ n: 0 }, { n: 1 }, { n: 2 }]);
      }
      assert.deepEqual(await readdir(join(folder, ...openOperationsFolder)), []);
    }));

  it('take a record into the closed file at whichever step of the write another window closes it', () =>
    inTemporaryFolder(async (folder) => {
      const other = createRecordStore(nodeDisk, folder);
      // One operation of the disk after another is the one before which the file is closed.
      for (let step = 0; step < 8; step++) {
        const id = `op-${step}`;
        await other.create(id, { n: 0 });
        let steps = 0;
        const before = async (): Promise<void> => {
          if (steps++ === step) await other.close(id);
        };
        const interrupted: Disk = {
          ...nodeDisk,
          async open(file, how) {
            await before();
            const handle = await nodeDisk.open(file, how);
            await before();
            return {
              size: () => before().then(() => handle.size()),
              read: (from, length) => handle.read(from, length),
              append: (bytes) => before().then(() => handle.append(bytes)),
              touch: (ms) => handle.touch(ms),
              sync: () => before().then(() => handle.sync()),
              close: () => handle.close(),
            };
          },
        };
        await createRecordStore(interrupted, folder).append(id, { n: 1 });
        const names = await readdir(join(folder, ...openOperationsFolder));
        assert.equal(names.length, steps > step ? 0 : 1, `closed before step ${step}`);
        await other.close(id);
        assert.deepEqual(await recordsOf(other, id), [{ n: 0 }, { n: 1 }], `closed before step ${step}`);
        assert.deepEqual((await other.list()).open, []);
      }
    }));

  it('never put a closed file in the shade of an open one, nor replace it', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, folder);
      await store.create('op-1', { n: 0 });
      await store.append('op-1', { n: 1 });
      await store.close('op-1');
      await writeFile(openFile(folder, 'op-1'), '{"n":2}\n');
      assert.deepEqual(await recordsOf(store, 'op-1'), [{ n: 0 }, { n: 1 }]);
      await store.close('op-1');
      assert.deepEqual(await recordsOf(store, 'op-1'), [{ n: 0 }, { n: 1 }, { n: 2 }]);
      assert.deepEqual(await store.list(), { open: [], closed: ['op-1'], aside: [] });
    }));

  it('are read on from where the last reading ended, also after they were closed', () =>
    inTemporaryFolder(async (folder) => {
      const [store, other] = [createRecordStore(nodeDisk, folder), createRecordStore(nodeDisk, folder)];
      await other.create('op-1', { text: 'zürich' });
      const first = await store.read('op-1');
      assert.deepEqual(first?.records, [{ text: 'zürich' }]);
      assert.deepEqual((await store.read('op-1', first.end))?.records, []);
      await appendFile(openFile(folder, 'op-1'), '{"n":1}\nrubbish\n{"n":');
      const second = await store.read('op-1', first.end);
      assert.deepEqual(second?.records, [{ n: 1 }, undefined]);
      await appendFile(openFile(folder, 'op-1'), '2}');
      // A crash may have cut nothing but the end of the line.
      const third = await store.read('op-1', second.end);
      assert.deepEqual(third?.records, [{ n: 2 }]);
      await other.append('op-1', { n: 3 });
      await other.close('op-1');
      assert.deepEqual((await store.read('op-1', third.end))?.records, [{ n: 3 }]);
      assert.deepEqual((await store.read('op-1', second.end))?.records, [{ n: 2 }, { n: 3 }]);
    }));

  it('say where a record was written', () =>
    inTemporaryFolder(async (folder) => {
      const store = createRecordStore(nodeDisk, folder);
      const first = await store.create('op-1', { n: 0 });
      assert.deepEqual(first, { from: 0, to: 8 });
      await appendFile(openFile(folder, 'op-1'), '{"n"');
      assert.deepEqual(await store.append('op-1', { n: 1 }), { from: 12, to: 21 });
    }));

  it('leave nothing of a first record that the disk did not take whole', () =>
    inTemporaryFolder(async (folder) => {
      const full: Disk = {
        ...nodeDisk,
        async open(file, how) {
          const handle = await nodeDisk.open(file, how);
          return {
            size: () => handle.size(),
            read: (from, length) => handle.read(from, length),
            append: (bytes) => handle.append(bytes.subarray(0, 3)),
            touch: (ms) => handle.touch(ms),
            sync: () => handle.sync(),
            close: () => handle.close(),
          };
        },
      };
      await assert.rejects(createRecordStore(full, folder).create('op-1', { n: 0 }));
      assert.deepEqual(await readdir(join(folder, ...openOperationsFolder)), []);
    }));
});
