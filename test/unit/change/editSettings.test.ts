import { strict as assert } from 'node:assert';
import { BackupError } from '../../../src/core/service/errors';
import type { BackupClient } from '../../../src/core/service/model';
import type { Operation } from '../../../src/core/operations/operation';
import { aBareClient } from '../../support/builders';
import { held } from '../../support/operationBuilders';
import { keyed, noRules, label } from '../../support/draftBuilders';
import {
  aSettable,
  detailOf,
  fleet,
  limitingCores,
  refusal,
  rowsOf,
  runOn,
  setTable,
  startsOf,
  type Table,
} from './editSettingsFakes';

describe('editing client settings', () => {
  it('asks, sends one request per client, and shows one notification', async () => {
    const clients = fleet(3);
    const table = limitingCores(clients);
    await runOn(table, clients);
    assert.deepEqual(table.sent(), ['c-web-1', 'c-web-2', 'c-web-3']);
    assert.deepEqual(table.service.settings[0]?.change, { maxCpuCore: 4 });
    assert.deepEqual(table.notices.shown, [
      'info: Changing the settings of 3 clients.',
      'info: Changed the settings of 3 clients.',
    ]);
    const [operation] = table.operations.list();
    assert.deepEqual(
      operation?.machines.map(({ machine }) => machine),
      clients.map(({ clientId, instanceId, instanceName, zoneId, status }) => ({
        ...{
          key: instanceId,
          namedBy: 'client',
          name: instanceName,
          fromStatus: status,
          fromVersion: '2.13.0',
        },
        ...{ clientId, instanceId, fromSettings: { maxCpuCore: 0 }, ...(zoneId && { zoneId }) },
        work: { kind: 'none' },
      })),
    );
  });

  it('names account, profile, region, clients and each change in one confirm', async () => {
    const clients = [aSettable('web-1'), aSettable('web-2', { settings: { maxCpuCore: 2 } })];
    const table = limitingCores(clients);
    table.ticks = ['CPU cores per backup job', 'Transfer data over HTTPS'];
    table.answers = { 'CPU cores per backup job': '4', 'Transfer data over HTTPS': 'Yes' };
    await runOn(table, clients);
    const [confirm] = table.user.ofKind('confirm');
    assert.equal(table.user.ofKind('confirm').length, 1);
    assert.equal(confirm?.words, 'Change the settings of 2 clients in China (Hangzhou)?');
    assert.equal(
      confirm.detail,
      [
        'Account 1234567890123456, profile prod',
        '',
        'Transfer data over HTTPS: mixed → Yes',
        'CPU cores per backup job: mixed → 4',
        '',
        'web-1',
        'web-2',
        '',
        'No running backups or restores were found.',
      ].join('\n'),
    );
  });

  it('names a single client in the question, and says what changes from what', async () => {
    const clients = fleet(1);
    const table = limitingCores(clients);
    await runOn(table, clients);
    const [confirm] = table.user.ofKind('confirm');
    assert.equal(confirm?.words, 'Change the settings of web-1 in China (Hangzhou)?');
    assert.match(confirm.detail ?? '', /^CPU cores per backup job: no limit → 4$/m);
    assert.equal(table.notices.shown.at(-1), 'info: Changed the settings of web-1.');
  });

  it('sends nothing when the user backs out, at whichever question', async () => {
    const clients = fleet(2);
    const backOuts: readonly ((table: Table) => void)[] = [
      (one) => (one.ticks = []),
      (one) => (one.answers = {}),
      (one) => (one.answers = { 'CPU cores per backup job': '1000' }),
      ({ user }) => (user.on.confirm = () => undefined),
    ];
    for (const backOut of backOuts) {
      const table = limitingCores(clients);
      backOut(table);
      await runOn(table, clients);
      assert.deepEqual([table.sent(), table.notices.shown], [[], []]);
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
    table.ticks = ['Memory'];
    table.answers = { Memory: '1 GiB' };
    await runOn(table, clients);
    assert.deepEqual(table.sent(), ['c-new']);
    const left =
      detailOf(table.user)
        .split('\n')
        .find((line) => line.startsWith('4 left out: ')) ?? '';
    for (const part of [
      'old (i-old, a memory limit needs version 2.13.0)',
      'busy (i-busy, already being changed)',
      'done (i-done, already set)',
      'bare (i-bare, not installed)',
    ]) {
      assert.ok(left.includes(part), left);
    }
  });

  it('changes on-premises clients, and container clients except what is for file backups only', async () => {
    const clients = [
      aSettable('nas', { clientType: 'LOCAL_CLIENT', instanceId: '0f3a' }),
      aSettable('pod', { clientType: 'CONTAINER_CLIENT' }),
    ];
    const table = setTable(clients);
    table.ticks = ['Alert on partial backup'];
    table.answers = { 'Alert on partial backup': 'Yes' };
    await runOn(table, clients);
    assert.deepEqual(table.sent(), ['c-nas']);
    const detail = table.user.ofKind('confirm')[0]?.detail ?? '';
    assert.ok(detail.includes('pod (i-pod, alerts on partial backup are for file backups only)'), detail);
  });

  it('does not offer what no client takes', async () => {
    const clients = [aSettable('db', { clientVersion: '2.4.5' })];
    const table = setTable(clients);
    await runOn(table, clients);
    const offered = rowsOf(table.user).map((row) => row.slice(2).split(' | ')[0]);
    assert.ok(offered.includes('CPU cores per backup job'));
    assert.ok(!offered.includes('Memory'));
  });

  it('says why nothing can be changed, before any question', async () => {
    const clients = [aSettable('a', { status: 'INSTALLING' }), aSettable('b', { status: 'UNINSTALLING' })];
    const table = limitingCores(clients);
    await runOn(table, clients);
    assert.deepEqual(table.user.asked, []);
    assert.deepEqual(table.notices.shown, ['warn: No settings can be changed: already being changed (2).']);
  });

  it('says so when all clients have the value already', async () => {
    const clients = [aSettable('a', { settings: { maxCpuCore: 4 } })];
    const table = limitingCores(clients);
    await runOn(table, clients);
    assert.deepEqual(table.user.ofKind('confirm'), []);
    assert.deepEqual(table.notices.shown, ["warn: The settings of a can't be changed: already set."]);
  });

  it('asks nothing when changes are refused anyway, and says what decided', async () => {
    const clients = fleet(1);
    const table = limitingCores(clients);
    table.rules = { ...noRules, readOnly: true };
    await runOn(table, clients);
    assert.deepEqual(table.user.asked, []);
    assert.deepEqual(table.notices.shown, [
      'warn: Nothing was changed because read-only mode is on. To turn it off, use Toggle Read-Only Mode.',
    ]);
  });

  it('asks to type the number where more care is asked for', async () => {
    const clients = fleet(7);
    const table = limitingCores(clients);
    table.rules = { ...noRules, confirmByTypingAbove: 5 };
    await runOn(table, clients);
    assert.match(detailOf(table.user), /More than 5 clients are selected/);
    assert.deepEqual(table.sent(), []);
    table.answers = {
      ...table.answers,
      'Change the settings of 7 clients in China (Hangzhou)?': '7',
    };
    await runOn(table, clients);
    assert.equal(table.sent().length, 7);
  });

  describe('where tags are safeguarded', () => {
    const unread = "Tags couldn't be read, so some clients might have a safeguarded tag.";
    const guarding = (): Table => {
      const table = limitingCores(fleet(2));
      table.rules = { ...noRules, confirmTags: [{ key: 'env', value: 'prod' }] };
      return table;
    };
    const asksToType = (table: Table, reason: string | undefined) => {
      const detail = detailOf(table.user);
      assert.ok(reason === undefined ? !/tag/.test(detail) : detail.includes(reason), detail);
      assert.equal(table.sent().length, reason === undefined ? 2 : 0);
    };

    it('asks to type the number for an instance with such a tag, though its client has none', async () => {
      const table = guarding();
      table.instances.known.set('i-web-2', { tags: [{ key: 'env', value: 'prod' }] });
      await runOn(table, fleet(2));
      assert.deepEqual(table.instances.asked, ['instances i-web-1,i-web-2']);
      asksToType(table, 'Includes clients tagged env=prod.');
    });

    it('asks once where no instance has it, or the instance is gone', async () => {
      const table = guarding();
      table.instances.known.set('i-web-2', null);
      await runOn(table, fleet(2));
      asksToType(table, undefined);
    });

    it('asks to type the number where the tags could not be read', async () => {
      const table = guarding();
      table.instances.failures.set('instances', new BackupError('permission-denied', 'no'));
      await runOn(table, fleet(2));
      asksToType(table, unread);
    });

    it('asks to type the number where the tags do not come in time', async () => {
      const table = guarding();
      table.instances.ready = new Promise(() => undefined);
      const running = runOn(table, fleet(2));
      await table.clock.advance(15_000);
      await running;
      asksToType(table, unread);
    });

    it('reads no tags where none are safeguarded', async () => {
      const table = limitingCores(fleet(2));
      await runOn(table, fleet(2));
      assert.deepEqual(table.instances.asked, []);
    });
  });

  it('changes nothing that another operation took while the question was open', async () => {
    const clients = fleet(2);
    const table = limitingCores(clients);
    const answer = held<undefined>();
    table.service.onSettings = () => answer.promise;
    table.user.on.confirm = async ({ labels }) => {
      delete table.user.on.confirm;
      await table.flow.run({ label, clients: keyed(clients.slice(0, 1)), review: 'chosen' });
      return labels[0];
    };
    await runOn(table, clients);
    assert.deepEqual(
      table.operations.list().map(({ machines }) => machines.map(({ machine }) => machine.name)),
      [['web-1'], ['web-2']],
    );
  });

  it('does not touch clients of another account, which the operation cannot name', async () => {
    const clients = fleet(1);
    const table = limitingCores(clients);
    const crossAccount = { type: 'CROSS_ACCOUNT', userId: '2222333344445555', roleName: 'backup' } as const;
    await table.flow.run({
      label: { ...label, scope: { ...label.scope, crossAccount } },
      clients: keyed(clients),
      review: 'chosen',
    });
    assert.deepEqual(table.user.asked, []);
    assert.deepEqual(table.notices.shown, [
      'warn: Settings can only be changed with a profile of the account that the clients belong to.',
    ]);
  });

  it('counts a client once that was selected twice', async () => {
    const clients = fleet(1);
    const table = limitingCores(clients);
    await table.flow.run({ label, clients: [...keyed(clients), ...keyed(clients)], review: 'chosen' });
    await table.clock.advance(0);
    assert.equal(table.sent().length, 1);
  });

  it('lets the user choose among clients that have settings, when started without a row', async () => {
    const clients = [
      aSettable('a'),
      aSettable('b'),
      aBareClient({ instanceName: 'bare', instanceId: 'i-x' }),
    ];
    const table = limitingCores(clients);
    table.ticks = ['b', 'CPU cores per backup job'];
    await table.flow.run({ label, clients: keyed(clients), review: 'all' });
    await table.clock.advance(0);
    assert.ok(!rowsOf(table.user).some((row) => row.includes('bare')));
    assert.deepEqual(table.sent(), ['c-b']);
  });
});

describe('settings that are being changed', () => {
  const denied = () => {
    throw refusal('permission-denied', 'NoPermission');
  };

  it('are announced when they start and once when they end, with what was not changed', async () => {
    const clients = fleet(5);
    const table = limitingCores(clients);
    table.service.onSettings = (n) => {
      if (n === 2 || n === 4) throw refusal('not-found', 'ResourceNotFound');
    };
    await runOn(table, clients);
    assert.deepEqual(table.notices.shown, [
      'info: Changing the settings of 5 clients.',
      'warn: Changed the settings of 2 of 5 clients. 2 rejected, 1 not started.',
    ]);
  });

  it('are reported with the remedy when none was changed', async () => {
    const table = limitingCores(fleet(50));
    table.service.onSettings = denied;
    await runOn(table, fleet(50));
    assert.equal(table.sent().length, 1);
    assert.deepEqual(
      table.notices.failures.map(({ code, ramAction }) => [code, ramAction]),
      [['permission-denied', 'hbr:UpdateClientSettings']],
    );
  });

  it('keep their clients from a second change, which leaves them out by name', async () => {
    const clients = fleet(3);
    const table = limitingCores(clients);
    const answer = held<undefined>();
    table.service.onSettings = () => answer.promise;
    await runOn(table, clients.slice(0, 2));
    table.answers = { 'CPU cores per backup job': '8' };
    await runOn(table, clients);
    assert.match(
      detailOf(table.user),
      /^2 left out: web-1 \(i-web-1, its settings are being changed by .*\) and web-2 \(i-web-2, its/m,
    );
  });

  it('are recorded without the password', async () => {
    const clients = fleet(1);
    const table = setTable(clients);
    table.ticks = ['Data proxy'];
    table.answers = proxy;
    await runOn(table, clients);
    const [operation] = table.operations.list();
    assert.equal(table.service.settings[0]?.change.proxyPassword, 'hush');
    assert.deepEqual(operation?.settings, {
      values: {
        dataProxySetting: 'CUSTOM',
        proxyHost: 'proxy.example.com',
        proxyPort: 3128,
        proxyUser: 'backup',
      },
      proxyPasswordChanged: true,
    });
    assert.doesNotMatch([...table.disk.open.values(), ...table.disk.closed.values()].join(), /hush/);
  });
});

const proxy = {
  'Data proxy': 'Custom proxy',
  'Proxy host': 'proxy.example.com',
  'Proxy port': '3128',
  'Proxy user': 'backup',
  'Proxy password': 'hush',
};

describe('retrying a change of settings', () => {
  async function interrupted(table: Table, clients: readonly BackupClient[]): Promise<Operation> {
    table.service.onSettings = (n) => {
      if (n === 2) throw refusal('permission-denied', 'NoPermission');
    };
    await runOn(table, clients);
    table.service.onSettings = () => undefined;
    return table.operations.list()[0] ?? assert.fail();
  }

  it('asks again for the clients that are left, with the values filled in, except for the password', async () => {
    const clients = fleet(3);
    const table = setTable(clients);
    table.ticks = ['Data proxy'];
    table.answers = proxy;
    const operation = await interrupted(table, clients);
    table.user.asked.length = 0;
    table.answers = { ...proxy, 'Proxy password': 'again' };
    await table.retryFailed.run(operation);
    await table.clock.advance(0);
    assert.deepEqual(startsOf(table.user), ['proxy.example.com', '3128', 'backup', undefined]);
    assert.ok(rowsOf(table.user).includes('+ Data proxy | None'), rowsOf(table.user).join('\n'));
    assert.ok(rowsOf(table.user).includes('+ Custom proxy'), rowsOf(table.user).join('\n'));
    assert.deepEqual(table.sent(), ['c-web-1', 'c-web-2', 'c-web-2', 'c-web-3']);
    assert.equal(table.service.settings[3]?.change.proxyPassword, 'again');
    assert.equal(table.operations.list().find(({ retryOf }) => retryOf === operation.id)?.machines.length, 2);
  });

  it('says so when nothing is left, or the clients cannot be read', async () => {
    const clients = fleet(2);
    const table = limitingCores(clients);
    const operation = await interrupted(table, clients);
    table.service.onRead = () => {
      throw refusal('service-failed');
    };
    await table.retryFailed.run(operation);
    assert.equal(table.notices.failures.at(-1)?.code, 'service-failed');
    await table.retryFailed.run({ ...operation, phase: 'confirming' });
    assert.equal(table.notices.shown.at(-1), 'warn: This operation has no clients left to start.');
  });
});
