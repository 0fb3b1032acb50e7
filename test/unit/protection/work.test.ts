import { strict as assert } from 'node:assert';
import type { Gap } from '../../../src/core/protection/gap';
import { worksBy, type Machine, type Work } from '../../../src/core/protection/work';
import type { Job } from '../../../src/core/service/protection';
import { aScope } from '../../support/builders';
import { aJob } from '../../support/protectionBuilders';

const ownScope = aScope({ accountId: '1000' });

const now = 1_795_000_000;
const machine: Machine = { instanceId: 'i-1', clientId: 'c-1' };
const of = (
  jobs: readonly Job[],
  { gaps = [], who = machine }: { readonly gaps?: readonly Gap[]; readonly who?: Machine } = {},
): Work => worksBy({ rows: jobs, gaps }, ownScope, now)(who);
const firstOf = (work: Work) => {
  assert.ok(work.kind === 'running');
  return work.jobs[0];
};
const failed: Gap = { call: 'hbr:DescribeRestoreJobs2', why: 'failed' };

/** A backup without these IDs. */
const anonymous: Job = { kind: 'backup', jobId: 'job-1', status: 'RUNNING', edition: 'STANDARD' };

describe('what runs on a client', () => {
  it('is matched by client ID, and by instance ID where the job names no client', () => {
    const table: readonly [Job, Machine, 'certain' | 'perhaps' | 'none'][] = [
      [aJob(), machine, 'certain'],
      [{ ...anonymous, clientId: 'c-1' }, machine, 'certain'],
      [{ ...anonymous, instanceId: 'i-1' }, machine, 'certain'],
      [{ ...anonymous, instanceId: 'i-1', clientId: '' }, machine, 'certain'],
      [aJob({ clientId: 'c-1', instanceId: 'i-2' }), machine, 'certain'],
      // Reinstalled: the instance is the same and its client has another ID.
      [aJob({ clientId: 'c-0' }), machine, 'perhaps'],
      [aJob({ clientId: 'c-0' }), { instanceId: 'i-1' }, 'certain'],
      [aJob({ clientId: 'c-2', instanceId: 'i-2' }), machine, 'none'],
      [anonymous, machine, 'none'],
      [{ ...anonymous, instanceId: '', clientId: '' }, { instanceId: '', clientId: '' }, 'none'],
      [{ ...anonymous, clientId: '' }, { instanceId: 'i-1', clientId: '' }, 'none'],
    ];
    for (const [job, who, expected] of table) {
      const work = worksBy({ rows: [job], gaps: [] }, ownScope, now)(who);
      const found = work.kind === 'running' ? (work.jobs[0].certain ? 'certain' : 'perhaps') : 'none';
      assert.equal(found, expected, JSON.stringify([job, who]));
    }
  });

  it('keeps what the user refers to: kind, ID, status, percent, and since when', () => {
    assert.deepEqual(of([aJob({ percent: 42.5, createdTime: now - 90, startTime: now - 60 })]), {
      kind: 'running',
      jobs: [
        {
          ...{ kind: 'backup', jobId: 'job-1', status: 'RUNNING', percent: 42.5 },
          ...{ since: now - 60, certain: true, stuck: false },
        },
      ],
    });
    assert.equal(firstOf(of([aJob({ createdTime: now - 90 })])).since, now - 90);
    assert.deepEqual(Object.keys(firstOf(of([aJob()]))), ['kind', 'jobId', 'status', 'certain', 'stuck']);
  });

  it('is nothing found only where everything was read', () => {
    const ended = aJob({ status: 'COMPLETE' });
    assert.deepEqual(of([]), { kind: 'none' });
    assert.deepEqual(of([ended]), { kind: 'none' });
    assert.deepEqual(of([ended], { gaps: [failed] }), { kind: 'unknown', gaps: [failed] });
    assert.deepEqual(of([aJob({ status: 'UNKNOWN' })]), {
      kind: 'unknown',
      gaps: [{ call: 'hbr:DescribeBackupJobs2', why: 'unclear' }],
    });
    assert.deepEqual(of([aJob({ kind: 'restore', status: 'UNKNOWN' })], { gaps: [failed] }), {
      kind: 'unknown',
      gaps: [failed, { call: 'hbr:DescribeRestoreJobs2', why: 'unclear' }],
    });
    assert.deepEqual(of([aJob({ status: 'UNKNOWN', clientId: 'c-2', instanceId: 'i-2' })]), { kind: 'none' });
  });

  it("can't be told of a client without an instance ID, except for what names the client", () => {
    const who = { clientId: 'c-1' };
    assert.deepEqual(of([], { who }), {
      kind: 'unknown',
      gaps: [{ call: 'hbr:DescribeBackupJobs2', why: 'no-instance' }],
    });
    assert.equal(of([aJob({ kind: 'restore' })], { who }).kind, 'running');
  });

  it('counts although another read failed, and although its status is of the future', () => {
    assert.equal(of([aJob()], { gaps: [failed] }).kind, 'running');
    assert.equal(of([aJob({ status: 'UNKNOWN', jobId: 'job-0' }), aJob()]).kind, 'running');
    assert.equal(firstOf(of([aJob({ status: 'PREPARING' })])).status, 'PREPARING');
  });

  it('names a job once that was listed twice, and several that differ', () => {
    const work = of([aJob(), aJob({ percent: 50 }), aJob({ jobId: 'r-1', kind: 'restore' })]);
    assert.ok(work.kind === 'running');
    assert.deepEqual(
      work.jobs.map(({ jobId }) => jobId),
      ['job-1', 'r-1'],
    );
  });

  it('might be stuck if it reported nothing for more than a day', () => {
    const day = 86_400;
    const table: readonly [Partial<Job>, boolean][] = [
      [{ updatedTime: now - day - 1 }, true],
      [{ updatedTime: now - day }, false],
      [{ updatedTime: now - 60, startTime: now - 9 * day }, false],
      [{ startTime: now - 2 * day }, true],
      [{ createdTime: now - 2 * day }, true],
      [{ status: 'QUEUED', updatedTime: now - 2 * day }, false],
      [{}, false],
    ];
    for (const [parts, stuck] of table) {
      assert.equal(firstOf(of([aJob(parts)])).stuck, stuck, JSON.stringify(parts));
    }
  });

  it('is certain only for a job of the account that owns the clients', () => {
    const other = aScope({ accountId: '1000', crossAccount: { type: 'CROSS_ACCOUNT', userId: '2000' } });
    const table: readonly [typeof ownScope, string | undefined, boolean][] = [
      [ownScope, undefined, true],
      [ownScope, '1000', true],
      [ownScope, '2000', false],
      [other, '2000', true],
      [other, '1000', false],
      [other, undefined, false],
    ];
    for (const [scope, crossAccountId, certain] of table) {
      const job = aJob(crossAccountId === undefined ? {} : { crossAccountId });
      const work = worksBy({ rows: [job], gaps: [] }, scope, now)(machine);
      assert.equal(
        firstOf(work).certain,
        certain,
        `${String(scope.crossAccount?.userId)} ${String(crossAccountId)}`,
      );
    }
  });
});
