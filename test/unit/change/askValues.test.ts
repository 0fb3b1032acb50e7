import { strict as assert } from 'node:assert';
import { askValues } from '../../../src/core/change/settings/askValues';
import type { BackupClient } from '../../../src/core/service/model';
import { keyed, label } from '../../support/draftBuilders';
import { FakeUser } from '../../support/fakeUser';
import { answerFrom, aSettable, rowsOf, setTable, startsOf, titlesOf } from './editSettingsFakes';

const password = 'a secret of 23 letters!';

async function ask(
  ticks: readonly string[],
  answers: Readonly<Record<string, string>>,
  clients: readonly BackupClient[] = [aSettable('web-1')],
) {
  const user = new FakeUser();
  answerFrom(user, { ticks, answers });
  const change = await askValues({ questions: user }, clients);
  return { user, change };
}

const proxyAnswers = {
  'Data proxy': 'Custom proxy',
  'Proxy host': 'proxy.example.com',
  'Proxy port': '3128',
  'Proxy user': 'backup',
  'Proxy password': password,
};

describe('the questions about settings', () => {
  it('show what clients have now, or that it differs', async () => {
    const one = await ask([], {});
    assert.deepEqual(rowsOf(one.user), [
      '- Transfer data over HTTPS | No',
      '- Data network | VPC',
      '- Data proxy | None',
      '- CPU cores per backup job | no limit',
      '- Concurrent backup jobs | 2',
      '- Memory | no limit',
      '- Alert on partial backup | not set',
    ]);
    const two = await ask([], {}, [aSettable('a'), aSettable('b', { settings: { useHttps: true } })]);
    assert.equal(rowsOf(two.user)[0], '- Transfer data over HTTPS | mixed');
  });

  it('come one after another for what was chosen, and mark the value of now', async () => {
    const { user, change } = await ask(
      ['Transfer data over HTTPS', 'Data network', 'Alert on partial backup'],
      {
        'Transfer data over HTTPS': 'Yes',
        'Data network': 'Internet',
        'Alert on partial backup': 'No',
      },
    );
    assert.deepEqual(titlesOf(user).slice(1), [
      'Transfer data over HTTPS 1/3',
      'Data network 2/3',
      'Alert on partial backup 3/3',
    ]);
    assert.ok(rowsOf(user).includes('+ No | current'));
    assert.deepEqual(change, {
      useHttps: true,
      dataNetworkType: 'PUBLIC',
      alertOnPartialComplete: false,
    });
  });

  it('go on to the fields of an own proxy, the password masked', async () => {
    const { user, change } = await ask(['Data proxy', 'CPU cores per backup job'], {
      ...proxyAnswers,
      'CPU cores per backup job': '2',
    });
    assert.deepEqual(titlesOf(user).slice(1), [
      'Data proxy 1/2',
      'Proxy host 2/6',
      'Proxy port 3/6',
      'Proxy user 4/6',
      'Proxy password 5/6',
      'CPU cores per backup job 6/6',
    ]);
    assert.deepEqual(
      user.asked.flatMap(({ title, secret }) => (secret ? [title] : [])),
      ['Proxy password'],
    );
    assert.deepEqual(change, {
      dataProxySetting: 'CUSTOM',
      proxyHost: 'proxy.example.com',
      proxyPort: 3128,
      proxyUser: 'backup',
      proxyPassword: password,
      maxCpuCore: 2,
    });
  });

  it('leave user and password as they are where nothing is typed', async () => {
    const { change } = await ask(['Data proxy'], {
      ...proxyAnswers,
      'Proxy user': ' ',
      'Proxy password': '',
    });
    assert.deepEqual(change, {
      dataProxySetting: 'CUSTOM',
      proxyHost: 'proxy.example.com',
      proxyPort: 3128,
    });
  });

  it('start with what all clients have', async () => {
    const settings = { proxyHost: '10.1.1.1', proxyPort: 8080, proxyUser: 'u', maxMemory: 1536 * 1024 ** 2 };
    const { user } = await ask(['Data proxy', 'Memory'], { ...proxyAnswers, Memory: '2 GiB' }, [
      aSettable('a', { settings }),
      aSettable('b', { settings }),
    ]);
    assert.deepEqual(startsOf(user), ['10.1.1.1', '8080', 'u', undefined, '1.5 GiB']);
  });

  it('never start with a password that somebody typed into another field', async () => {
    const settings = { proxyHost: `http://u:${password}@10.1.1.1`, proxyUser: `u:${password}` };
    const { user } = await ask(['Data proxy'], proxyAnswers, [aSettable('a', { settings })]);
    assert.deepEqual(startsOf(user), [undefined, undefined, undefined, undefined]);
    assert.doesNotMatch(rowsOf(user).join(), /secret/);
  });

  it('take memory in MiB and GiB', async () => {
    const bytesOf = async (text: string) => (await ask(['Memory'], { Memory: text })).change?.maxMemory;
    assert.equal(await bytesOf('512 MiB'), 512 * 1024 ** 2);
    assert.equal(await bytesOf(' 4gib '), 4 * 1024 ** 3);
    assert.equal(await bytesOf('1.5 G'), 1.5 * 1024 ** 3);
    assert.equal(await bytesOf('1024 GiB'), 1024 ** 4);
    assert.equal(await bytesOf('0'), 0);
    assert.equal(await bytesOf('No limit'), 0);
  });

  it('say in words what is wrong with a value', async () => {
    const problemOf = async (title: string, text: string) => {
      const tick = title.startsWith('Proxy') ? 'Data proxy' : title;
      const { user, change } = await ask([tick], { ...proxyAnswers, [title]: text });
      assert.equal(change, undefined);
      return user.problems[0];
    };
    const limit = 'Enter a whole number from 0 to 999.';
    for (const text of ['', '-1', '1000', '2.5', 'many', '1e2']) {
      assert.equal(await problemOf('CPU cores per backup job', text), limit, text);
      assert.equal(await problemOf('Concurrent backup jobs', text), limit, text);
    }
    for (const text of ['backup:pw', ':', `u:${password}`]) {
      assert.equal(
        await problemOf('Proxy user', text),
        'Enter only the user name. The password is asked for next.',
        text,
      );
    }
    for (const text of ['0', '65536', 'http']) {
      assert.equal(await problemOf('Proxy port', text), 'Enter a whole number from 1 to 65535.', text);
    }
    for (const text of ['', 'http://proxy', 'proxy:3128', 'two words', 'proxy/', '1:2']) {
      assert.equal(
        await problemOf('Proxy host', text),
        'Enter a host name or an address, without http:// or a port.',
        text,
      );
    }
    for (const text of ['4', '4 TiB', 'lots', '-1 GiB']) {
      assert.match((await problemOf('Memory', text)) ?? '', /^Enter a number with MiB or GiB/, text);
    }
    for (const text of ['0.5 MiB', '1025 GiB']) {
      assert.equal(await problemOf('Memory', text), 'Enter between 1 MiB and 1024 GiB, or 0 for no limit.');
    }
  });

  it('take names and addresses of either kind as host', async () => {
    for (const host of ['proxy', 'proxy.example.com', '192.168.0.1', '2001:db8::1']) {
      const { change } = await ask(['Data proxy'], { ...proxyAnswers, 'Proxy host': host });
      assert.equal(change?.proxyHost, host);
    }
  });
});

describe('a proxy password', () => {
  it('is hidden before anything is done with it, and shown nowhere', async () => {
    const clients = [aSettable('web-1')];
    const table = setTable(clients);
    table.ticks = ['Data proxy'];
    table.answers = proxyAnswers;
    await table.flow.run({ label, clients: keyed(clients), review: 'chosen' });
    await table.clock.advance(0);
    assert.deepEqual(table.hidden, [password]);
    assert.equal(table.service.settings[0]?.change.proxyPassword, password);
    const detail = table.user.ofKind('confirm')[0]?.detail ?? '';
    assert.match(detail, /^Proxy password: ••••$/m);
    assert.match(detail, /^Data proxy: None → Custom proxy$/m);
    assert.match(detail, /^Proxy host: not set → proxy\.example\.com$/m);
    const shown = [detail, ...table.notices.shown, ...table.notices.reports, ...table.log.lines].join('\n');
    assert.ok(!shown.includes(password));
  });
});
