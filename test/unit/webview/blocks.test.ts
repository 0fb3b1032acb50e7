import { strict as assert } from 'node:assert';
import { blocksOf } from '../../../src/webview/operation/blocks';

describe('the blocks of a table', () => {
  it('hold each row once, in order', () => {
    for (const length of [0, 1, 50, 51, 4_999]) {
      const blocks = blocksOf(Array.from({ length }));
      assert.deepEqual(
        blocks.map(({ number }) => number),
        blocks.map((_, n) => n),
      );
      assert.deepEqual(
        blocks.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, n) => from + n)),
        Array.from({ length }, (_, n) => n),
      );
    }
  });
});
