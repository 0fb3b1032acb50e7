import { strict as assert } from 'node:assert';
import { reachOf, type Reach } from '../../../src/core/clients/reach';
import { BackupError } from '../../../src/core/service/errors';
import type { BackupClient } from '../../../src/core/service/model';
import {
  createChangeClients,
  type ChangeClients,
  type ChangeRequest,
} from '../../../src/core/change/changeClients';

import type { ScopeLabel } from '../../../src/core/service/scopeLabel';
import type { RolloutDefaults } from '../../../src/core/change/rolloutSettings';
import type { SafetyRules } from '../../../src/core/change/safety/safety';
import type { PlanDocument } from '../../../src/core/change/document';
import type { Action } from '../../../src/core/service/actions';
import { aBareClient, aNamedClient as named, aScope } from '../../support/builders';
import { keyed, nowMs, openGate, label } from '../../support/draftBuilders';
import { createHandClock, type HandClock } from '../../support/handClock';
import { createFakeProtection, type FakeProtection } from '../../support/fakeProtection';
import { HandInstances, HandOperations } from './changeClientsFakes';
import { FakeNotices, FakeUser } from '../../support/fakeUser';

const fleet = (count: number): readonly BackupClient[] =>
  Array.from({ length: count }, (_, i) => named(`web-${i + 1}`));

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('installing and upgrading', () => {
  let questions: FakeUser;
  let notices: FakeNotices;
  let operations: HandOperations;
  let clock: HandClock;
  let protection: FakeProtection;
  let instances: HandInstances;
  let documents: PlanDocument[];
  let reach: Reach;
  let changes: ChangeClients;
  let rolloutDefaults: RolloutDefaults;
  let rules: SafetyRules;
  /** Ids of operations whose details were shown, and whose rollout was to be stopped. */
  let shown: string[];
  let stopped: string[];

  beforeEach(async () => {
    rules = await openGate.rules();
    rolloutDefaults = { order: { kind: 'all' }, maxFailures: 0, batchSize: 20, holdLimitMs: 7_200_000 };
    questions = new FakeUser();
    notices = new FakeNotices();
    operations = new HandOperations();
    clock = createHandClock();
    instances = new HandInstances();
    protection = createFakeProtection();
    documents = [];
    reach = reachOf([], true);
    shown = [];
    stopped = [];
    changes = createChangeClients({
      questions,
      notices,
      operations,
      instances,
      api: { listClients: () => assert.fail('not asked here') },
      gate: { rules: () => Promise.resolve(rules) },
      reachIn: () => reach,
      rolloutDefaults: () => rolloutDefaults,
      showReport: (id) => void shown.push(id),
      stopRollout: (id) => void stopped.push(id),
      showDocument: (document) => void documents.push(document),
      protection,
      serviceNow: () => nowMs,
      clock,
      log: { write: () => undefined },
    });
  });

  /** Presses an action of the notification. @returns the labels of all of them */
  const press = (label: string): readonly string[] => {
    notices.actions.find((action) => action.label === label)?.run();
    return notices.actions.map((action) => action.label);
  };
  const run = (
    action: Action,
    clients: readonly BackupClient[],
    fields: Partial<ScopeLabel> = {},
    review: ChangeRequest['review'] = 'chosen',
  ) => changes.run({ action, label: { ...label, ...fields }, clients: keyed(clients), review });
  const upgrade = (clients: readonly BackupClient[], fields: Partial<ScopeLabel> = {}) =>
    run('upgrade', clients, fields);

  /** The detail of the confirm that the user is shown and backs out of. */
  async function detailOf(
    action: Action,
    clients: readonly BackupClient[],
    fields: Partial<ScopeLabel> = {},
  ): Promise<string> {
    questions.on.confirm = () => Promise.resolve(undefined);
    questions.on.confirmTyped = () => Promise.resolve(undefined);
    await run(action, clients, fields);
    return lastDetail();
  }
  const lastDetail = () =>
    questions.asked.filter(({ kind }) => kind.startsWith('confirm')).at(-1)?.detail ?? '';

  describe('asks once, and the question', () => {
    it('names one client, or counts several, and the region', async () => {
      await detailOf('upgrade', fleet(1));
      await detailOf('upgrade', fleet(3));
      await detailOf('install', [aBareClient({ instanceId: 'i-new' })]);
      assert.deepEqual(
        questions.ofKind('confirm').map(({ words, labels }) => [words, ...labels]),
        [
          ['Upgrade the client on web-1 in China (Hangzhou)?', 'Upgrade'],
          ['Upgrade 3 clients in China (Hangzhou)?', 'Upgrade'],
          ['Install the client on i-new in China (Hangzhou)?', 'Install'],
        ],
      );
    });

    it('names what the list is limited to, which is recorded with the operation', async () => {
      const filter = { tags: [{ key: 'team', value: 'shop' }], instanceIds: ['i-web-1'] };
      const scope = aScope({ filter });
      const detail = await detailOf('upgrade', [named('web-1')], { scope });
      assert.ok(detail.split('\n').includes('From the list limited to team=shop and i-web-1'), detail);
      questions.on.confirm = ({ labels }) => labels[0];
      await upgrade([named('web-1')], { scope });
      assert.deepEqual(operations.plans[0]?.scope.filter, filter);
    });

    it('says first what cannot be undone, then account, profile, and versions, and backups once', async () => {
      assert.equal(
        await detailOf('upgrade', [named('web-1'), named('db-1', { backupStatus: 'PROTECTED' })]),
        [
          "An upgrade can't be rolled back.",
          '',
          'Account 1234567890123456, profile prod',
          '',
          'db-1: 2.4.1 → 2.4.5 (backups configured)',
          'web-1: 2.4.1 → 2.4.5',
          '',
          '1 client has backups configured.',
          'No running backups or restores were found.',
        ].join('\n'),
      );
    });

    it('says what an install brings, and speaks of backups only where one could run', async () => {
      const fresh = aBareClient({ instanceId: 'i-new', maxClientVersion: '2.4.5' });
      assert.equal(
        await detailOf('install', [fresh]),
        'Account 1234567890123456, profile prod\n\ni-new: new, 2.4.5',
      );
      assert.match(
        await detailOf('install', [named('web', { status: 'STOPPED' })]),
        /No running backups or restores were found/,
      );
    });

    it('names the other clients of the instance, which are not touched, and asks for no more care for them', async () => {
      const old = named('web', { clientId: 'c-old', status: 'UNKNOWN' });
      const live = named('web', { clientId: 'c-live', backupStatus: 'PROTECTED' });
      reach = reachOf([old, live], true);
      const detail = await detailOf('uninstall', [old]);
      assert.match(
        detail,
        /^i-web also runs c-live \(Activated, backups configured\)\. That client isn't changed\.$/m,
      );
      assert.doesNotMatch(detail, /Backups of/);
      assert.doesNotMatch(await detailOf('uninstall', [old, live]), /also runs/);
    });

    it('sends the ClientId of a client that shares its instance, as the list is when the user agrees', async () => {
      const old = named('web', { clientId: 'c-old' });
      questions.on.confirm = ({ labels }) => {
        reach = reachOf([old, named('web', { clientId: 'c-new' })], true);
        return Promise.resolve(labels[0]);
      };
      void run('uninstall', [old]);
      await settle();
      assert.deepEqual(
        operations.plans[0]?.machines.map(({ clientId, namedBy }) => [clientId, namedBy]),
        [['c-old', 'client']],
      );
    });

    it('lists twelve names and counts the rest in a modal, and lists them all where something is typed', async () => {
      const named = (text: string) => text.split('\n').filter((line) => /^i-\d+: /.test(line)).length;
      const bare = Array.from({ length: 43 }, (_, n) =>
        aBareClient({ instanceId: `i-${n}`, maxClientVersion: '2.4.5' }),
      );
      assert.equal(named(await detailOf('install', bare)), 12);
      assert.ok(lastDetail().includes('and 31 more'));
      rules = { ...rules, confirmByTypingAbove: 5 };
      assert.equal(named(await detailOf('install', bare)), 43);
    });

    it('says clearly that demo data is demo data', async () => {
      assert.match(
        await detailOf('upgrade', fleet(1), { demo: true }),
        /^Demo: no real clients are changed\.$/m,
      );
      assert.doesNotMatch(await detailOf('upgrade', fleet(1)), /Demo/);
    });

    it('says when the account is not verified, and which account the clients belong to when it is another one', async () => {
      assert.match(
        await detailOf('upgrade', fleet(1), { scope: aScope({ accountId: '' }) }),
        /^Account not verified, profile prod$/m,
      );
      const crossAccount = {
        type: 'CROSS_ACCOUNT',
        userId: '222',
        roleName: 'reader',
        alias: 'logistics',
      } as const;
      assert.match(
        await detailOf('upgrade', fleet(1), { scope: aScope({ crossAccount }) }),
        /^Clients of account 222 \(logistics\), managed through the role reader\nManaged from account 1234567890123456, profile prod$/m,
      );
    });

    it('is the only one for up to twelve clients that can all be changed', async () => {
      await detailOf('upgrade', fleet(12));
      assert.deepEqual(
        questions.asked.map(({ kind }) => kind),
        ['confirm'],
      );
    });

    it('follows a pick of more, in which Back shows the same ticks again', async () => {
      questions.answer(['web-2', 'web-10'], 'Back', ['web-2'], 'Upgrade');
      await upgrade(fleet(13));
      const [first, modal, again] = questions.asked;
      assert.deepEqual(
        questions.asked.map(({ kind }) => kind),
        ['manyLive', 'confirm', 'manyLive', 'confirm'],
      );
      assert.deepEqual([first?.step, first?.ticked.length], ['1/2', 13]);
      assert.deepEqual(modal?.labels, ['Upgrade', 'Back']);
      assert.deepEqual(again?.ticked, ['web-2', 'web-10']);
      assert.deepEqual(
        operations.plans[0]?.machines.map(({ name }) => name),
        ['web-2'],
      );
    });

    it('has the clients in the order of the tree', async () => {
      const lines = (await detailOf('upgrade', [...fleet(11)].reverse())).split('\n');
      assert.deepEqual(
        lines.flatMap((line) => /^web-\d+/.exec(line) ?? []),
        fleet(11).map(({ instanceName }) => instanceName),
      );
    });

    it('follows a pick that shows what can be changed ticked, and the others apart with reason and ID', async () => {
      operations.busy = ['i-web-9'];
      const detail = await detailOf('upgrade', [
        named('web-1'),
        named('db-02', { clientVersion: '2.4.5' }),
        named('web-9'),
      ]);
      assert.deepEqual(questions.rows, [
        '+ web-1 | 2.4.1 → 2.4.5 · cn-hangzhou-f · 10.0.0.1 · i-web-1',
        "# Can't be upgraded",
        'x db-02 | already the latest version · i-db-02',
        'x web-9 | being upgraded by profile “other”, started 3 min 12 s ago · i-web-9',
      ]);
      assert.match(
        detail,
        /^2 left out: db-02 \(i-db-02, already the latest version\) and web-9 \(i-web-9, being upgraded/m,
      );
    });

    it('holds no live text of the service', async () => {
      const hostile = '[Fix](command:x) $(check)\u202e<img>';
      const texts = {
        instanceName: hostile,
        clientVersion: '2.4.1 $(x)',
        maxClientVersion: '2.4.5](command:x)',
      };
      await detailOf(
        'upgrade',
        [named('a', texts), named('b', { instanceName: hostile, status: 'UPGRADING' })],
        {
          profileName: hostile,
          scope: aScope({ regionId: hostile }),
        },
      );
      await detailOf('upgrade', [named('a', texts)]);
      for (const { words: message, detail } of questions.ofKind('confirm')) {
        assert.doesNotMatch(`${message} ${detail ?? ''}`, /\$\(|\]\(|\u202e/);
      }
    });

    it('does nothing and says nothing when the user backs out', async () => {
      await detailOf('upgrade', fleet(2));
      assert.deepEqual(
        [operations.plans, notices.shown, notices.progressed.filter((one) => one.startsWith('notification'))],
        [[], [], []],
      );
    });
  });

  describe('without a client that allows it', () => {
    it('says why in one notice, by name for one client', async () => {
      await upgrade([named('web', { clientVersion: '2.4.5' })]);
      assert.deepEqual(notices.shown, [
        "warn: The client on web can't be upgraded: already the latest version.",
      ]);
      assert.deepEqual(questions.ofKind('confirm'), []);
    });

    it('counts by reason for several, the most frequent first', async () => {
      await run('install', [
        named('a', { status: 'INSTALLING' }),
        named('b'),
        named('c', { status: 'REGISTERED' }),
      ]);
      assert.deepEqual(notices.shown, [
        'warn: None of the clients can be installed: already installed (2), already being changed (1).',
      ]);
    });
  });

  describe('from the palette, where nothing is chosen yet,', () => {
    const choose = (clients: readonly BackupClient[]) => run('upgrade', clients, {}, 'all');

    it('offers clients with versions, zone and ids, none of them ticked, and asks about the chosen', async () => {
      questions.on.manyLive = () => ['web-2'];
      void choose([...fleet(2), named('db', { clientVersion: '2.4.5' })]);
      await settle();
      assert.deepEqual(questions.rows, [
        '- web-1 | 2.4.1 → 2.4.5 · cn-hangzhou-f · 10.0.0.1 · i-web-1',
        '- web-2 | 2.4.1 → 2.4.5 · cn-hangzhou-f · 10.0.0.1 · i-web-2',
        "# Can't be upgraded",
        'x db | already the latest version · i-db',
      ]);
      const [confirm] = questions.ofKind('confirm');
      assert.equal(confirm?.words, 'Upgrade the client on web-2 in China (Hangzhou)?');
      // Nobody asked for the other one.
      assert.doesNotMatch(confirm.detail ?? '', /left out/);
    });

    it('asks nothing more when nothing was chosen', async () => {
      for (const picks of [undefined, []]) {
        questions.on.manyLive = () => picks;
        await choose(fleet(2));
      }
      assert.deepEqual([questions.ofKind('confirm'), notices.shown], [[], []]);
    });

    it('says why there is nothing to choose', async () => {
      await choose([named('web', { status: 'NOT_INSTALLED' })]);
      await choose([]);
      assert.deepEqual(notices.shown, [
        "warn: The client on web can't be upgraded: not installed.",
        'warn: There are no clients in the list. Refresh it, then try again.',
      ]);
    });
  });

  describe('starts', () => {
    it('exactly what was agreed to, with the version to reach as it was then', async () => {
      void upgrade([named('web'), named('db', { status: 'UPGRADING' })]);
      await settle();
      assert.deepEqual(operations.plans, [
        {
          action: 'upgrade',
          scope: aScope(),
          profileName: 'prod',
          demo: false,
          machines: [
            {
              key: 'i-web',
              namedBy: 'instance',
              name: 'web',
              fromStatus: 'ACTIVATED',
              instanceId: 'i-web',
              clientId: 'c-web',
              zoneId: 'cn-hangzhou-f',
              fromVersion: '2.4.1',
              targetVersion: '2.4.5',
              work: { kind: 'none' },
            },
          ],
          leftOut: [{ name: 'db', instanceId: 'i-db', clientId: 'c-db', reason: 'already being changed' }],
          holdLimitMs: 7_200_000,
        },
      ]);
    });

    it('a client once, though a group and a row in it were selected', async () => {
      void changes.run({
        action: 'upgrade',
        label,
        clients: [...keyed(fleet(2)), ...keyed(fleet(1))],
        review: 'chosen',
      });
      await settle();
      assert.deepEqual(
        operations.plans[0]?.machines.map(({ key }) => key),
        ['i-web-1', 'i-web-2'],
      );
    });

    it('one install for an instance that two clients share', async () => {
      const stopped = named('web', { status: 'STOPPED' });
      void run('install', [stopped, { ...stopped, clientId: 'c-second' }]);
      await settle();
      assert.equal(operations.plans[0]?.machines.length, 1);
    });

    it('nothing that one of our operations is changing already', async () => {
      operations.busy = ['i-web-1'];
      await upgrade(fleet(1));
      assert.deepEqual(notices.shown, [
        "warn: The client on web-1 can't be upgraded: being upgraded by profile “other”, started 3 min 12 s ago.",
      ]);
      assert.deepEqual(operations.plans, []);
    });

    it('nothing that another operation took while the question was open', async () => {
      questions.on.confirm = ({ labels }) => {
        operations.busy = ['i-web-1'];
        return Promise.resolve(labels[0]);
      };
      await upgrade(fleet(1));
      assert.equal(operations.plans.length, 0);
      assert.equal(notices.shown.length, 1);
      void upgrade(fleet(2));
      await settle();
      assert.deepEqual(
        operations.plans[0]?.machines.map(({ key }) => key),
        ['i-web-2'],
      );
    });

    it('nothing without saying why it could not', async () => {
      operations.startFailure = new BackupError('storage-failed', 'disk full');
      await upgrade(fleet(1));
      assert.deepEqual(
        notices.failures.map(({ code }) => code),
        ['storage-failed'],
      );
      assert.deepEqual(
        [notices.progressed.filter((one) => one.startsWith('notification')), notices.shown],
        [[], []],
      );
    });
  });

  describe('says in one notification what was started, which', () => {
    it('names one client, or counts several, and leads to the details', async () => {
      await upgrade(fleet(1));
      await upgrade(fleet(4));
      assert.deepEqual(notices.shown, ['info: Upgrading the client on web-1.', 'info: Upgrading 4 clients.']);
      assert.deepEqual(press('Show Details'), ['Show Details']);
      assert.deepEqual(shown, ['op-2']);
    });

    it('opens the details of a retry at once, and does not offer them again', async () => {
      const clients = keyed(fleet(2));
      await changes.run({ action: 'upgrade', label, clients, review: 'chosen', retryOf: 'op-0' });
      assert.deepEqual(shown, ['op-1']);
      assert.deepEqual(
        notices.actions.map(({ label }) => label),
        [],
      );
    });

    it('shows within 300 ms that it is being started, however long that takes', async () => {
      await upgrade(fleet(1));
      assert.ok(notices.progressed.includes('view: Starting'), notices.progressed.join());
    });

    it('leads to "Stop Rollout…" where clients wait for their turn', async () => {
      rolloutDefaults = { ...rolloutDefaults, order: { kind: 'canary' } };
      await upgrade(fleet(3));
      assert.deepEqual(press('Stop Rollout…'), ['Show Details', 'Stop Rollout…']);
      assert.deepEqual(stopped, ['op-1']);
    });

    it('says how many of those that were asked for are left out', async () => {
      await upgrade([...fleet(2), named('db', { clientVersion: '2.4.5' })]);
      assert.deepEqual(notices.shown, ['info: Upgrading 2 clients. 1 client left out.']);
    });

    it('leads there too when one call cannot take them all', async () => {
      await run(
        'install',
        Array.from({ length: 21 }, (_, n) => aBareClient({ instanceId: `i-${n}` })),
      );
      assert.deepEqual(press('Show Details'), ['Show Details', 'Stop Rollout…']);
    });
  });
});
