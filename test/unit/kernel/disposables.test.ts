import { strict as assert } from 'node:assert';
import { DisposableStore, toDisposable, disposeIfItFails } from '../../../src/core/kernel/disposables';

describe('a store of disposables', () => {
  it('lets go in reverse order, once', () => {
    const gone: number[] = [];
    const store = new DisposableStore();
    for (const number of [1, 2, 3]) store.add({ dispose: () => gone.push(number) });
    store.dispose();
    store.dispose();
    assert.deepEqual(gone, [3, 2, 1]);
  });

  it('disposes at once what comes after its end, so a slow start cannot outlive its owner', () => {
    const store = new DisposableStore();
    store.dispose();
    let gone = false;
    store.add({ dispose: () => (gone = true) });
    assert.ok(gone);
    assert.ok(store.disposed);
  });

  it('lets go of everything although one of them throws', () => {
    const gone: string[] = [];
    const store = new DisposableStore();
    store.add({ dispose: () => gone.push('first') });
    store.add({
      dispose: () => {
        throw new Error('stuck');
      },
    });
    assert.throws(() => store.dispose(), /stuck/);
    assert.deepEqual(gone, ['first']);
  });

  it('answers what it took', () => {
    const item = toDisposable(() => undefined);
    assert.equal(new DisposableStore().add(item), item);
  });
});

describe('a disposable made of a function', () => {
  it('runs it on the first dispose only, also when the function disposes again', () => {
    let runs = 0;
    const disposable = toDisposable(() => {
      runs++;
      disposable.dispose();
    });
    disposable.dispose();
    disposable.dispose();
    assert.equal(runs, 1);
  });
});

describe('a start that builds one thing after another', () => {
  it('keeps what it built when it comes to its end', async () => {
    const owned = new DisposableStore();
    const answer = await disposeIfItFails(owned, async () => {
      await Promise.resolve();
      return 'started';
    });
    assert.deepEqual([answer, owned.disposed], ['started', false]);
  });

  it('leaves nothing of it when it fails on the way, also when that cannot be disposed', async () => {
    const gone: string[] = [];
    const owned = new DisposableStore();
    const start = disposeIfItFails(owned, async () => {
      owned.add({ dispose: () => gone.push('first') });
      owned.add({
        dispose: () => {
          throw new Error('stuck');
        },
      });
      await Promise.resolve();
      throw new Error('no ledger');
    });
    await assert.rejects(start, /no ledger/);
    assert.deepEqual(gone, ['first']);
    owned.add({ dispose: () => gone.push('late') });
    assert.deepEqual(gone, ['first', 'late']);
  });
});
