import { strict as assert } from 'node:assert';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listingsFolder } from '../../../src/storage/layout';
import { createListingStore } from '../../../src/storage/listingStore';
import { nodeDisk } from '../../../src/storage/nodeDisk';
import { aClient, aScope } from '../../support/builders';
import { inTemporaryFolder } from '../../support/temporaryFolder';

const listing = { clients: [aClient()], listedAt: 1_767_000_000_000 };

async function filesIn(folder: string): Promise<readonly string[]> {
  const listings = join(folder, ...listingsFolder);
  const entries = await readdir(listings, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('stored listings', () => {
  it('come back as they were, each to its own scope', () =>
    inTemporaryFolder(async (folder) => {
      const store = createListingStore(nodeDisk, folder);
      assert.equal(await store.read(aScope()), undefined);
      await store.write(aScope(), listing);
      assert.deepEqual(await createListingStore(nodeDisk, folder).read(aScope()), listing);
      for (const other of [
        aScope({ profileId: 'PROFILE-1' }),
        aScope({ regionId: 'cn-beijing' }),
        aScope({ clientType: 'LOCAL_CLIENT' }),
        aScope({ crossAccount: { type: 'CROSS_ACCOUNT', userId: '1', roleName: 'r'.repeat(300) } }),
      ]) {
        assert.equal(await store.read(other), undefined);
        await store.write(other, { ...listing, listedAt: 1 });
      }
      assert.deepEqual(await store.read(aScope()), listing);
    }));

  it('are written and read in parts where they are long, with time for others in between', () =>
    inTemporaryFolder(async (folder) => {
      const store = createListingStore(nodeDisk, folder);
      const clients = Array.from({ length: 7001 }, (_, i) => aClient({ instanceName: `line\n${i}` }));
      let turns = 0;
      let isDone = false;
      const count = (): void => {
        turns += 1;
        if (!isDone) setImmediate(count);
      };
      count();
      await store.write(aScope(), { clients, listedAt: 7 });
      isDone = true;
      assert.ok(turns >= 4, `${turns} turns`);
      const [file = ''] = await filesIn(folder);
      const lines = (await readFile(file, 'utf8')).split('\n');
      assert.equal(lines.length, 4);
      assert.deepEqual(await store.read(aScope()), { clients, listedAt: 7 });
      for (const damaged of [lines[2]?.slice(0, -1) ?? '', '[]', '{"others":[]}']) {
        await writeFile(file, [...lines.slice(0, 2), damaged, ...lines.slice(3)].join('\n'));
        assert.equal(await store.read(aScope()), undefined);
      }
    }));

  it('are replaced as a whole and leave no drafts', () =>
    inTemporaryFolder(async (folder) => {
      const store = createListingStore(nodeDisk, folder);
      await Promise.all(
        Array.from({ length: 10 }, (_, n) => store.write(aScope(), { ...listing, listedAt: n })),
      );
      assert.ok(await store.read(aScope()));
      const [file, ...others] = await filesIn(folder);
      assert.deepEqual(others, []);
      if (process.platform !== 'win32') assert.equal((await stat(file ?? '')).mode & 0o777, 0o600);
    }));

  it('do not come back when they are still written while their profile is removed', () =>
    inTemporaryFolder(async (folder) => {
      const store = createListingStore(nodeDisk, folder);
      const writing = Array.from({ length: 5 }, () => store.write(aScope(), listing));
      const removing = store.remove(aScope().profileId);
      assert.equal(await store.read(aScope()), undefined);
      await Promise.all([...writing, removing]);
      assert.deepEqual(await filesIn(folder), []);
      await store.write(aScope(), listing);
      assert.deepEqual(await store.read(aScope()), listing);
    }));

  it('read as none when damaged, of another version or not a listing', () =>
    inTemporaryFolder(async (folder) => {
      const store = createListingStore(nodeDisk, folder);
      await store.write(aScope(), listing);
      const [file = ''] = await filesIn(folder);
      for (const text of [
        '',
        '{"v":1,"sc',
        'null',
        '{"v":2,"scope":"x","listedAt":1,"clients":[]}',
        '{"v":1,"scope":"another","listedAt":1,"clients":[]}',
      ]) {
        await writeFile(file, text);
        assert.equal(await store.read(aScope()), undefined, text);
      }
    }));

  it('are forgotten with their profile, and no other', () =>
    inTemporaryFolder(async (folder) => {
      const store = createListingStore(nodeDisk, folder);
      await store.write(aScope(), listing);
      await store.write(aScope({ profileId: 'profile-2' }), listing);
      await store.remove('profile-1');
      assert.equal(await store.read(aScope()), undefined);
      assert.ok(await store.read(aScope({ profileId: 'profile-2' })));
    }));
});
