import { strict as assert } from 'node:assert';
import { pageTexts } from '../../../src/core/pages/operation/pageTexts';
import { agoText, timeTexts, untilText } from '../../../src/webview/times';

const texts = pageTexts();
const startedAt = 1_000_000;

describe('how long ago a moment of the page was', () => {
  const now = Date.UTC(2026, 10, 29);
  const ago = (minutes: number, language = 'en') =>
    agoText(now - minutes * 60_000, now, 'just now', language);

  it('is said in the largest unit that fits, in the language of the page', () => {
    assert.equal(ago(-5), 'just now');
    assert.equal(ago(0.9), 'just now');
    assert.equal(ago(1), '1 minute ago');
    assert.equal(ago(59.9), '59 minutes ago');
    assert.equal(ago(60), '1 hour ago');
    assert.equal(ago(47.9 * 60), '47 hours ago');
    assert.equal(ago(48 * 60), '2 days ago');
    assert.equal(ago(3, 'de'), 'vor 3 Minuten');
  });
});

describe('how far off a moment of the page is', () => {
  const now = Date.UTC(2026, 10, 29);
  const until = (minutes: number) => untilText(now + minutes * 60_000, now, 'just now', 'en');

  it('counts down, and says how long ago it was once it has passed', () => {
    assert.equal(until(25), 'in 25 minutes');
    assert.equal(until(24.1), 'in 25 minutes');
    assert.equal(until(0.1), 'in 1 minute');
    assert.equal(until(60), 'in 1 hour');
    assert.equal(until(48 * 60), 'in 2 days');
    assert.equal(until(0), 'just now');
    assert.equal(until(-3), '3 minutes ago');
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
