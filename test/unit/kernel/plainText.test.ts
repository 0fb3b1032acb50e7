import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { exactText, plainText } from '../../../src/core/kernel/plainText';

// Biased towards what is dangerous: whole random unicode hardly ever holds `$(`.
const dangerous = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '$',
        '(',
        '[',
        ']',
        ')',
        '$(check)',
        '](command:x)',
        '\u202e',
        '\u200b',
        '\n',
        ' ',
        '\u{e0041}',
        '\ufff9',
      ),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''));
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('plain text', () => {
  it('leaves an ordinary name as it is, in any script', () => {
    for (const name of ['web-01', '数据库-主', 'الخادم', 'büro (alt) $5 [2]', 'a<b>c']) {
      assert.equal(plainText(name), name);
    }
  });

  it('breaks a link, so that no click runs a command', () => {
    assert.equal(plainText('[Fix](command:workbench.action.quit)'), '[Fix] (command:workbench.action.quit)');
  });

  it('breaks an icon, also one that an unseen character holds together', () => {
    assert.equal(plainText('$(check) ok'), '$ (check) ok');
    assert.equal(plainText('$\u200b(check)'), '$ (check)');
  });

  it('keeps a tag as text: those who write HTML escape it', () => {
    assert.equal(plainText('<img src=x>'), '<img src=x>');
  });

  it('drops marks that turn the direction of what follows', () => {
    assert.equal(plainText('web\u202e10-\u2067x\u200f'), 'web 10- x');
  });

  it('is one line without tabs, breaks or tag characters', () => {
    assert.equal(plainText('a\r\nb\tc\u2028d\u{e0041}e'), 'a b c d e');
  });

  it('cuts at the limit, with a mark that something is missing, and never through a character', () => {
    assert.equal(plainText('x'.repeat(300)), `${'x'.repeat(119)}…`);
    assert.equal(plainText('😀'.repeat(5), 3), '😀😀…');
  });

  it('holds no icon, no link, no unseen character and no more than the limit, whatever comes in', () => {
    fc.assert(
      fc.property(dangerous, fc.integer({ min: 1, max: 200 }), (text, limit) => {
        const plain = plainText(text, limit);
        assert.ok(!plain.includes('$('), plain);
        assert.ok(!plain.includes(']('), plain);
        assert.ok(!unseen.test(plain), plain);
        assert.ok(Array.from(plain).length <= limit);
      }),
    );
  });

  it('does not change what is plain already', () => {
    fc.assert(
      fc.property(dangerous, fc.integer({ min: 1, max: 200 }), (text, limit) => {
        const plain = plainText(text, limit);
        assert.equal(plainText(plain, limit), plain);
      }),
    );
  });
});

describe('a text that its reader has to judge', () => {
  it('is shown whole and unchanged, with what cannot be seen as its code', () => {
    assert.equal(exactText('run "$(id)"  --all; ls'), 'run "$(id)"  --all; ls');
    assert.equal(exactText('a\u202Eb\nc'), 'a\\u{202e}b\\u{a}c');
    assert.equal(exactText('x'.repeat(5_000)).length, 5_000);
  });
});
