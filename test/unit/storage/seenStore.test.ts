import { strict as assert } from 'node:assert';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeenClients } from '../../../src/core/clients/seen/seenClients';
import { seenFolder } from '../../../src/storage/layout';
import { nodeDisk } from '../../../src/storage/nodeDisk';
import { createSeenStore } from '../../../src/storage/seenStore';
import { aScope } from '../../support/builders';
import { inTemporaryFolder } from '../../support/temporaryFolder';

const seen: SeenClients = {
  at: 1_767_000_000_000,
  clients: new Map([
    ['i-1', { name: 'web', status: 'ACTIVATED', version: '2.4.5', clientId: 'c-1' }],
    ['__proto__', { name: '数据库', status: 'NOT_INSTALLED' }],
  ]),
};

describe('what the user last saw', () => {
  it('comes back as it was, each scope apart, a filter included', () =>
    inTemporaryFolder(async (folder) => {
      const store = createSeenStore(nodeDisk, folder);
      const narrowed = aScope({ filter: { instanceIds: ['i-1'] } });
      assert.equal(await store.read(aScope()), undefined);
      await store.write(aScope(), seen);
      await store.write(narrowed, { at: 1, clients: new Map() });
      assert.deepEqual(await createSeenStore(nodeDisk, folder).read(aScope()), seen);
      assert.deepEqual(await store.read(narrowed), { at: 1, clients: new Map() });
    }));

  it('is forgotten with its profile, and no other', () =>
    inTemporaryFolder(async (folder) => {
      const store = createSeenStore(nodeDisk, folder);
      const other = aScope({ profileId: 'profile-2' });
      await store.write(aScope(), seen);
      await store.write(other, seen);
      await store.remove('profile-1');
      assert.equal(await store.read(aScope()), undefined);
      assert.deepEqual(await store.read(other), seen);
    }));

  it('reads as nothing when damaged', () =>
    inTemporaryFolder(async (folder) => {
      const store = createSeenStore(nodeDisk, folder);
      await store.write(aScope(), seen);
      const files = await readdir(join(folder, ...seenFolder), { recursive: true, withFileTypes: true });
      const file = files.find((entry) => entry.isFile());
      assert.ok(file);
      for (const clients of ['{}', '[["i-1"]]', '[["i-1",{"name":1,"status":"X"}]]', '']) {
        const scope = 'profile-1.1234567890123456.cn-hangzhou.ECS_CLIENT';
        await writeFile(
          join(file.parentPath, file.name),
          `{"v":1,"scope":"${scope}","at":1,"clients":${clients}}`,
        );
        assert.equal(await store.read(aScope()), undefined, clients);
      }
    }));
});
