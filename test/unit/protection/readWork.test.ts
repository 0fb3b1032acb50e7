import { strict as assert } from 'node:assert';
import { CancelledError } from '../../../src/core/kernel/cancelled';
import { readWork, type KeyedMachine } from '../../../src/core/protection/readWork';
import { BackupError } from '../../../src/core/service/errors';
import type { BackupPlan, Job, JobQuery, ProtectionApi } from '../../../src/core/service/protection';
import type { Scope } from '../../../src/core/service/scope';
import { aScope } from '../../support/builders';
import { createFakeProtection, type ProtectionRead } from '../../support/fakeProtection';
import { createHandClock } from '../../support/handClock';
import { createKeptLog } from '../../support/operationBuilders';
import { aJob, aPlan as aNightlyPlan } from '../../support/protectionBuilders';

const one: KeyedMachine = { key: 'a', instanceId: 'i-1', clientId: 'c-1' };
const two: KeyedMachine = { key: 'b', instanceId: 'i-2', clientId: 'c-2' };
/** A plan that began years before the clock of the test. */
const aPlan = (parts: Partial<BackupPlan>) => aNightlyPlan({ schedule: 'I|1631685600|P1D', ...parts });
const refused = new BackupError('bad-request', 'no such status');
const denied = new BackupError('permission-denied', 'no');

function setUp() {
  const fake = createFakeProtection();
  const clock = createHandClock();
  const log = createKeptLog();
  const nowSeconds = Math.floor(clock.now() / 1000);
  const closing = new AbortController();
  const read = (
    machines: readonly KeyedMachine[] = [one],
    { scope = aScope(), api = fake }: { scope?: Scope; api?: ProtectionApi } = {},
  ) => readWork({ api, clock, log, serviceNow: () => clock.now() }, scope, machines, closing);
  const kinds = async (...parts: Parameters<typeof read>) =>
    Object.fromEntries([...(await read(...parts))].map(([key, { kind }]) => [key, kind]));
  const readsOf = (call: string) => fake.protectionReads.filter((each) => each.call === call);
  return { fake, clock, log, nowSeconds, closing, read, kinds, readsOf };
}

const hasStatuses = ({ query }: ProtectionRead): boolean =>
  (query as Partial<JobQuery>).statuses !== undefined;

describe('reading what runs on clients', () => {
  it('finds nothing where nothing runs, with six calls whatever the number of clients up to 500', async () => {
    const { fake, clock, kinds } = setUp();
    fake.jobs.push(aJob({ status: 'COMPLETE' }), aJob({ status: 'FAILED' }));
    const many = Array.from({ length: 500 }, (_, n) => ({ key: `k${n}`, instanceId: `i-${n}` }));
    const answers = await kinds(many);
    assert.equal(Object.keys(answers).length, 500);
    assert.ok(Object.values(answers).every((kind) => kind === 'none'));
    assert.equal(fake.protectionReads.length, 6);
    assert.deepEqual(clock.dueTimes(), []);
    await kinds([...many, { key: 'more', instanceId: 'i-500' }]);
    // Restores aren't asked for by machine.
    assert.equal(fake.protectionReads.length - 6, 10);
  });

  it('finds backups and restores of both editions, each on its own client', async () => {
    const { fake, kinds } = setUp();
    const third = { key: 'c', instanceId: 'i-3' };
    const fourth = { key: 'd', instanceId: 'i-4' };
    fake.jobs.push(
      aJob({ status: 'QUEUED' }),
      aJob({ edition: 'BASIC', instanceId: 'i-2', clientId: 'c-2' }),
      aJob({ kind: 'restore', jobId: 'r-1', instanceId: 'i-3', clientId: 'c-3' }),
    );
    assert.deepEqual(await kinds([one, two, third, fourth]), {
      ...{ a: 'running', b: 'running', c: 'running', d: 'none' },
    });
  });

  it("can't tell where a job that goes on doesn't name its machine", async () => {
    const { fake, read } = setUp();
    const nameless: Job = { kind: 'backup', jobId: 'job-1', status: 'RUNNING', edition: 'STANDARD' };
    const api: ProtectionApi = {
      ...fake,
      async *listJobs({}, { kind, edition, statuses }) {
        if (kind === job.kind && edition === 'STANDARD' && statuses) yield await Promise.resolve([job]);
        return { complete: true };
      },
    };
    let job = nameless;
    const gaps = async () => {
      const works = await read([one, two], { api });
      return [...works.values()].map((work) => (work.kind === 'unknown' ? work.gaps : work.kind));
    };
    const unnamed = { call: 'hbr:DescribeBackupJobs2', why: 'unnamed' };
    assert.deepEqual(await gaps(), [[unnamed], [unnamed]]);
    // It was asked for by instance, so this is a client that was there before a reinstall.
    job = { ...nameless, clientId: 'c-old' };
    assert.deepEqual(await gaps(), [[unnamed], [unnamed]]);
    job = { ...nameless, clientId: 'c-2' };
    assert.deepEqual(await gaps(), ['none', 'running']);
    job = { ...nameless, status: 'COMPLETE' };
    assert.deepEqual(await gaps(), ['none', 'none']);
    // Restores are read of all machines.
    job = { ...nameless, kind: 'restore', clientId: 'c-9' };
    assert.deepEqual(await gaps(), ['none', 'none']);
    job = { ...nameless, kind: 'restore' };
    assert.deepEqual(await gaps(), [
      [{ call: 'hbr:DescribeRestoreJobs2', why: 'unnamed' }],
      [{ call: 'hbr:DescribeRestoreJobs2', why: 'unnamed' }],
    ]);
  });

  it('leaves out a restore that only takes its files from the client', async () => {
    const { fake, kinds } = setUp();
    // The row's instance is the one that receives the files.
    fake.jobs.push(aJob({ kind: 'restore', jobId: 'r-1', instanceId: 'i-9', clientId: 'c-9' }));
    assert.deepEqual(await kinds(), { a: 'none' });
  });

  it("can't tell where a read is denied, fails, or is cut off, and keeps what another read found", async () => {
    const whys = [
      ['permission-denied', denied],
      ['failed', new BackupError('service-failed', 'broken')],
      ['cut-off', undefined],
    ] as const;
    for (const [why, failure] of whys) {
      for (const call of ['hbr:DescribeBackupJobs2', 'hbr:DescribeRestoreJobs2'] as const) {
        const { fake, read, kinds } = setUp();
        if (failure) fake.failures.set(call, failure);
        else fake.cutOff.add(call);
        assert.deepEqual((await read()).get('a'), { kind: 'unknown', gaps: [{ call, why }] });
        fake.jobs.push(
          aJob({
            kind: call === 'hbr:DescribeBackupJobs2' ? 'restore' : 'backup',
            instanceId: 'i-2',
            clientId: '',
          }),
        );
        assert.deepEqual(await kinds([one, two]), { a: 'unknown', b: 'running' });
      }
    }
  });

  it('keeps the rows that came before a read failed', async () => {
    const { fake, read } = setUp();
    const api: ProtectionApi = {
      ...fake,
      async *listJobs({}, { kind, edition }) {
        if (kind === 'backup' && edition === 'STANDARD') {
          yield await Promise.resolve([aJob()]);
          throw new BackupError('timeout', 'late');
        }
        return { complete: true };
      },
    };
    const works = await read([one, two], { api });
    assert.equal(works.get('a')?.kind, 'running');
    assert.deepEqual(works.get('b'), {
      kind: 'unknown',
      gaps: [{ call: 'hbr:DescribeBackupJobs2', why: 'failed' }],
    });
  });

  it("can't tell where the service takes longer than 15 seconds, and doesn't wait for it", async () => {
    const { fake, clock, read } = setUp();
    fake.onProtectionRead.run = ({ call }) =>
      call === 'hbr:DescribeBackupJobs2' ? new Promise<void>(() => undefined) : undefined;
    let answered = false;
    const reading = read().then((works) => {
      answered = true;
      return works;
    });
    await clock.advance(14_999);
    assert.equal(answered, false);
    await clock.advance(1);
    assert.deepEqual((await reading).get('a'), {
      kind: 'unknown',
      gaps: [{ call: 'hbr:DescribeBackupJobs2', why: 'too-slow' }],
    });
    assert.deepEqual(clock.dueTimes(), []);
  });

  it('ends with a cancel, and leaves no timer behind', async () => {
    const { fake, clock, closing, read } = setUp();
    fake.onProtectionRead.run = () => new Promise<void>(() => undefined);
    const reading = assert.rejects(read(), CancelledError);
    await clock.advance(1);
    closing.abort();
    await reading;
    assert.deepEqual(clock.dueTimes(), []);
  });

  it('asks without statuses where the service refuses them, for backups of the last two days', async () => {
    const { fake, nowSeconds, kinds, readsOf } = setUp();
    fake.onProtectionRead.run = (read) => {
      if (hasStatuses(read)) throw refused;
    };
    fake.jobs.push(
      aJob({ createdTime: nowSeconds - 60 }),
      aJob({ status: 'COMPLETE', instanceId: 'i-2', clientId: 'c-2', createdTime: nowSeconds - 60 }),
    );
    assert.deepEqual(await kinds([one, two]), { a: 'running', b: 'none' });
    const [, , standard] = readsOf('hbr:DescribeBackupJobs2');
    assert.deepEqual(standard?.query, {
      ...{ kind: 'backup', edition: 'STANDARD', createdSince: nowSeconds - 172_800 },
      instanceIds: ['i-1', 'i-2'],
    });
    // Creation isn't among the keys that filter restores.
    assert.deepEqual(readsOf('hbr:DescribeRestoreJobs2').at(-1)?.query, {
      kind: 'restore',
      edition: 'BASIC',
    });
  });

  it("can't tell where the service refuses that too", async () => {
    const { fake, kinds } = setUp();
    fake.failures.set('hbr:DescribeBackupJobs2', refused);
    assert.deepEqual(await kinds(), { a: 'unknown' });
  });

  it('looks again where a plan started a job that was not listed', async () => {
    const { fake, nowSeconds, kinds, readsOf } = setUp();
    const begun = { latestStartedJobId: 'job-2', latestFinishedJobId: 'job-1' };
    fake.plans.push(aPlan(begun), aPlan({ planId: 'plan-2', instanceId: 'i-2', clientId: 'c-2' }));
    // A service that doesn't list unfinished jobs by their status.
    fake.onProtectionRead.run = (read) => {
      fake.jobs.splice(0);
      if (!hasStatuses(read)) fake.jobs.push(aJob({ jobId: 'job-2', createdTime: nowSeconds - 60 }));
    };
    assert.deepEqual(await kinds([one, two]), { a: 'running', b: 'none' });
    const [newest] = readsOf('hbr:DescribeBackupJobs2').filter((each) => !hasStatuses(each));
    assert.deepEqual((newest?.query as JobQuery).instanceIds, ['i-1']);
  });

  it('looks again only for a client in doubt, and leaves the answers of the others', async () => {
    const { fake, kinds, readsOf } = setUp();
    fake.plans.push(aPlan({ latestStartedJobId: 'job-2', latestFinishedJobId: 'job-1' }));
    fake.onProtectionRead.run = (read) => {
      if (read.call === 'hbr:DescribeBackupJobs2' && !hasStatuses(read)) throw refused;
    };
    assert.deepEqual(await kinds([one, two]), { a: 'unknown', b: 'none' });
    assert.equal(readsOf('hbr:DescribeBackupJobs2').length, 4);
  });

  it('has no doubt where the last job that started is the one that finished, or one of them is not named', async () => {
    const plans = [
      { latestStartedJobId: 'job-1', latestFinishedJobId: 'job-1' },
      { latestStartedJobId: 'job-1' },
      { latestStartedJobId: 'job-1', latestFinishedJobId: '' },
      {},
    ];
    for (const parts of plans) {
      const { fake, kinds, readsOf } = setUp();
      fake.plans.push(aPlan(parts));
      assert.deepEqual(await kinds(), { a: 'none' });
      assert.equal(readsOf('hbr:DescribeBackupJobs2').length, 2);
    }
  });

  it('doubts a plan of the last two days that never finished a job: its first might go on', async () => {
    const { fake, nowSeconds, kinds, readsOf } = setUp();
    fake.plans.push(aPlan({ latestStartedJobId: 'job-1', createdTime: nowSeconds - 172_800 }));
    fake.plans.push(
      aPlan({
        ...{ planId: 'plan-2', instanceId: 'i-2', clientId: 'c-2' },
        ...{ latestStartedJobId: 'job-2', createdTime: nowSeconds - 172_801 },
      }),
    );
    assert.deepEqual(await kinds([one, two]), { a: 'none', b: 'none' });
    const asked = readsOf('hbr:DescribeBackupJobs2').filter((each) => !hasStatuses(each));
    assert.deepEqual(
      asked.map(({ query }) => (query as JobQuery).instanceIds),
      [['i-1'], ['i-1']],
    );
  });

  it('has no doubt about a client on which a backup was found', async () => {
    const { fake, kinds, readsOf } = setUp();
    fake.plans.push(aPlan({ latestStartedJobId: 'job-1', latestFinishedJobId: 'job-0' }));
    fake.jobs.push(aJob());
    assert.deepEqual(await kinds(), { a: 'running' });
    assert.equal(readsOf('hbr:DescribeBackupJobs2').length, 2);
  });

  it('doubts a suspended plan as well: what it started goes on', async () => {
    const { fake, kinds, readsOf } = setUp();
    fake.plans.push(aPlan({ disabled: true, latestStartedJobId: 'job-2', latestFinishedJobId: 'job-1' }));
    assert.deepEqual(await kinds(), { a: 'none' });
    assert.equal(readsOf('hbr:DescribeBackupJobs2').length, 4);
  });

  it("never finds nothing in another account: whether its jobs are listed isn't documented", async () => {
    const { fake, kinds } = setUp();
    const scope: Scope = aScope({ crossAccount: { type: 'CROSS_ACCOUNT', userId: '2000' } });
    assert.deepEqual(await kinds([one], { scope }), { a: 'unknown' });
    fake.jobs.push(aJob({ crossAccountId: '2000' }));
    assert.deepEqual(await kinds([one, two], { scope }), { a: 'running', b: 'unknown' });
  });

  it('asks nothing about clients that are not on ECS instances', async () => {
    const { fake, read } = setUp();
    const works = await read([one], { scope: aScope({ clientType: 'LOCAL_CLIENT' }) });
    assert.deepEqual(works.get('a'), {
      kind: 'unknown',
      gaps: [
        { call: 'hbr:DescribeBackupJobs2', why: 'other-type' },
        { call: 'hbr:DescribeRestoreJobs2', why: 'other-type' },
      ],
    });
    assert.deepEqual(fake.protectionReads, []);
  });

  it('logs what failed, with the call', async () => {
    const { fake, log, kinds } = setUp();
    fake.failures.set('hbr:DescribeBackupJobs2', denied);
    await kinds();
    assert.ok(log.lines.some((line) => line.includes('hbr:DescribeBackupJobs2')));
  });
});
