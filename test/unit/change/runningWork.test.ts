import { strict as assert } from 'node:assert';
import { createChangeClients, type ChangeClients } from '../../../src/core/change/changeClients';
import { noRules, keyed, label, nowMs } from '../../support/draftBuilders';
import { reachOf } from '../../../src/core/clients/reach';
import type { SafetyRules } from '../../../src/core/change/safety/safety';
import type { Action } from '../../../src/core/service/actions';
import { BackupError } from '../../../src/core/service/errors';
import type { BackupClient } from '../../../src/core/service/model';
import type { Job } from '../../../src/core/service/protection';
import { aBareClient, aNamedClient as named, aScope } from '../../support/builders';
import { createFakeProtection, type FakeProtection } from '../../support/fakeProtection';
import { back, FakeNotices, FakeUser } from '../../support/fakeUser';
import { createHandClock, type HandClock } from '../../support/handClock';
import { HandInstances, HandOperations } from './changeClientsFakes';

const fleet = (count: number) => Array.from({ length: count }, (_, n) => named(`web-${n + 1}`));
const jobOn = (name: string, fields: Partial<Job> = {}): Job => ({
  kind: 'backup',
  jobId: `job-${name}`,
  status: 'RUNNING',
  percent: 43,
  startTime: nowMs / 1000 - 300,
  clientId: `c-${name}`,
  instanceId: `i-${name}`,
  edition: 'STANDARD',
  ...fields,
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('a change of clients on which a backup or restore runs', () => {
  let questions: FakeUser;
  let notices: FakeNotices;
  let operations: HandOperations;
  let instances: HandInstances;
  let protection: FakeProtection;
  let clock: HandClock;
  let rules: SafetyRules;
  let documents: string[];
  let changes: ChangeClients;

  beforeEach(() => {
    questions = new FakeUser();
    notices = new FakeNotices();
    operations = new HandOperations();
    instances = new HandInstances();
    protection = createFakeProtection();
    clock = createHandClock();
    rules = noRules;
    documents = [];
    changes = createChangeClients({
      ...{ questions, notices, operations, instances, protection, clock },
      api: { listClients: () => assert.fail('not asked here') },
      gate: { rules: () => Promise.resolve(rules) },
      reachIn: () => reachOf([], true),
      rolloutDefaults: () => ({
        order: { kind: 'all' },
        maxFailures: 1,
        batchSize: 20,
        holdLimitMs: 7_200_000,
      }),
      serviceNow: () => nowMs,
      showReport: () => undefined,
      stopRollout: () => undefined,
      showDocument: ({ text }) => void documents.push(text),
      log: { write: () => undefined },
    });
  });
  afterEach(() => changes.dispose());

  const run = async (
    action: Action,
    clients: readonly BackupClient[],
    review: 'chosen' | 'all' | 'reviewed' = 'chosen',
    scope = aScope(),
  ) => {
    void changes.run({ action, label: { ...label, scope }, clients: keyed(clients), review });
    await settle();
  };
  const machines = () =>
    operations.plans.at(-1)?.machines.map(({ name, work, whenBusy }) => [name, work?.kind, whenBusy]);
  const confirms = () => questions.asked.filter(({ kind }) => kind.startsWith('confirm'));
  const detail = () => confirms().at(-1)?.detail ?? '';

  it('asks in the one confirmation what to do with them, waiting first', async () => {
    protection.jobs.push(jobOn('web-1'), jobOn('web-3', { kind: 'restore', jobId: 'r-1', percent: 5 }));
    await run('upgrade', fleet(4));
    assert.deepEqual(
      questions.asked.map(({ kind, labels }) => [kind, ...labels]),
      [['confirm', 'Wait for Them', 'Leave Them Out', 'Include Them…']],
    );
    assert.match(
      detail(),
      /^A backup is running on web-1 \(43%, since .+\)\. A restore is running on web-3 \(5%, since .+\)\. You can wait for them up to 2 hours\./m,
    );
    assert.doesNotMatch(detail(), /No running backups|might be running/);
    assert.deepEqual(machines(), [
      ['web-1', 'running', undefined],
      ['web-2', 'none', undefined],
      ['web-3', 'running', undefined],
      ['web-4', 'none', undefined],
    ]);
    assert.equal(operations.plans[0]?.holdLimitMs, 7_200_000);
    assert.deepEqual(
      notices.actions.map(({ label }) => label),
      ['Show Details', 'Stop Rollout…'],
    );
  });

  it('says "it" of one, and does not offer to leave out the only client', async () => {
    protection.jobs.push(jobOn('web-1'));
    questions.answer('Wait for It', undefined);
    await run('upgrade', fleet(1));
    await run('upgrade', fleet(2));
    assert.deepEqual(
      confirms().map(({ labels }) => labels),
      [
        ['Wait for It', 'Include It…'],
        ['Wait for It', 'Leave It Out', 'Include It…'],
      ],
    );
    assert.equal(operations.plans.length, 1);
  });

  it('leaves them out by name, and counts them in the notification', async () => {
    protection.jobs.push(jobOn('web-1'));
    questions.answer('Leave It Out');
    await run('upgrade', fleet(3));
    assert.deepEqual(machines(), [
      ['web-2', 'none', undefined],
      ['web-3', 'none', undefined],
    ]);
    assert.deepEqual(notices.shown, ['info: Upgrading 2 clients. 1 client left out.']);
  });

  it('includes them only once the number or name is typed, and Back leads to the choice again', async () => {
    protection.jobs.push(jobOn('web-1'));
    questions.answer('Include It…', back, 'Include It…', '3');
    await run('upgrade', fleet(3));
    assert.deepEqual(
      questions.asked.map(({ kind, labels }) => [kind, ...labels]),
      [
        ['confirm', 'Wait for It', 'Leave It Out', 'Include It…'],
        ['confirmTyped', 'Upgrade'],
        ['confirm', 'Wait for It', 'Leave It Out', 'Include It…'],
        ['confirmTyped', 'Upgrade'],
      ],
    );
    assert.match(detail(), /A backup is running on web-1 .*What's running might fail/);
    assert.deepEqual(machines(), [
      ['web-1', 'running', 'send'],
      ['web-2', 'none', undefined],
      ['web-3', 'none', undefined],
    ]);
  });

  it('offers the same choices in the box where the safety rules want something typed anyway', async () => {
    protection.jobs.push(jobOn('web-1'));
    rules = { ...noRules, confirmByTypingAbove: 1 };
    questions.answer(['2', 'Include It'], ['2', 'Leave It Out'], '2');
    await run('upgrade', fleet(2));
    await run('upgrade', fleet(2));
    await run('upgrade', fleet(2));
    assert.deepEqual(
      confirms().map(({ kind, labels }) => [kind, ...labels]),
      Array.from({ length: 3 }, () => ['confirmTyped', 'Wait for It', 'Leave It Out', 'Include It']),
    );
    assert.deepEqual(
      operations.plans.map((plan) => plan.machines.map(({ name, whenBusy }) => `${name} ${whenBusy ?? '-'}`)),
      [['web-1 send', 'web-2 -'], ['web-2 -'], ['web-1 -', 'web-2 -']],
    );
  });

  describe('in the pick', () => {
    /** Runs until the pick is open and its rows changed, with the reads delayed until then. */
    const rowsWhileOpen = async (ticks?: (rows: readonly string[]) => readonly string[]) => {
      let answer = (): void => undefined;
      const ready = new Promise<void>((resolve) => (answer = resolve));
      protection.onProtectionRead.run = () => ready;
      const before: (readonly string[])[] = [];
      questions.whilePicking = async () => {
        before.push(questions.rows);
        answer();
        await settle();
      };
      if (ticks) questions.on.manyLive = ({ ticked }) => ticks(ticked);
      await run('upgrade', fleet(13));
      await settle();
      return { before: before[0] ?? [], after: questions.rows };
    };

    it('marks and unticks them where they are, with what runs', async () => {
      protection.jobs.push(jobOn('web-3'));
      const { before, after } = await rowsWhileOpen();
      assert.equal(before[2], '+ web-3 | 2.4.1 → 2.4.5 · cn-hangzhou-f · 10.0.0.1 · i-web-3');
      assert.equal(
        after[2],
        '- web-3 | backup running, 43% · 2.4.1 → 2.4.5 · cn-hangzhou-f · 10.0.0.1 · i-web-3',
      );
      assert.equal(machines()?.length, 12);
      assert.match(detail(), /^1 left out: web-3 \(i-web-3, backup running, 43%\)$/m);
    });

    it('lets them be ticked nevertheless, and asks then', async () => {
      protection.jobs.push(jobOn('web-3'));
      await rowsWhileOpen((ticked) => [...ticked, 'web-3']);
      assert.deepEqual(confirms()[0]?.labels.slice(0, 3), ['Wait for It', 'Leave It Out', 'Include It…']);
      assert.equal(machines()?.length, 13);
    });

    it('has clients of Essential Edition among those that cannot be uninstalled', async () => {
      protection.essentialIds.push('i-web-2');
      await run('uninstall', fleet(3));
      assert.equal(
        questions.rows.at(-1),
        'x web-2 | part of Essential Edition; cancel it in the Cloud Backup console · i-web-2',
      );
      assert.deepEqual(
        machines()?.map(([name]) => name),
        ['web-1', 'web-3'],
      );
    });
  });

  it('is read only of clients that are installed, and never for a bare instance', async () => {
    await run('install', [aBareClient({ instanceId: 'i-new' })], 'reviewed');
    assert.deepEqual(protection.protectionReads, []);
    assert.deepEqual(machines(), [['i-new', undefined, undefined]]);
    assert.doesNotMatch(detail(), /running/);
    protection.jobs.push(jobOn('old'));
    await run('install', [named('old', { status: 'STOPPED' })], 'reviewed');
    assert.deepEqual(confirms().at(-1)?.labels, ['Wait for It', 'Include It…']);
  });

  it('goes on without a permission, says which is missing, and records that nobody could tell', async () => {
    for (const call of ['hbr:DescribeBackupJobs2', 'hbr:DescribeRestoreJobs2'] as const) {
      protection.failures.set(call, new BackupError('permission-denied', 'no'));
    }
    await run('upgrade', fleet(2));
    assert.deepEqual(confirms()[0]?.labels, ['Upgrade']);
    assert.equal(detail().match(/Couldn't tell/g)?.length, 1);
    assert.match(
      detail(),
      /you don't have the hbr:DescribeBackupJobs2 and hbr:DescribeRestoreJobs2 permissions\./,
    );
    assert.deepEqual(machines(), [
      ['web-1', 'unknown', undefined],
      ['web-2', 'unknown', undefined],
    ]);
  });

  it('could not be told of another account, unless a job names it', async () => {
    const scope = aScope({ crossAccount: { type: 'CROSS_ACCOUNT', userId: '2', roleName: 'r' } });
    await run('upgrade', fleet(1), 'chosen', scope);
    assert.match(
      detail(),
      /^Couldn't tell whether backups or restores are running: these clients belong to another account/m,
    );
    assert.deepEqual(machines(), [['web-1', 'unknown', undefined]]);
    protection.jobs.push(jobOn('web-1', { crossAccountId: '2' }));
    await run('upgrade', fleet(1), 'chosen', scope);
    assert.deepEqual(machines(), [['web-1', 'running', undefined]]);
  });

  it('does not take a client of another account for one without Essential Edition', async () => {
    const scope = aScope({ crossAccount: { type: 'CROSS_ACCOUNT', userId: '2', roleName: 'r' } });
    await run('uninstall', fleet(1), 'chosen', scope);
    assert.match(detail(), /Couldn't tell .*whether Essential Edition is turned on: .* another account/);
  });

  it('does not wait for a slow read for ever', async () => {
    protection.onProtectionRead.run = () => new Promise<void>(() => undefined);
    await run('uninstall', fleet(1));
    assert.deepEqual(confirms(), []);
    await clock.advance(15_000);
    await settle();
    assert.match(detail(), /Couldn't tell .*: Cloud Backup took too long to answer\./);
    assert.deepEqual(machines(), [['web-1', 'unknown', undefined]]);
  });

  it('is in the plan document, which changes nothing', async () => {
    protection.jobs.push(jobOn('web-2'));
    await changes.preview({ action: 'upgrade', label, clients: keyed(fleet(2)) });
    assert.match(documents[0] ?? '', /\| `web-2` .* \| Backup, 43%[^|]* \|/);
    assert.match(documents[0] ?? '', /`hbr:DescribeBackupJobs2` \(for the checks\)/);
    assert.deepEqual([operations.plans, confirms()], [[], []]);
  });
});
