import { strict as assert } from 'node:assert';
import { nothingListed, reachOf, type Reach } from '../../../src/core/clients/reach';
import { BackupError } from '../../../src/core/service/errors';
import type { BackupClient } from '../../../src/core/service/model';
import {
  createChangeClients,
  type ChangeClients,
  type ChangeRequest,
} from '../../../src/core/change/changeClients';
import type { RolloutDefaults } from '../../../src/core/change/rolloutSettings';
import { createRetryFailed, type RetryFailed } from '../../../src/core/change/retryFailed';
import type { PlanDocument } from '../../../src/core/change/document';
import { createChangeGate } from '../../../src/core/change/safety/safety';
import type { SafetySettings } from '../../../src/core/change/safety/safetySettings';
import type { Action } from '../../../src/core/service/actions';
import { aBareClient, aNamedClient as named, aScope } from '../../support/builders';
import { keyed, label, nowMs } from '../../support/draftBuilders';
import { createHandClock, type HandClock } from '../../support/handClock';
import { createFakeProtection, type FakeProtection } from '../../support/fakeProtection';
import { HandInstances, HandOperations } from './changeClientsFakes';
import { back, FakeNotices, FakeUser } from '../../support/fakeUser';

const fleet = (count: number): readonly BackupClient[] =>
  Array.from({ length: count }, (_, n) =>
    named(`web-${n + 1}`, { zoneId: `cn-hangzhou-${'fg'[n % 2] ?? ''}` }),
  );
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('planning a change', () => {
  let questions: FakeUser;
  let notices: FakeNotices;
  let operations: HandOperations;
  let instances: HandInstances;
  let clock: HandClock;
  let protection: FakeProtection;
  let documents: PlanDocument[];
  let settings: SafetySettings;
  let rolloutDefaults: RolloutDefaults;
  let listed: readonly BackupClient[];
  let reach: Reach;
  let listing: () => Promise<void>;
  let changes: ChangeClients;
  let retryFailed: RetryFailed;
  /** What was looked at outside of the flow, in order. */
  let looks: string[];

  beforeEach(() => {
    questions = new FakeUser();
    notices = new FakeNotices();
    operations = new HandOperations();
    instances = new HandInstances();
    protection = createFakeProtection();
    clock = createHandClock();
    documents = [];
    looks = [];
    settings = { readOnly: false, confirmTags: [], confirmByTypingAbove: 5, useCliPolicy: false };
    rolloutDefaults = { order: { kind: 'all' }, maxFailures: 1, batchSize: 20, holdLimitMs: 7_200_000 };
    listed = [];
    reach = reachOf([], true);
    listing = () => Promise.resolve();
    const api = {
      async *listClients() {
        await listing();
        yield { clients: listed, total: listed.length, requestId: 'r' };
        return { changedWhileReading: false };
      },
    };
    const gate = createChangeGate({
      settings: () => settings,
      readPolicies: () => assert.fail('not asked here'),
    });
    changes = createChangeClients({
      questions,
      notices,
      operations,
      instances,
      api,
      gate: {
        rules: () => {
          looks.push('rules');
          return gate.rules();
        },
      },
      reachIn: () => {
        looks.push('list');
        return reach;
      },
      rolloutDefaults: () => rolloutDefaults,
      showReport: () => undefined,
      stopRollout: () => undefined,
      showDocument: (document) => void documents.push(document),
      protection,
      serviceNow: () => nowMs,
      clock,
      log: { write: () => undefined },
    });
    retryFailed = createRetryFailed({
      changeClients: changes,
      editSettings: { run: () => assert.fail('not retried here') },
      operations,
      api,
      notices,
    });
  });
  afterEach(() => changes.dispose());

  /** Runs until something was started or the flow ended. */
  const run = async (action: Action, clients: readonly BackupClient[], more: Partial<ChangeRequest> = {}) => {
    void changes.run({ action, label, clients: keyed(clients), review: 'chosen', ...more });
    for (let turn = 0; turn < 5; turn++) await settle();
  };
  const started = () => operations.plans[0]?.machines.map(({ key }) => key);
  const detail = () => questions.asked.find(({ kind }) => kind.startsWith('confirm'))?.detail ?? '';
  const typed = () => questions.ofKind('confirmTyped');

  it('looks at the rules and at the list before the first question and after the last one, and not in between', async () => {
    const asked: string[] = [];
    questions.whilePicking = () => Promise.resolve(asked.push('pick'));
    questions.on.confirm = ({ labels }) => {
      asked.push('confirm');
      return Promise.resolve(labels[0]);
    };
    looks = asked;
    settings = { ...settings, confirmByTypingAbove: 100 };
    await run('upgrade', fleet(13));
    assert.deepEqual(asked, ['rules', 'list', 'pick', 'confirm', 'rules', 'list']);
    assert.equal(started()?.length, 13);
  });

  describe('with a pre-check', () => {
    it('moves a row to the others when its instance turns out not to be ready, and does not change it', async () => {
      instances.known.set('i-web-1', { status: 'Stopped' });
      instances.silent.add('i-web-2');
      instances.known.set('i-web-3', null);
      let answer = (): void => undefined;
      instances.ready = new Promise<void>((resolve) => (answer = resolve));
      const before: (readonly string[])[] = [];
      questions.whilePicking = async () => {
        before.push(questions.rows);
        answer();
        await settle();
      };
      await run('upgrade', fleet(13));
      assert.equal(before[0]?.length, 13);
      assert.deepEqual(questions.rows.slice(10), [
        "# Can't be upgraded",
        "x web-1 | the ECS instance isn't running · i-web-1",
        "x web-2 | Cloud Assistant doesn't respond · i-web-2",
        'x web-3 | no such instance in this region · i-web-3',
      ]);
      assert.equal(started()?.length, 10);
    });

    it('shows the pick after all when it finds that some of a few cannot be changed', async () => {
      instances.silent.add('i-web-1');
      await run('upgrade', fleet(3));
      assert.deepEqual(questions.rows, [
        '+ web-2 | 2.4.1 → 2.4.5 · cn-hangzhou-g · 10.0.0.1 · i-web-2',
        '+ web-3 | 2.4.1 → 2.4.5 · cn-hangzhou-f · 10.0.0.1 · i-web-3',
        "# Can't be upgraded",
        "x web-1 | Cloud Assistant doesn't respond · i-web-1",
      ]);
      assert.match(detail(), /^1 left out: web-1 \(i-web-1, Cloud Assistant doesn't respond\)$/m);
      assert.deepEqual(started(), ['i-web-2', 'i-web-3']);
    });

    it('waits for it after a pick that was quicker, and names what it left out', async () => {
      instances.silent.add('i-web-1');
      let answer = (): void => undefined;
      instances.ready = new Promise<void>((resolve) => (answer = resolve));
      questions.on.manyLive = () => ['web-1', 'web-2', 'web-3'];
      await run('upgrade', fleet(13));
      assert.deepEqual(questions.ofKind('confirm'), []);
      answer();
      for (let turn = 0; turn < 5; turn++) await settle();
      assert.match(detail(), /^1 left out: web-1 /m);
      assert.deepEqual(started(), ['i-web-2', 'i-web-3']);
    });

    it('does not wait for ever', async () => {
      instances.ready = new Promise(() => undefined);
      await run('upgrade', fleet(1));
      assert.equal(questions.ofKind('confirm').length, 0);
      await clock.advance(15_000);
      assert.match(detail(), /Couldn't check whether the instances are running: ECS took too long\./);
    });

    it('says why a single client cannot be changed', async () => {
      instances.silent.add('i-web-1');
      await run('uninstall', fleet(1));
      assert.deepEqual(notices.shown, [
        "warn: The client on web-1 can't be uninstalled: Cloud Assistant doesn't respond.",
      ]);
      assert.deepEqual(questions.ofKind('confirm'), []);
    });

    it('goes on without a permission, and says which', async () => {
      instances.failures.set('instances', new BackupError('permission-denied', 'no'));
      instances.failures.set('assistant', new BackupError('permission-denied', 'no'));
      await run('upgrade', fleet(1));
      assert.match(detail(), /instances are running: you don't have the ecs:DescribeInstances permission\./);
      assert.match(detail(), /responds: you don't have the ecs:DescribeCloudAssistantStatus permission\./);
      assert.deepEqual(started(), ['i-web-1']);
    });

    it('says of another account that nothing was checked', async () => {
      const scope = aScope({ crossAccount: { type: 'CROSS_ACCOUNT', userId: '2', roleName: 'r' } });
      await run('upgrade', fleet(1), { label: { ...label, scope } });
      assert.match(detail(), /Couldn't check .* are running: they belong to another account\./);
      assert.deepEqual(instances.asked, []);
    });
  });

  describe('in an order', () => {
    const order = 'Change Rollout Order…';

    it('is not asked for where it hardly matters', async () => {
      await run('upgrade', fleet(5));
      await run('upgrade', fleet(1));
      assert.deepEqual(
        questions.asked.map(({ labels }) => labels),
        [['Upgrade'], ['Upgrade']],
      );
    });

    it('is that of the settings, and one line of the question', async () => {
      rolloutDefaults = { order: { kind: 'zones' }, maxFailures: 2, batchSize: 2, holdLimitMs: 7_200_000 };
      await run('upgrade', fleet(3));
      assert.match(detail(), /^Clients are changed zone by zone, in 2 waves\. Stops after 2 failures\.$/m);
      assert.deepEqual(operations.plans[0]?.strategy, { kind: 'zones' });
      assert.equal(operations.plans[0].maxFailures, 2);
      await run('upgrade', fleet(1));
      assert.equal(operations.plans[1]?.strategy, undefined);
    });

    it('can be changed there, and comes back to the question', async () => {
      rolloutDefaults = { order: { kind: 'zones' }, maxFailures: 1, batchSize: 2, holdLimitMs: 7_200_000 };
      questions.answer(order, 'Batches of 2', order, 'All at once', order, 'Batches of 2', 'Upgrade');
      await run('upgrade', fleet(3));
      assert.deepEqual(questions.ofKind('one')[0]?.labels, [
        ...['Zone by zone', 'All at once', 'Canary first', 'Batches of 2'],
      ]);
      assert.deepEqual(questions.ofKind('confirm')[1]?.labels, ['Upgrade', order]);
      assert.deepEqual(operations.plans[0]?.strategy, { kind: 'batches', size: 2 });
    });

    it('can be changed where the number is typed', async () => {
      questions.answer(order, 'Canary first', '6');
      await run('upgrade', fleet(6));
      assert.match(typed()[0]?.detail ?? '', /^Rollout order: All at once\.$/m);
      assert.match(typed()[1]?.detail ?? '', /^One client is changed first, then the rest\./m);
      assert.deepEqual(operations.plans[0]?.strategy, { kind: 'canary' });
    });

    it('leaves out orders that come to a single wave, since they are all at once by another name', async () => {
      questions.answer(order, undefined, undefined);
      await run('upgrade', fleet(6));
      assert.deepEqual(questions.ofKind('one')[0]?.labels, ['All at once', 'Canary first', 'Zone by zone']);
    });

    it('stays as it is when the user backs out there or goes back, and the question is asked again', async () => {
      questions.answer(order, undefined, order, back, undefined);
      await run('upgrade', fleet(6));
      assert.deepEqual([operations.plans.length, typed().length], [0, 3]);
      assert.match(typed()[2]?.detail ?? '', /All at once/);
    });
  });

  describe('under the safety rules', () => {
    it('asks in one box for the number of clients above the limit, and accepts no other text', async () => {
      await run('upgrade', fleet(6));
      assert.deepEqual(
        questions.asked.map(({ kind, title, words, validate }) => [
          ...[kind, title, words, validate?.(' 6 '), validate?.('5')],
        ]),
        [
          [
            ...['confirmTyped', 'Upgrade 6 clients in China (Hangzhou)?'],
            ...['Type the number of clients to confirm', undefined, "That isn't the number of clients."],
          ],
        ],
      );
      assert.match(detail(), /^More than 5 clients are selected\.$/m);
      assert.equal(started()?.length, 6);
    });

    it('asks for the name of a single client, or one of its IDs', async () => {
      await run('uninstall', [named('db', { backupStatus: 'PROTECTED' })]);
      const [{ words, validate } = { words: '', validate: undefined }] = typed();
      assert.equal(words, 'Type the name of the client to confirm');
      assert.deepEqual(
        ['db', 'i-db', 'c-db', '1', ''].map((text) => validate?.(text) === undefined),
        [true, true, true, false, false],
      );
      assert.equal(started()?.length, 1);
    });

    it('shows all that a modal would, with every name, before anything is typed', async () => {
      await run('uninstall', [
        ...[named('web', { clientVersion: '2.4.0' }), named('db', { backupStatus: 'PROTECTED' })],
      ]);
      assert.equal(
        detail(),
        [
          ...[
            "Without the client, an instance can't be backed up.",
            'Files in or mounted under /opt/alibabacloud/hbrclient or /opt/alibabacloud/hbr might be deleted. Move or unmount them first.',
            'Backups of 1 client stop.',
            'Account 1234567890123456, profile prod',
            "Security Center's anti-ransomware uses the same program and is affected too.",
            'No running backups or restores were found.',
          ],
          ...['# Clients', 'db: 2.4.1 (backups configured)', 'web: 2.4.0'],
        ].join('\n'),
      );
    });

    it('starts nothing when another count is typed', async () => {
      questions.on.confirmTyped = () => '5';
      await run('upgrade', fleet(6));
      assert.deepEqual(operations.plans, []);
    });

    it('knows the tags of the ECS instance too', async () => {
      settings = { ...settings, confirmTags: [{ key: 'env', value: 'prod' }] };
      instances.known.set('i-web-1', { tags: [{ key: 'env', value: 'prod' }] });
      await run('upgrade', fleet(1));
      assert.equal(typed().length, 1);
      assert.match(detail(), /This client is tagged env=prod\./);
    });

    it('asks to type the number where ECS does not return the tags', async () => {
      settings = { ...settings, confirmTags: [{ key: 'env', value: 'prod' }] };
      instances.failures.set('instances', new BackupError('permission-denied', 'no'));
      await run('upgrade', fleet(1));
      assert.equal(typed().length, 1);
      assert.match(detail(), /Tags couldn't be read/);
    });

    it('asks to type the number for clients of another account, because ECS does not return their tags', async () => {
      settings = { ...settings, confirmTags: [{ key: 'env', value: 'prod' }] };
      const crossAccount = { type: 'CROSS_ACCOUNT', userId: '2', roleName: 'r' } as const;
      await run('upgrade', fleet(1), { label: { ...label, scope: aScope({ crossAccount }) } });
      assert.equal(typed().length, 1);
      assert.match(detail(), /Tags couldn't be read/);
    });

    it('refuses in read-only mode before anything is asked, in one notice', async () => {
      settings = { ...settings, readOnly: true };
      await run('upgrade', fleet(3));
      assert.equal(notices.shown.length, 1);
      assert.match(notices.shown[0] ?? '', /read-only mode is on/);
      assert.deepEqual([questions.rows, questions.ofKind('confirm'), instances.asked], [[], [], []]);
    });

    it('refuses when read-only mode is turned on while a question is open', async () => {
      questions.on.confirm = ({ labels }) => {
        settings = { ...settings, readOnly: true };
        return Promise.resolve(labels[0]);
      };
      await run('upgrade', fleet(1));
      assert.deepEqual([operations.plans, notices.shown.length], [[], 1]);
    });

    it('asks for the number after all when the rules get stricter while a question is open', async () => {
      questions.on.confirm = ({ labels }) => {
        settings = { ...settings, confirmByTypingAbove: 0 };
        return Promise.resolve(labels[0]);
      };
      questions.on.confirmTyped = () => undefined;
      await run('upgrade', fleet(1));
      assert.equal(typed().length, 1);
      assert.deepEqual(operations.plans, []);
    });
  });

  describe('as a document', () => {
    const preview = async (clients: readonly BackupClient[]) => {
      await changes.preview({ label, clients: keyed(clients) });
      return documents[0]?.text ?? '';
    };

    it('shows the whole plan and starts nothing', async () => {
      questions.on.one = () => 'Upgrade';
      rolloutDefaults = { order: { kind: 'canary' }, maxFailures: 1, batchSize: 20, holdLimitMs: 7_200_000 };
      instances.silent.add('i-web-2');
      const text = await preview([...fleet(3), named('db', { clientVersion: '2.4.5' })]);
      for (const part of [
        '# Plan to upgrade 2 clients',
        'Account 1234567890123456, profile prod',
        'Region: China (Hangzhou) (cn-hangzhou)',
        'Clients: 2',
        'Requests to send: 2',
        'Clients in each wave: 1, 1',
        '| `web-1` | `i-web-1` | `cn-hangzhou-f` | `2.4.1 → 2.4.5` |',
        '| `db` | `i-db` | already the latest version |',
        "| `web-2` | `i-web-2` | Cloud Assistant doesn't respond |",
        '`hbr:UpgradeBackupClients`',
        '`ecs:DescribeInstances` (for the checks)',
      ]) {
        assert.ok(text.includes(part), `${part}\n${text}`);
      }
      assert.match(text, /^Created \w+ \d+, \d+, .* (GMT|UTC|[A-Z]{2,5})\S*\. Nothing/m);
      assert.ok(text.indexOf('`web-1`') < text.indexOf('Account'), 'the table comes first');
      assert.deepEqual([operations.plans, questions.ofKind('confirm')], [[], []]);
    });

    it('says what would be refused, and is there in read-only mode', async () => {
      settings = { ...settings, readOnly: true };
      questions.on.one = () => 'Uninstall';
      assert.match(await preview(fleet(1)), /read-only mode is on/);
    });

    it('holds nothing that an editor makes live', async () => {
      questions.on.one = () => 'Upgrade';
      const hostile = '[Fix](command:x) `code` https://evil.example |<img src=x>| $(check)';
      const text = await preview([named('a', { instanceName: hostile, zoneId: hostile })]);
      assert.doesNotMatch(text, /\]\(|:\/\/|<img|\$\(/);
      const row = text.split('\n').find((line) => line.includes('Fix'));
      assert.equal(row?.replaceAll('\\|', '').split('|').length, 8);
    });

    it('offers only what changes something, with counts', async () => {
      questions.on.one = () => undefined;
      await preview([...fleet(2), named('db', { clientVersion: '2.4.5' })]);
      assert.deepEqual(questions.ofKind('one')[0]?.rows, [
        '- Upgrade | 2 clients',
        '- Uninstall | 3 clients',
      ]);
    });

    it('is there at once where only one action changes something', async () => {
      await preview([aBareClient({ instanceId: 'i-new' })]);
      assert.deepEqual(
        [questions.asked, documents.map(({ title }) => title)],
        [[], ['Plan to install 1 client']],
      );
    });

    it('is not there where nothing can be changed, and says why', async () => {
      await preview([named('web', { status: 'UPGRADING' })]);
      assert.deepEqual([questions.asked, documents], [[], []]);
      assert.deepEqual(notices.shown, [
        [
          "warn: The client can't be installed on web: already being changed.",
          "The client on web can't be upgraded: already being changed.",
          "The client on web can't be uninstalled: already being changed.",
        ].join(' '),
      ]);
    });

    it('can be asked for in the pick, for what is ticked there', async () => {
      questions.whilePicking = async () => {
        questions.press('Preview Plan', 'web-2');
        await settle();
        await settle();
      };
      questions.on.manyLive = () => ['web-2'];
      await run('upgrade', [...fleet(2), named('db', { clientVersion: '2.4.5' })]);
      assert.deepEqual(
        documents.map(({ title }) => title),
        ['Plan to upgrade 1 client'],
      );
      assert.match(documents[0]?.text ?? '', /`db` .* already the latest version/);
    });
  });

  describe('while the list of clients is not whole', () => {
    beforeEach(() => (reach = nothingListed));

    it('reads the clients on the chosen instances by id, and names them by what is there', async () => {
      listed = [...fleet(2), named('web-2', { clientId: 'c-other' })];
      await run('upgrade', fleet(2));
      assert.match(detail(), /i-web-2 also runs c-other/);
      assert.doesNotMatch(detail(), /might be other clients/);
      assert.deepEqual(
        operations.plans[0]?.machines.map(({ clientId, namedBy }) => [clientId, namedBy]),
        [
          ['c-web-1', 'instance'],
          ['c-web-2', 'client'],
        ],
      );
    });

    it('installs nothing on an instance where a client turns out to be', async () => {
      listed = [named('web-1')];
      const bare = ['web-1', 'web-2'].map((name) =>
        aBareClient({ instanceId: `i-${name}`, instanceName: name }),
      );
      await run('install', bare, { review: 'reviewed' });
      assert.deepEqual(started(), ['i-web-2']);
      assert.match(detail(), /^1 left out: web-1 \(i-web-1, another client is on its instance\)$/m);
    });

    it('says so, and names each by its ClientId, when they cannot be read either', async () => {
      listing = () => Promise.reject(new BackupError('permission-denied', 'no'));
      await run('uninstall', fleet(1));
      assert.match(detail(), /there might be other clients on these instances/);
      assert.deepEqual(
        operations.plans[0]?.machines.map(({ namedBy }) => namedBy),
        ['client'],
      );
    });
  });

  describe('to retry', () => {
    const failed = async () => {
      await run('upgrade', fleet(3));
      operations.change(
        { phase: 'ended', strategy: { kind: 'canary' } },
        { outcome: 'done' },
        { outcome: 'failed' },
        { outcome: 'refused' },
      );
      const operation = operations.get('op-1');
      assert.ok(operation);
      questions.asked.length = 0;
      void retryFailed.run(operation);
      for (let turn = 0; turn < 8; turn++) await settle();
    };

    it('asks again about the failed clients only, as they are now, with the same rollout order', async () => {
      listed = fleet(3);
      await failed();
      assert.equal(questions.ofKind('confirm')[0]?.words, 'Upgrade 2 clients in China (Hangzhou)?');
      assert.match(detail(), /^One client is changed first, then the rest\.$/m);
      assert.deepEqual(
        operations.plans[1]?.machines.map(({ key }) => key),
        ['i-web-2', 'i-web-3'],
      );
      assert.equal(operations.plans[1].retryOf, 'op-1');
    });

    it('names a client by its ClientId when another one has come to its instance since', async () => {
      listed = [...fleet(3), named('web-2', { clientId: 'c-other' })];
      await run('upgrade', fleet(3));
      operations.change(
        { phase: 'ended' },
        { outcome: 'done' },
        { outcome: 'failed' },
        { outcome: 'failed' },
      );
      const operation = operations.get('op-1');
      assert.ok(operation);
      void retryFailed.run(operation);
      for (let turn = 0; turn < 5; turn++) await settle();
      assert.match(questions.ofKind('confirm').at(-1)?.detail ?? '', /i-web-2 also runs c-other/);
      assert.deepEqual(
        operations.plans[1]?.machines.map(({ clientId, namedBy }) => [clientId, namedBy]),
        [
          ['c-web-2', 'client'],
          ['c-web-3', 'instance'],
        ],
      );
    });

    it('leaves out what got there meanwhile, and what is gone', async () => {
      listed = [named('web-2', { clientVersion: '2.4.5' })];
      await failed();
      assert.deepEqual(
        notices.shown.at(-1),
        'warn: None of the clients can be upgraded: already the latest version (1), not installed (1).',
      );
      assert.equal(operations.plans.length, 1);
    });
  });

  it('names what a paste left out, beside what can be installed', async () => {
    const bad = { key: 'x', client: aBareClient({ instanceId: 'web-7' }), obstacle: 'not-an-id' } as const;
    await run('install', [aBareClient({ instanceId: 'i-new' })], { leftOut: [bad], review: 'reviewed' });
    assert.match(detail(), /^1 left out: web-7 \(not an instance ID\)$/m);
    assert.deepEqual(started(), ['i-new']);
  });
});
