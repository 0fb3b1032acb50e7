import { strict as assert } from 'node:assert';
import { recordedSettingsOf, settingsBefore } from '../../../src/core/operations/recordedSettings';
import { BackupError } from '../../../src/core/service/errors';
import type { BackupClient, ClientSettings, ClientSettingsChange } from '../../../src/core/service/model';
import type { Operation, Plan } from '../../../src/core/operations/operation';
import { Emitter } from '../../../src/core/kernel/events';
import { stopRolloutsInReadOnlyMode } from '../../../src/core/change/safety/readOnlyMode';
import { createFakeService } from '../../support/fakeService';
import { createHandClock, createSetClock } from '../../support/handClock';
import { createMemoryDisk } from '../../support/memoryRecords';
import {
  aPlan,
  createKeptLog,
  held,
  openWindow,
  outcomesOf,
  outdatedClients,
} from '../../support/operationBuilders';

const minute = 60_000;
const cores: ClientSettingsChange = { maxCpuCore: 4 };
const now: ClientSettings = { maxCpuCore: 0, maxWorker: 2 };

function withSettings(count: number, settings: ClientSettings = now): readonly BackupClient[] {
  return outdatedClients(count).map((client) => ({ ...client, settings }));
}

function world(clients: readonly BackupClient[]) {
  const clock = createHandClock();
  const service = createFakeService(clients);
  const disk = createMemoryDisk();
  const open = () => openWindow(service, clock, disk.window());
  return { clock, service, disk, open, clients };
}

function planTo(
  change: ClientSettingsChange,
  clients: readonly BackupClient[],
  more: Partial<Plan> = {},
): Plan {
  const settings = recordedSettingsOf(change);
  const plan = aPlan('settings', clients);
  return {
    ...plan,
    settings,
    machines: plan.machines.map((machine, n) => ({
      ...machine,
      namedBy: 'client',
      fromSettings: settingsBefore(clients[n] ?? assert.fail(), settings),
    })),
    ...more,
  };
}

const lost = () => {
  throw new BackupError('connection-lost', 'the connection broke off', { fate: 'ambiguous' });
};
const refused = (code: 'bad-request' | 'permission-denied' = 'bad-request') => {
  throw new BackupError(code, 'the service said no', { fate: 'refused', requestId: 'R-NO' });
};
const standing = (operation: Operation | undefined) => [
  operation?.phase,
  ...Object.values(outcomesOf(operation)),
];

describe('an operation on settings', () => {
  it('records each call before it is sent, sends one a client, and is done when the list shows the values', async () => {
    const w = world(withSettings(3));
    const { operations, ended } = w.open();
    const before: number[] = [];
    w.service.onSettings = (_n, at) => {
      const lines = w.disk.lines(operations.list()[0]?.id ?? '');
      if (at === 'before') before.push(lines.filter(({ type }) => type === 'intent').length);
    };
    const { id } = await operations.start(planTo(cores, w.clients), cores);
    await w.clock.advance(0);
    assert.deepEqual(before, [1, 2, 3]);
    assert.deepEqual(
      w.service.settings.map(({ clientId, change }) => [clientId, change]),
      [
        ['c-0', cores],
        ['c-1', cores],
        ['c-2', cores],
      ],
    );
    assert.deepEqual(standing(operations.get(id)), ['ended', 'done', 'done', 'done']);
    assert.deepEqual(w.service.reads.length, 1, 'all are read at once');
    assert.equal(ended.length, 1);
    assert.ok(w.disk.closed.has(id));
  });

  it('writes the password at the proxy nowhere, and is done by its answer where no list can show it', async () => {
    const w = world(withSettings(1));
    const { operations } = w.open();
    const change = { proxyPassword: 'hush' };
    const { id } = await operations.start(planTo(change, w.clients), change);
    await w.clock.advance(0);
    assert.deepEqual(w.service.settings[0]?.change, change);
    assert.deepEqual(standing(operations.get(id)), ['ended', 'done']);
    assert.deepEqual(operations.get(id)?.settings, { values: {}, proxyPasswordChanged: true });
    assert.doesNotMatch(JSON.stringify([w.disk.lines(id), operations.get(id)]), /hush/);
  });

  it('is done by its answers where the list shows no settings, and not confirmed where it keeps the old ones', async () => {
    const w = world([...withSettings(1, {}), ...withSettings(2).slice(1)]);
    const { operations } = w.open();
    w.service.onSettings = (n, at) => {
      if (at !== 'after') return;
      const key = `i-${n - 1}`;
      const client = w.clients[n - 1] ?? assert.fail();
      w.service.clients.set(key, client);
    };
    const { id } = await operations.start(planTo(cores, w.clients), cores);
    await w.clock.advance(0);
    assert.deepEqual(standing(operations.get(id)), ['confirming', 'done', 'confirming']);
    await w.clock.advance(5 * minute);
    assert.deepEqual(standing(operations.get(id)), ['ended', 'done', 'unconfirmed']);
  });

  it('stops after the call in flight, and names what was changed and what was not sent', async () => {
    const w = world(withSettings(5));
    const { operations } = w.open();
    const answer = held<undefined>();
    w.service.onSettings = async (n, at) => {
      if (n === 2 && at === 'before') await answer.promise;
    };
    const { id } = await operations.start(planTo(cores, w.clients), cores);
    await w.clock.advance(0);
    await operations.stop(id, 'rollout');
    answer.settle(undefined);
    await w.clock.advance(0);
    assert.equal(w.service.settings.length, 2);
    assert.deepEqual(standing(operations.get(id)), [
      'ended',
      'done',
      'done',
      ...Array<string>(3).fill('stopped: stopped'),
    ]);
  });

  it('of two hundred clients stops with the call in flight when read-only mode goes on, and records every one', async () => {
    const w = world(withSettings(200));
    const { operations } = w.open();
    const changes = new Emitter<void>();
    const safety = { current: { readOnly: false }, onDidChange: changes.event };
    stopRolloutsInReadOnlyMode(safety, operations, createKeptLog());
    w.service.onSettings = (n, at) => {
      if (n !== 40 || at !== 'before') return;
      safety.current.readOnly = true;
      changes.fire();
    };
    const { id } = await operations.start(planTo(cores, w.clients), cores);
    await w.clock.advance(0);
    assert.equal(w.service.settings.length, 40);
    const outcomes = Object.values(outcomesOf(operations.get(id)));
    assert.deepEqual(
      [
        outcomes.filter((one) => one === 'done').length,
        outcomes.filter((one) => one === 'stopped: stopped').length,
      ],
      [40, 160],
    );
    assert.equal(w.disk.lines(id).filter(({ type }) => type === 'intent').length, 40);
  });

  it('sends nothing more once it was stopped while the service throttles', async () => {
    const w = world(withSettings(2));
    const { operations } = w.open();
    w.service.onSettings = () => {
      throw new BackupError('throttled', 'too many calls', { fate: 'not-run' });
    };
    const { id } = await operations.start(planTo(cores, w.clients), cores);
    await w.clock.advance(0);
    await operations.stop(id, 'rollout');
    await w.clock.advance(minute);
    assert.equal(w.service.settings.length, 1);
    assert.deepEqual(standing(operations.get(id)), ['ended', 'stopped: stopped', 'stopped: stopped']);
  });

  it('sends nothing after its window was killed; another window says what was changed', async () => {
    const w = world(withSettings(4));
    const first = w.open();
    w.service.onSettings = (n, at) => (n === 3 && at === 'after' ? new Promise(() => undefined) : undefined);
    const { id } = await first.operations.start(planTo(cores, w.clients), cores);
    await w.clock.advance(0);
    first.kill();
    const next = w.open();
    await next.operations.resume();
    await w.clock.advance(minute);
    assert.equal(w.service.settings.length, 3);
    assert.deepEqual(standing(next.operations.get(id)), [
      'ended',
      'done',
      'done',
      'done',
      'not-sent: interrupted',
    ]);
    assert.equal(next.ended.length, 1);
  });

  it('takes a lost answer for run when the list shows new values, and for not run when it keeps the old for a minute', async () => {
    const w = world(withSettings(3));
    const { operations } = w.open();
    w.service.onSettings = (n, at) => {
      if ((n === 1 && at === 'after') || (n === 3 && at === 'before')) lost();
    };
    const { id } = await operations.start(planTo(cores, w.clients), cores);
    await w.clock.advance(0);
    assert.deepEqual(standing(operations.get(id)), ['watching', 'done', 'done', 'running']);
    await w.clock.advance(minute);
    assert.deepEqual(standing(operations.get(id)), ['ended', 'done', 'done', 'not-sent: not-run']);
    assert.equal(w.service.settings.length, 3, 'nothing is sent twice');
  });

  it('does not take a lost answer for not run before a minute is over, though the clock was set forward', async () => {
    const w = world(withSettings(1));
    const computer = createSetClock(w.clock);
    w.service.offsetMs = undefined;
    const { operations } = openWindow(w.service, computer, w.disk.window());
    w.service.onSettings = (_n, at) => {
      computer.aheadMs += 60 * minute;
      if (at === 'before') lost();
    };
    const { id } = await operations.start(planTo(cores, w.clients), cores);
    await w.clock.advance(minute - 1);
    assert.deepEqual(standing(operations.get(id)), ['watching', 'running']);
    await w.clock.advance(1);
    assert.deepEqual(standing(operations.get(id)), ['ended', 'not-sent: not-run']);
  });

  it('does not claim to know what became of a password whose answer was lost', async () => {
    const w = world(withSettings(1));
    const { operations } = w.open();
    w.service.onSettings = lost;
    // The values are there already: that the list shows them tells nothing of the password.
    const change = { maxWorker: 2, proxyPassword: 'hush' };
    const { id } = await operations.start(planTo(change, w.clients), change);
    await w.clock.advance(0);
    assert.deepEqual(standing(operations.get(id)), ['ended', 'unknown: answer-lost']);
  });

  it('waits while the service throttles, since such a call did not run, and gives up in the end', async () => {
    const w = world(withSettings(2));
    const { operations } = w.open();
    const throttled = () => {
      throw new BackupError('throttled', 'too many calls', { fate: 'not-run' });
    };
    w.service.onSettings = (n, at) => {
      if (at === 'before' && (n <= 2 || n > 3)) throttled();
    };
    const { id } = await operations.start(planTo(cores, w.clients), cores);
    await w.clock.advance(5_000);
    assert.equal(w.service.settings.length, 2);
    await w.clock.advance(15_000);
    assert.deepEqual(
      w.service.settings.map(({ clientId }) => clientId),
      ['c-0', 'c-0', 'c-0', 'c-1'],
    );
    await w.clock.advance(50_000);
    assert.deepEqual(standing(operations.get(id)), ['ended', 'done', 'not-sent: throttled']);
  });

  it('goes on past a client that the service refuses, up to the limit of failures', async () => {
    const w = world(withSettings(6));
    const { operations } = w.open();
    w.service.onSettings = (n) => {
      if (n === 2 || n === 4) refused();
    };
    const { id } = await operations.start(planTo(cores, w.clients, { maxFailures: 2 }), cores);
    await w.clock.advance(0);
    assert.deepEqual(standing(operations.get(id)), [
      'ended',
      'done',
      'refused: bad-request',
      'done',
      'refused: bad-request',
      'not-sent: failure-limit',
      'not-sent: failure-limit',
    ]);
  });

  it('stops at a failure that all others would meet too', async () => {
    const w = world(withSettings(50));
    const { operations } = w.open();
    w.service.onSettings = () => refused('permission-denied');
    const { id } = await operations.start(planTo(cores, w.clients), cores);
    await w.clock.advance(0);
    assert.equal(w.service.settings.length, 1);
    assert.equal(operations.get(id)?.phase, 'ended');
  });

  for (const code of ['source-unusable', 'command-not-allowed', 'account-changed'] as const) {
    it(`asks a source of credentials that fails with ${code} once, not for each client`, async () => {
      const w = world(withSettings(50));
      const { operations } = w.open();
      w.service.onSettings = () => {
        throw new BackupError(code, 'no credentials');
      };
      const { id } = await operations.start(planTo(cores, w.clients), cores);
      await w.clock.advance(0);
      assert.equal(w.service.settings.length, 1);
      assert.deepEqual(standing(operations.get(id)).slice(0, 3), [
        'ended',
        `not-sent: ${code}`,
        `not-sent: ${code}`,
      ]);
    });
  }

  it('has its clients for itself, as any operation', async () => {
    const w = world(withSettings(2));
    const { operations } = w.open();
    const answer = held<undefined>();
    w.service.onSettings = () => answer.promise;
    await operations.start(planTo(cores, w.clients), cores);
    await w.clock.advance(0);
    await assert.rejects(operations.start(aPlan('upgrade', w.clients)), { code: 'busy-elsewhere' });
    await assert.rejects(operations.start(planTo(cores, w.clients), cores), { code: 'busy-elsewhere' });
    assert.equal(w.service.writes.length, 0);
  });
});
