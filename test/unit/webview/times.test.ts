import { strict as assert } from 'node:assert';
import { pageTexts } from '../../../src/core/pages/operation/pageTexts';
import { durationText, fill, timeTexts } from '../../../src/webview/times';

const texts = pageTexts();
const startedAt = 1_000_000;

describe('durations of the page', () => {
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
      assert.equal(durationText(milliseconds, texts), words);
    });
  }

  it('leaves a placeholder that nothing fills', () => {
    assert.equal(fill('{0} of {1}', 3), '3 of {1}');
  });
});

describe('times of the page', () => {
  const at = (now: number, more: { endedAt?: number; nextCheckAt?: number } = {}) =>
    timeTexts({ times: { startedAt, ...more }, texts }, now);

  it('counts on from the start', () => {
    assert.deepEqual(at(startedAt + 65_000), { elapsed: '1 min 5 s elapsed', nextCheck: '' });
  });

  it('counts down to the next check, and then says that it is under way', () => {
    const nextCheckAt = startedAt + 30_000;
    const nextCheck = (afterMs: number) => at(startedAt + afterMs, { nextCheckAt }).nextCheck;
    assert.equal(nextCheck(0), 'Next check in 30 s');
    assert.equal(nextCheck(29_900), 'Next check in 1 s');
    assert.equal(nextCheck(30_000), 'Checking now');
    assert.equal(nextCheck(31_000), 'Checking now');
  });

  it('stands still once the operation has ended', () => {
    const ended = at(startedAt + 999_000, { endedAt: startedAt + 5000, nextCheckAt: startedAt + 9000 });
    assert.deepEqual(ended, { elapsed: 'Took 5 s', nextCheck: '' });
  });
});
