import { strict as assert } from 'node:assert';
import { Redactor } from '../../../src/core/redact';

describe('the redactor', () => {
  it('masks a secret as it is, in a URL, in a form and in JSON', () => {
    const secret = 'aB/c+d=e f"g\\h';
    const redactor = new Redactor();
    redactor.add(secret);
    const encoded = encodeURIComponent(secret);
    for (const text of [secret, encoded, encoded.replaceAll('%20', '+'), JSON.stringify({ key: secret })]) {
      const redacted = redactor.redact(`before ${text} after`);
      assert.match(redacted, /^before .*\*{6}.* after$/);
      assert.ok(!redacted.includes('aB'), redacted);
    }
  });

  it('masks every occurrence, and the longer of two secrets whole', () => {
    const redactor = new Redactor();
    redactor.add('secret');
    redactor.add('secret-and-more');
    assert.equal(redactor.redact('secret secret-and-more secret'), '****** ****** ******');
  });

  it('leaves short and absent secrets alone, since masking them would hide everything', () => {
    const redactor = new Redactor();
    redactor.add('');
    redactor.add('short');
    redactor.add(undefined);
    assert.equal(redactor.redact('a short text'), 'a short text');
  });
});
