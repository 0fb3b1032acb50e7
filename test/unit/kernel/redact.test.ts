import { strict as assert } from 'node:assert';
import { Redactor, withoutSecret } from '../../../src/core/kernel/redact';

const percentOfAll = (text: string): string =>
  Array.from(text, (c) =>
    /[\w.~-]/.test(c) ? c : `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');

describe('the redactor', () => {
  const secret = `aB/c+d=e f"g\\h'i<j>&k(l)*m!~n`;
  const html = secret.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? c);
  const encoded = encodeURIComponent(secret);
  const written: readonly (readonly [string, string])[] = [
    ['as it is', secret],
    ['in a URL', encoded],
    ['in a URL, in small letters', encoded.replace(/%../g, (code) => code.toLowerCase())],
    ['in the query that the service signs', percentOfAll(secret)],
    ['in the query that was signed, as a refusal quotes it', encodeURIComponent(percentOfAll(secret))],
    ['in a form', new URLSearchParams([['', secret]]).toString().slice(1)],
    ['in JSON', JSON.stringify({ key: secret }).slice(8, -2)],
    ['in HTML', html.replaceAll('"', '&quot;').replaceAll("'", '&#39;')],
    ['in HTML with hexadecimal codes', html.replaceAll('"', '&quot;').replaceAll("'", '&#x27;')],
    ['in HTML, between tags', html],
    ['in Markdown', secret.replace(/[\\`*_{}[\]()#+\-!~]/g, '\\$&')],
  ];
  for (const [where, form] of written) {
    it(`masks a secret ${where}`, () => {
      const redactor = new Redactor();
      redactor.add(secret);
      assert.equal(redactor.redact(`before ${form} after`), 'before ****** after');
    });
  }

  it('masks every occurrence, and the longer of two secrets whole', () => {
    const redactor = new Redactor();
    redactor.add('secret');
    redactor.add('secret-and-more');
    redactor.add('one-secret');
    assert.equal(redactor.redact('secret secret-and-more one-secret'), '****** ****** ******');
  });

  it('leaves nothing of secrets that overlap or touch', () => {
    const redactor = new Redactor();
    redactor.add('first-middle');
    redactor.add('middle-last');
    assert.equal(redactor.redact('a first-middle-last b'), 'a ****** b');
    assert.equal(redactor.redact('first-middlemiddle-last'), '************');
  });

  it('leaves short and absent secrets alone, since masking them would hide everything', () => {
    const redactor = new Redactor();
    redactor.add('');
    redactor.add('short');
    redactor.add(undefined);
    assert.equal(redactor.redact('a short text'), 'a short text');
  });

  it('masks one secret of any length in a single text', () => {
    assert.equal(withoutSecret('it is s3c or a%2Fb', 's3c'), 'it is ****** or a%2Fb');
    assert.equal(withoutSecret('it is s3c or a%2Fb', 'a/b'), 'it is s3c or ******');
    assert.equal(withoutSecret('ababa', 'aba'), '******');
    assert.equal(withoutSecret('text', ''), 'text');
    assert.equal(withoutSecret('text', undefined), 'text');
  });

  it('keeps the twenty thousand that were told last, and one that is told again', () => {
    const redactor = new Redactor();
    const nth = (n: number): string => `secret-number-${n}-`;
    for (let n = 0; n < 20_000; n++) redactor.add(nth(n));
    redactor.add(nth(0));
    redactor.add(nth(20_000));
    assert.equal(redactor.redact(nth(0)), '******');
    assert.equal(redactor.redact(nth(1)), nth(1));
    assert.equal(redactor.redact(nth(20_000)), '******');
  });

  it('takes a secret that cannot be encoded', () => {
    const redactor = new Redactor();
    redactor.add('half\ud800a pair');
    assert.equal(redactor.redact('a half\ud800a pair'), 'a ******');
  });

  it('takes a text of a million characters with a thousand secrets', () => {
    const redactor = new Redactor();
    for (let n = 0; n < 1000; n++) redactor.add(`secret-number-${n}-${'x'.repeat(500)}`);
    const text = `${'some text of a report; '.repeat(45_000)}secret-number-7-${'x'.repeat(500)}`;
    assert.ok(redactor.redact(text).endsWith('; ******'));
  });
});
