import { strict as assert } from 'node:assert';
import { Announcements } from '../../../src/webview/announcements';

describe('what a screen reader hears of an operation', () => {
  it('is each new state at once, and new counts within it only after half a minute', () => {
    const announcements = new Announcements();
    assert.equal(announcements.next('Running', '0 of 9', 0), 'Running · 0 of 9');
    assert.equal(announcements.next('Running', '1 of 9', 10_000), 'Running · 0 of 9');
    assert.equal(announcements.next('Running', '4 of 9', 30_000), 'Running · 4 of 9');
    assert.equal(announcements.next('Completed', '', 31_000), 'Completed');
    assert.equal(announcements.next('Completed', '', 99_000), 'Completed');
  });
});
