import { strict as assert } from 'node:assert';
import { chunksOf } from '../../../src/core/kernel/chunks';

describe('chunksOf', () => {
  it('keeps the order and every item, with a shorter last chunk', () => {
    assert.deepEqual(chunksOf(['a', 'b', 'c', 'b', 'd'], 2), [['a', 'b'], ['c', 'b'], ['d']]);
  });

  it('makes no empty chunk', () => {
    assert.deepEqual(chunksOf([], 2), []);
    assert.deepEqual(chunksOf([1, 2], 2), [[1, 2]]);
  });
});
