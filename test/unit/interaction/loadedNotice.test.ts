import { strict as assert } from 'node:assert';
import { loadedNotice } from '../../../src/core/interaction/loadedNotice';

describe('the notice of a failure', () => {
  it('says to reload the window where its own code cannot be loaded', async () => {
    const logged: unknown[] = [];
    const log = { write: (...entry: readonly unknown[]) => logged.push(entry) };
    const missing = new Error("Cannot find module './presentError'");
    const { message, actions } = await loadedNotice(() => Promise.reject(missing), log);
    assert.match(message, /Reload the window/);
    assert.deepEqual([actions, logged.length], [[], 1]);
  });

  it('is what was loaded otherwise', async () => {
    const notice = { message: 'Sign in again.', actions: [] };
    assert.equal(await loadedNotice(() => Promise.resolve(notice), { write: () => undefined }), notice);
  });
});
