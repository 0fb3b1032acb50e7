import { strict as assert } from 'node:assert';
import { presentInWords, settingInWords } from '../../../src/core/clients/clientSettings';
import { withoutPasswords } from '../../../src/core/clients/withoutPasswords';
import { aClient } from '../../support/builders';

describe('a password in another field of the proxy', () => {
  it('has a mask, and everything else stays', () => {
    const users: readonly [string, string][] = [
      ['backup', 'backup'],
      ['backup:pw', 'backup:******'],
      ['backup:p:w\nx', 'backup:******'],
      [':pw', ':******'],
      ['', ''],
    ];
    for (const [proxyUser, shown] of users) {
      assert.deepEqual(withoutPasswords({ proxyUser, maxWorker: 4 }), { proxyUser: shown, maxWorker: 4 });
    }
    const hosts: readonly [string, string][] = [
      ['proxy.example.com', 'proxy.example.com'],
      ['http://proxy.example.com', 'http://proxy.example.com'],
      ['http://u:pw@proxy.example.com', 'http://******@proxy.example.com'],
      ['u:p@w@proxy.example.com', '******@proxy.example.com'],
    ];
    for (const [proxyHost, shown] of hosts)
      assert.deepEqual(withoutPasswords({ proxyHost }), { proxyHost: shown });
    assert.deepEqual(withoutPasswords({}), {});
  });

  it('is in no text about settings', () => {
    const settings = { proxyUser: 'backup:canary', proxyHost: 'u:canary@proxy' };
    for (const name of ['proxyUser', 'proxyHost'] as const) {
      assert.doesNotMatch(settingInWords(name, settings) ?? '', /canary/);
      assert.doesNotMatch(presentInWords(name, [aClient({ settings })]), /canary/);
    }
  });
});
