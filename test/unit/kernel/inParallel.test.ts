import { strict as assert } from 'node:assert';
import { inParallel } from '../../../src/core/kernel/inParallel';
import { CancelledError } from '../../../src/core/kernel/cancelled';
import type { Waiting } from '../../../src/core/kernel/waiting';
import { neverCancelled } from '../../support/apiBuilders';
import { held } from '../../support/operationBuilders';

const untilCancelled = ({ signal }: Waiting): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new CancelledError());
    });
  });

const two = () => 2;

describe('working in parallel', () => {
  it('keeps to the limit and gives results as they come', async () => {
    const first = held<string>();
    let running = 0;
    let most = 0;
    const results: string[] = [];
    const work = async (item: string): Promise<string> => {
      most = Math.max(most, ++running);
      const result = await (item === 'a' ? first.promise : Promise.resolve(item));
      running--;
      return result;
    };
    for await (const result of inParallel(['a', 'b', 'c', 'd'], two, work, neverCancelled)) {
      results.push(result);
      if (result === 'd') first.settle('a');
    }
    assert.deepEqual(results, ['b', 'c', 'd', 'a']);
    assert.equal(most, 2);
  });

  it('ends with the first failure, cancels the others and starts no more', async () => {
    const started: string[] = [];
    let cancelled = 0;
    const work = async (item: string, waiting: Waiting): Promise<string> => {
      started.push(item);
      if (item === 'bad') return Promise.reject(new Error('bad'));
      return untilCancelled(waiting).finally(() => cancelled++);
    };
    const pages = inParallel(['slow', 'bad', 'later'], two, work, neverCancelled);
    await assert.rejects(pages.next(), { message: 'bad' });
    assert.deepEqual(started, ['slow', 'bad']);
    assert.equal(cancelled, 1);
  });

  it('asks its source and its limit again after each result', async () => {
    const found = [1];
    let most = 1;
    const next = (): number | undefined => found.shift();
    const started: number[] = [];
    const work = async (item: number): Promise<number> => {
      started.push(item);
      await Promise.resolve();
      if (item === 1) {
        found.push(2, 3);
        most = 2;
      }
      return item;
    };
    for await (const result of inParallel(next, () => most, work, neverCancelled)) {
      if (result === 1) assert.deepEqual(started, [1, 2, 3]);
    }
    assert.deepEqual(started, [1, 2, 3]);
  });

  it('cancels what runs when nobody waits for more', async () => {
    let cancelled = 0;
    const work = (item: string, waiting: Waiting): Promise<string> =>
      item === 'quick' ? Promise.resolve(item) : untilCancelled(waiting).finally(() => cancelled++);
    const results = inParallel(['quick', 'slow'], two, work, neverCancelled);
    assert.deepEqual(await results.next(), { done: false, value: 'quick' });
    await results.return();
    assert.equal(cancelled, 1);
  });
});
