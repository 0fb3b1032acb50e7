import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/errors';
import { plainTranslate } from '../../../src/core/localize';
import type { BackupClient } from '../../../src/core/model';
import { createChangeGate } from '../../../src/core/operations/safety';
import { aBareClient } from '../../support/builders';
import { held } from '../../support/operationBuilders';
import { aSettable, context, keyed, lostAnswer, refusal, setTable, type Table } from './editSettingsFakes';

const fleet = (count: number): readonly BackupClient[] =>
  Array.from({ length: count }, (_, at) => aSettable(`web-${at + 1}`));

/** A table at which the user limits CPU cores to 4. */
function limitingCores(clients: readonly BackupClient[]): Table {
  const table = setTable(clients);
  table.user.ticks = ['CPU cores'];
  table.user.answers = { 'CPU cores': '4' };
  return table;
}

const runOn = (table: Table, clients: readonly BackupClient[]) => table.flow.run(keyed(clients), context);

describe('editing client settings', () => {
  it('asks, sends one call a client, takes the new rows, and tells of it once', async () => {
    const clients = fleet(3);
    const table = limitingCores(clients);
    await runOn(table, clients);
    assert.deepEqual(table.sent, ['c-web-1', 'c-web-2', 'c-web-3']);
    assert.deepEqual(table.changes[0], { maxCpuCore: 4 });
    assert.deepEqual(table.notices.titles, ['notification: Change settings of 3 clients']);
    assert.equal(table.notices.reports.at(-1), '3 of 3 done');
    assert.deepEqual(table.notices.told, ['info: Changed the settings of 3 clients.']);
    const rows = table.taken.flatMap((reading) => reading.clients);
    assert.deepEqual(
      rows.map(({ settings }) => settings?.maxCpuCore),
      [4, 4, 4],
    );
  });

  it('names account, profile, region, clients and each change in one confirm', async () => {
    const clients = [aSettable('web-1'), aSettable('web-2', { settings: { maxCpuCore: 2 } })];
    const table = limitingCores(clients);
    table.user.ticks = ['CPU cores', 'HTTPS'];
    table.user.answers = { 'CPU cores': '4', HTTPS: 'Yes' };
    await runOn(table, clients);
    const [confirm] = table.user.confirms;
    assert.equal(table.user.confirms.length, 1);
    assert.equal(confirm?.message, 'Change settings of 2 clients in China (Hangzhou)?');
    assert.equal(
      confirm.detail,
      [
        'Account 1234567890123456, profile prod',
        '',
        'HTTPS: differs → Yes',
        'CPU cores: differs → 4',
        '',
        'web-1',
        'web-2',
      ].join('\n'),
    );
  });

  it('names a single client in the question, and says what changes from what', async () => {
    const clients = fleet(1);
    const table = limitingCores(clients);
    await runOn(table, clients);
    const [confirm] = table.user.confirms;
    assert.equal(confirm?.message, 'Change settings of web-1 in China (Hangzhou)?');
    assert.match(confirm.detail ?? '', /^CPU cores: no limit → 4$/m);
    assert.deepEqual(table.notices.told, ['info: Changed the settings of web-1.']);
  });

  it('sends nothing when the user backs out, at whichever question', async () => {
    const clients = fleet(2);
    const backOuts: readonly ((table: Table) => void)[] = [
      ({ user }) => (user.ticks = []),
      ({ user }) => (user.answers = {}),
      ({ user }) => (user.answers = { 'CPU cores': '1000' }),
      ({ user }) => (user.agrees = false),
    ];
    for (const backOut of backOuts) {
      const table = limitingCores(clients);
      backOut(table);
      await runOn(table, clients);
      assert.deepEqual([table.sent, table.notices.told], [[], []]);
    }
  });

  it('leaves out by name, with the reason, what cannot take the change', async () => {
    const clients = [
      aSettable('new'),
      aSettable('old', { clientVersion: '2.12.9' }),
      aSettable('busy', { status: 'UPGRADING' }),
      aSettable('done', { settings: { maxMemory: 1024 ** 3 } }),
      aBareClient({ instanceName: 'bare', instanceId: 'i-bare' }),
    ];
    const table = setTable(clients);
    table.user.ticks = ['Memory'];
    table.user.answers = { Memory: '1 GiB' };
    await runOn(table, clients);
    assert.deepEqual(table.sent, ['c-new']);
    const detail = table.user.confirms[0]?.detail ?? '';
    const left = detail.split('\n').find((line) => line.startsWith('Left out')) ?? '';
    for (const part of [
      'old (a memory limit needs version 2.13.0)',
      'busy (already being changed)',
      'done (already so)',
      'bare (not installed)',
    ]) {
      assert.ok(left.includes(part), left);
    }
  });

  it('does not offer what no client takes', async () => {
    const clients = [aSettable('db', { clientType: 'CONTAINER_CLIENT', clientVersion: '2.4.5' })];
    const table = setTable(clients);
    await runOn(table, clients);
    const offered = table.user.rows.map((row) => row.split(' | ')[0]);
    assert.ok(offered.includes('CPU cores'));
    assert.ok(!offered.includes('Memory'));
    assert.ok(!offered.includes('Alert on partial backup'));
  });

  it('says why nothing can be changed, before any question', async () => {
    const clients = [aSettable('a', { status: 'INSTALLING' }), aSettable('b', { status: 'UNINSTALLING' })];
    const table = limitingCores(clients);
    await runOn(table, clients);
    assert.deepEqual(table.user.asked, []);
    assert.deepEqual(table.notices.told, ['warn: No settings can be changed: a, b (already being changed).']);
  });

  it('says so when all clients have the value already', async () => {
    const clients = [aSettable('a', { settings: { maxCpuCore: 4 } })];
    const table = limitingCores(clients);
    await runOn(table, clients);
    assert.deepEqual(table.user.confirms, []);
    assert.deepEqual(table.notices.told, ['warn: No settings can be changed: a (already so).']);
  });

  it('asks nothing when changes are refused anyway, and says what decided', async () => {
    const clients = fleet(1);
    const table = limitingCores(clients);
    table.verdict = { decision: 'refused', message: 'Nothing was sent: read-only mode is on.' };
    await runOn(table, clients);
    assert.deepEqual(table.user.asked, []);
    assert.deepEqual(table.notices.told, ['warn: Nothing was sent: read-only mode is on.']);
  });

  it('has the number typed where more care is asked for', async () => {
    const clients = fleet(7);
    const table = limitingCores(clients);
    table.verdict = { decision: 'ask', typedCount: true, reasons: ['These are more than 5 machines.'] };
    await runOn(table, clients);
    assert.match(table.user.confirms[0]?.detail ?? '', /These are more than 5 machines/);
    assert.deepEqual(table.sent, []);
    table.user.answers = { ...table.user.answers, 'Change Settings': '7' };
    await runOn(table, clients);
    assert.equal(table.sent.length, 7);
  });

  describe('where tags are protected', () => {
    const unread = "Tags couldn't be read, so some machines may have a protected tag.";
    const guarding = (): Table => {
      const table = limitingCores(fleet(2));
      table.gate = createChangeGate({
        settings: () => ({
          ...{ readOnly: false, typedConfirmAbove: 5, honourCliPolicy: false },
          protectedTags: [{ key: 'env', value: 'prod' }],
        }),
        readPolicies: () => assert.fail('not asked here'),
        t: plainTranslate,
      });
      return table;
    };
    const asksToType = (table: Table, reason: string | undefined) => {
      const detail = table.user.confirms[0]?.detail ?? '';
      assert.ok(reason === undefined ? !/tag/.test(detail) : detail.includes(reason), detail);
      assert.equal(table.sent.length, reason === undefined ? 2 : 0);
    };

    it('has the number typed for an instance with such a tag, though its client has none', async () => {
      const table = guarding();
      table.instances.known.set('i-web-2', { tags: [{ key: 'env', value: 'prod' }] });
      await runOn(table, fleet(2));
      assert.deepEqual(table.instances.asked, ['instances i-web-1,i-web-2']);
      asksToType(table, 'Machines with the tag env=prod are among them.');
    });

    it('asks once where no instance has it, or the instance is gone', async () => {
      const table = guarding();
      table.instances.known.set('i-web-2', null);
      await runOn(table, fleet(2));
      asksToType(table, undefined);
    });

    it('has the number typed where the tags could not be read', async () => {
      const table = guarding();
      table.instances.failures.set('instances', new BackupError('permission-denied', 'no'));
      await runOn(table, fleet(2));
      asksToType(table, unread);
    });

    it('has the number typed where the tags do not come in time', async () => {
      const table = guarding();
      table.instances.ready = new Promise(() => undefined);
      const running = runOn(table, fleet(2));
      await table.clock.advance(15_000);
      await running;
      asksToType(table, unread);
    });

    it('reads no tags where none are protected', async () => {
      const table = limitingCores(fleet(2));
      await runOn(table, fleet(2));
      assert.deepEqual(table.instances.asked, []);
    });
  });

  it('does not touch clients of another account, which the operation cannot name', async () => {
    const clients = fleet(1);
    const table = limitingCores(clients);
    const crossAccount = { type: 'CROSS_ACCOUNT', userId: '2222333344445555', roleName: 'backup' } as const;
    await table.flow.run(keyed(clients), { ...context, scope: { ...context.scope, crossAccount } });
    assert.deepEqual(table.user.asked, []);
    assert.deepEqual(table.notices.told, [
      'warn: Settings can only be changed in the account that the machines belong to.',
    ]);
  });

  it('counts a client once that was selected twice', async () => {
    const clients = fleet(1);
    const table = limitingCores(clients);
    await table.flow.run([...keyed(clients), ...keyed(clients)], context);
    assert.equal(table.sent.length, 1);
  });

  it('lets the user choose among clients that have settings, when started without a row', async () => {
    const clients = [
      aSettable('a'),
      aSettable('b'),
      aBareClient({ instanceName: 'bare', instanceId: 'i-x' }),
    ];
    const table = limitingCores(clients);
    table.user.ticks = ['b', 'CPU cores'];
    await table.flow.pickAndRun(keyed(clients), context);
    assert.ok(!table.user.rows.some((row) => row.startsWith('bare')));
    assert.deepEqual(table.sent, ['c-b']);
  });
});

describe('sending settings', () => {
  it('keeps four calls on their way, no more', async () => {
    const clients = fleet(10);
    const table = limitingCores(clients);
    const gate = held<undefined>();
    table.before = async () => {
      await gate.promise;
    };
    const running = runOn(table, clients);
    await table.clock.advance(0);
    assert.equal(table.sent.length, 4);
    gate.settle(undefined);
    await running;
    assert.equal(new Set(table.sent).size, 10);
    assert.equal(table.sent.length, 10);
  });

  it('ends with Cancel: what is on its way arrives, nothing follows, and the rest is told', async () => {
    const clients = fleet(10);
    const table = limitingCores(clients);
    table.before = (_id, n) => {
      if (n === 4) table.notices.cancelling.abort();
    };
    await runOn(table, clients);
    assert.equal(table.sent.length, 4);
    assert.deepEqual(table.notices.told, ['warn: Changed the settings of 4 clients, 6 not sent.']);
    assert.equal(table.taken[0]?.clients.length, 4);
  });

  it('names clients that failed, with the reason they share', async () => {
    const clients = fleet(5);
    const table = limitingCores(clients);
    table.before = (id) => {
      if (id === 'c-web-2' || id === 'c-web-4') throw refusal('not-found', 'ResourceNotFound');
    };
    await runOn(table, clients);
    const [told = ''] = table.notices.told;
    assert.match(told, /^warn: Changed the settings of 3 clients, 2 failed\. web-2, web-4: The service does/);
    assert.equal(table.log.lines.filter((line) => line.includes('settings not changed')).length, 2);
    assert.equal(new Set(table.sent).size, 5);
  });

  it('stops at a failure that all others would meet too, and offers its remedy', async () => {
    const clients = fleet(50);
    const table = limitingCores(clients);
    table.before = () => {
      throw refusal('permission-denied', 'NoPermission');
    };
    await runOn(table, clients);
    assert.ok(table.sent.length <= 4, String(table.sent.length));
    assert.deepEqual(
      table.notices.failures.map(({ code }) => code),
      ['permission-denied'],
    );
    assert.deepEqual(table.notices.told, []);
  });

  it('waits and goes on when the service throttles: such a call certainly did not run', async () => {
    const clients = fleet(1);
    const table = limitingCores(clients);
    table.before = (_id, n) => {
      if (n <= 2) throw new BackupError('throttled', 'too many calls', { fate: 'not-run' });
    };
    const running = runOn(table, clients);
    await table.clock.advance(5_000);
    assert.equal(table.sent.length, 2);
    await table.clock.advance(15_000);
    await running;
    assert.deepEqual(table.notices.told, ['info: Changed the settings of web-1.']);
  });

  it('gives up on a service that throttles on and on', async () => {
    const clients = fleet(1);
    const table = limitingCores(clients);
    table.before = () => {
      throw new BackupError('throttled', 'too many calls', { fate: 'not-run' });
    };
    const running = runOn(table, clients);
    await table.clock.advance(50_000);
    await running;
    assert.equal(table.sent.length, 4);
    assert.equal(table.notices.failures[0]?.code, 'throttled');
  });

  describe('whose answer was lost', () => {
    it('takes a client for changed when the list shows the values', async () => {
      const clients = fleet(2);
      const table = limitingCores(clients);
      table.after = () => {
        throw lostAnswer();
      };
      await runOn(table, clients);
      assert.deepEqual(table.sent, ['c-web-1', 'c-web-2'], 'nothing is sent twice');
      assert.deepEqual(table.notices.told, ['info: Changed the settings of 2 clients.']);
    });

    it('takes a client for failed, without a doubt, when the list shows the old values', async () => {
      const clients = fleet(1);
      const table = limitingCores(clients);
      table.before = () => {
        throw lostAnswer();
      };
      await runOn(table, clients);
      const [failure] = table.notices.failures;
      assert.deepEqual([failure?.code, failure?.fate], ['connection-lost', 'not-run']);
      assert.equal(table.sent.length, 1);
    });

    it('says that it does not know when only a password was set: no list tells it', async () => {
      const settings = {
        dataProxySetting: 'CUSTOM',
        proxyHost: 'proxy.example.com',
        proxyPort: 3128,
        proxyUser: 'backup',
      };
      const clients = [aSettable('a', { settings }), aSettable('b', { settings })];
      const table = setTable(clients);
      table.user.ticks = ['Data proxy'];
      table.user.answers = {
        'Data proxy': 'Own proxy',
        'Proxy host': 'proxy.example.com',
        'Proxy port': '3128',
        'Proxy user': 'backup',
        'Proxy password': 'p4ssw0rd-of-proxy',
      };
      table.after = (id) => {
        if (id === 'c-a') throw lostAnswer();
      };
      await runOn(table, clients);
      const [told = ''] = table.notices.told;
      assert.match(told, /^warn: Changed the settings of b, 1 not known\. a: .*may have run all the same\.$/);
    });

    it('says that it does not know when the list cannot be read', async () => {
      const clients = fleet(2);
      const table = limitingCores(clients);
      table.after = (id) => {
        if (id === 'c-web-1') throw lostAnswer();
      };
      table.service.onRead = () => {
        throw refusal('service-failed');
      };
      await runOn(table, clients);
      assert.match(
        table.notices.told[0] ?? '',
        /^warn: Changed the settings of web-2, 1 not known\. web-1: /,
      );
      assert.deepEqual(table.taken, []);
      assert.ok(table.log.lines.some((line) => line.includes('could not be read')));
    });
  });

  it('tells nobody when the window closes', async () => {
    const clients = fleet(1);
    const table = limitingCores(clients);
    table.before = () => table.flow.dispose();
    await runOn(table, clients);
    assert.deepEqual([table.notices.told, table.notices.failures], [[], []]);
  });
});
