import { strict as assert } from 'node:assert';
import { fill } from '../../../src/core/kernel/duration';
import { durationInWords } from '../../../src/core/service/words';

describe('durations', () => {
  const durations: readonly (readonly [number, string])[] = [
    [-5000, '0 s'],
    [999, '0 s'],
    [42_000, '42 s'],
    [59_999, '59 s'],
    [60_000, '1 min 0 s'],
    [192_000, '3 min 12 s'],
    [3_600_000, '1 h 0 min'],
    [3_930_000, '1 h 5 min'],
  ];
  for (const [milliseconds, words] of durations) {
    it(`says ${String(milliseconds)} ms as ${words}`, () => {
      assert.equal(durationInWords(milliseconds), words);
    });
  }

  it('leaves a placeholder that nothing fills', () => {
    assert.equal(fill('{0} of {1}', 3), '3 of {1}');
  });
});
