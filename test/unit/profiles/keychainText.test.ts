import { strict as assert } from 'node:assert';
import { keychainText } from '../../../src/core/profiles/keys/keychain';

describe('the text of a keychain entry', () => {
  it('is read in the ways in which programs store it', () => {
    const secret = 'Ab3+/=secret';
    const utf16 = Buffer.from(secret, 'utf16le');
    for (const [what, stored] of [
      ['as it is', secret],
      ['white space', ` ${secret}\n`],
      ['UTF-16, low byte first', utf16.toString('utf8')],
      ['UTF-16 with a line end', Buffer.from(`${secret}\r\n`, 'utf16le').toString('utf8')],
      ['UTF-16, high byte first', Buffer.from(utf16).swap16().toString('utf8')],
      ['UTF-16 with its mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]).toString('utf8')],
      ['UTF-8 with its mark', `\uFEFF${secret}`],
      ['a zero at the end', `${secret}\0`],
      ['UTF-16 with a zero at the end', Buffer.from(`${secret}\0`, 'utf16le').toString('utf8')],
    ] as const) {
      assert.equal(keychainText(stored), secret, what);
    }
  });

  it('is empty where there is none, and not known where it is no access key', () => {
    assert.equal(keychainText(''), '');
    assert.equal(keychainText(' \n'), '');
    for (const stored of ['two words', 'sécret', 'a\0bc\0', '密钥', 'a\tb']) {
      assert.equal(keychainText(stored), undefined, JSON.stringify(stored));
    }
  });
});
