import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { nodeDisk } from '../../../src/storage/nodeDisk';
import { inTemporaryFolder } from '../../support/temporaryFolder';

describe('the disk of this computer', () => {
  it('reads a file from any offset on', () =>
    inTemporaryFolder(async (folder) => {
      const file = join(folder, 'a');
      await nodeDisk.replace(file, 'abcdef');
      const from = async (offset?: number) => Buffer.from(await nodeDisk.read(file, offset)).toString();
      assert.deepEqual(await Promise.all([from(), from(0), from(2), from(6), from(9)]), [
        'abcdef',
        'abcdef',
        'cdef',
        '',
        '',
      ]);
      await assert.rejects(nodeDisk.read(join(folder, 'b'), 1), { code: 'ENOENT' });
    }));

  it('makes a file, or finds it, or rejects, as it is asked to', () =>
    inTemporaryFolder(async (folder) => {
      const file = join(folder, 'a');
      await assert.rejects(nodeDisk.open(file, 'existing'), { code: 'ENOENT' });
      await (await nodeDisk.open(file, 'new')).close();
      await assert.rejects(nodeDisk.open(file, 'new'), { code: 'EEXIST' });
      for (const how of ['existing', 'either'] as const) await (await nodeDisk.open(file, how)).close();
    }));

  it('appends to a file that was renamed while it was open', () =>
    inTemporaryFolder(async (folder) => {
      const [before, after] = [join(folder, 'a'), join(folder, 'b')];
      const file = await nodeDisk.open(before, 'new');
      try {
        await file.append(Buffer.from('one'));
        await nodeDisk.rename(before, after);
        assert.equal(await file.append(Buffer.from('two')), 3);
        await file.sync();
        assert.equal(await file.size(), 6);
        assert.equal(Buffer.from(await file.read(2, 9)).toString(), 'etwo');
      } finally {
        await file.close();
      }
      assert.deepEqual(await nodeDisk.list(folder), ['b']);
      assert.equal(Buffer.from(await nodeDisk.read(after)).toString(), 'onetwo');
    }));
});
