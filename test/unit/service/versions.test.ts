import { strict as assert } from 'node:assert';
import { compareVersions } from '../../../src/core/service/versions';

describe('comparing versions', () => {
  it('compares part by part as numbers, so 2.13.0 is newer than 2.4.5', () => {
    assert.ok(compareVersions('2.4.5', '2.13.0') < 0);
    assert.ok(compareVersions('2.13.0', '2.4.5') > 0);
  });

  it('counts a missing part as 0', () => {
    assert.equal(compareVersions('2.4', '2.4.0'), 0);
    assert.ok(compareVersions('2.4', '2.4.1') < 0);
  });

  it('takes the number in front of a suffix, and 0 for what is no number', () => {
    assert.ok(compareVersions('2.4.5-beta', '2.4.6') < 0);
    assert.equal(compareVersions('x', '0'), 0);
  });
});
