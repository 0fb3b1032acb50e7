import { strict as assert } from 'node:assert';
import {
  backupLimitsOf,
  createNewestBackups,
  isOverdue,
  type LastBackup,
} from '../../../src/core/protection/lastBackup';
import {
  lastBackupInWords,
  overdueInRow,
  overdueInWords,
} from '../../../src/core/protection/lastBackupWords';
import type { PlannedBackup } from '../../../src/core/protection/plannedBackups';
import type { Job } from '../../../src/core/service/protection';
import type { Scope } from '../../../src/core/service/scope';
import { aScope } from '../../support/builders';

const hour = 3600;
const day = 24 * hour;
/** 2026-11-18T15:00Z. */
const now = 1_795_014_000;

const job = (fields: Partial<Job>): Job => ({
  ...{ kind: 'backup', jobId: 'job-1', status: 'COMPLETE', edition: 'STANDARD' },
  ...{ instanceId: 'i-1', clientId: 'c-1', completeTime: now - hour },
  ...fields,
});

const daily: PlannedBackup = {
  ...{ kind: 'plan', id: 'plan-1', schedules: ['I|1631685600|P1D'] },
  ...{ disabled: false, edition: 'STANDARD', createdTime: now - 90 * day },
};

describe('the newest backup of a machine', () => {
  const newest = (jobs: readonly Job[], scope: Scope = aScope()) => {
    const collected = createNewestBackups(scope, [
      ['one', { instanceId: 'i-1', clientId: 'c-1' }],
      ['twin', { instanceId: 'i-1', clientId: 'c-2' }],
      ['other', { instanceId: 'i-3', clientId: 'c-3' }],
    ]);
    collected.add(jobs);
    return Object.fromEntries(collected.found);
  };

  it('is the last one that completed, in whatever order they come, with some files failed or none', () => {
    assert.deepEqual(
      newest([
        job({ completeTime: now - 3 * hour }),
        job({ completeTime: now - 2 * hour, status: 'PARTIAL_COMPLETE' }),
        job({ completeTime: now - 4 * hour }),
      ]),
      { one: { at: now - 2 * hour, partial: true } },
    );
  });

  it('is never one that goes on, failed, or is a restore', () => {
    for (const status of ['RUNNING', 'FAILED', 'CANCELED', 'CREATED', 'UNKNOWN', 'SOMETHING']) {
      assert.deepEqual(newest([job({ status })]), {}, status);
    }
    assert.deepEqual(newest([job({ kind: 'restore' })]), {});
  });

  it('belongs to the client that it names, and to those of its instance where it names none that is listed', () => {
    const at = { at: now - hour, partial: false };
    assert.deepEqual(newest([job({ clientId: 'c-2' })]), { twin: at });
    assert.deepEqual(newest([job({ clientId: 'c-before-the-reinstall' })]), { one: at, twin: at });
    assert.deepEqual(newest([job({ clientId: '', instanceId: 'i-3' })]), { other: at });
    assert.deepEqual(newest([job({ clientId: '', instanceId: 'i-9' })]), {});
  });

  it('is matched by the account that a row names', () => {
    const crossAccount = { type: 'CROSS_ACCOUNT', userId: '99', roleName: 'backup' } as const;
    assert.deepEqual(Object.keys(newest([job({ crossAccountId: '99' })])), []);
    assert.deepEqual(Object.keys(newest([job({ crossAccountId: aScope().accountId })])), ['one']);
    const other = aScope({ crossAccount });
    assert.deepEqual(Object.keys(newest([job({})], other)), []);
    assert.deepEqual(Object.keys(newest([job({ crossAccountId: '99' })], other)), ['one']);
  });
});

describe('the limit for a backup', () => {
  /** Of the shortest. */
  const seconds = (backups: readonly PlannedBackup[], hours = 0) => {
    const limits = backupLimitsOf(backups, hours).map((limit) => limit.seconds);
    return limits.length === 0 ? undefined : Math.min(...limits);
  };
  const every = (interval: string): PlannedBackup => ({ ...daily, schedules: [`I|1631685600|${interval}`] });

  it('is twice the shortest interval, 48 hours without a plan, and what the setting says before all', () => {
    assert.equal(seconds([daily]), 2 * day);
    assert.equal(seconds([every('P1W'), every('PT6H')]), 12 * hour);
    assert.equal(seconds([]), 2 * day);
    assert.equal(seconds([{ ...daily, kind: 'policy', schedules: [] }]), 2 * day);
    assert.equal(seconds([every('P1W')], 30), 30 * hour);
  });

  it('is none where all plans are suspended, or none of their schedules is understood', () => {
    assert.equal(seconds([{ ...daily, disabled: true }]), undefined);
    assert.equal(seconds([{ ...daily, disabled: true }], 24), undefined);
    assert.equal(seconds([{ ...every('PT1H'), disabled: true }, daily]), 2 * day);
    assert.equal(seconds([every('P1M')]), undefined);
    assert.equal(seconds([every('P1M'), daily]), 2 * day);
    assert.equal(seconds([every('P1M')], 24), day);
  });

  it('begins when its plan could first run', () => {
    const since = (...backups: readonly PlannedBackup[]) =>
      backupLimitsOf(backups, 0).map((limit) => limit.since);
    assert.deepEqual(since(daily), [now - 90 * day]);
    assert.deepEqual(since({ ...daily, schedules: [`I|${now + day}|P1D`] }), [now + day]);
    assert.deepEqual(since({ ...daily, createdTime: now - day }, daily), [now - day, now - 90 * day]);
    assert.deepEqual(since({ ...daily, createdTime: now - day }, { ...daily, disabled: true }), [now - day]);
    assert.deepEqual(since(), [0]);
  });

  it('of an older plan is not shortened by one that could not run yet', () => {
    const weekly = every('P1W');
    const last: LastBackup = { kind: 'at', at: now - 3 * day, partial: false, asOf: now };
    const longAgo: LastBackup = { ...last, at: now - 15 * day };
    for (const hourly of [
      { ...every('PT1H'), createdTime: now - 60 },
      { ...daily, schedules: [`I|${now + 90 * day}|PT1H`] },
    ]) {
      assert.equal(isOverdue(last, backupLimitsOf([weekly, hourly], 0)), false);
      assert.equal(isOverdue(longAgo, backupLimitsOf([weekly, hourly], 0)), true);
    }
    const policy: PlannedBackup = { ...daily, schedules: ['I|1631685600|P1W', `I|${now + day}|PT1H`] };
    assert.equal(isOverdue(last, backupLimitsOf([policy], 0)), false);
  });
});

describe('an overdue backup', () => {
  const limits = [{ seconds: 2 * day, since: 0 }];
  const at = (seconds: number): LastBackup => ({ kind: 'at', at: now - seconds, partial: false, asOf: now });

  it('is one that is older than the limit', () => {
    assert.equal(isOverdue(at(2 * day), limits), false);
    assert.equal(isOverdue(at(2 * day + 1), limits), true);
  });

  it('is one that was not found where all that it could be among was read', () => {
    assert.equal(isOverdue({ kind: 'none', asOf: now }, limits), true);
    assert.equal(isOverdue({ kind: 'unknown' }, limits), false);
  });

  it('is none while its plan is newer than the limit', () => {
    for (const last of [at(9 * day), { kind: 'none', asOf: now } as const]) {
      assert.equal(isOverdue(last, [{ seconds: 2 * day, since: now - day }]), false);
      assert.equal(isOverdue(last, [{ seconds: 2 * day, since: now - 3 * day }]), true);
    }
  });

  it('is judged and worded by when it was read: what completed since then is not known', () => {
    const last: LastBackup = { kind: 'at', at: now - 9 * day, partial: true, asOf: now };
    assert.equal(overdueInRow(last), 'backup 9 days ago');
    assert.equal(overdueInWords(last), 'The last backup completed 9 days ago.');
    assert.equal(lastBackupInWords(last, (now + day) * 1000), '10 days ago (some files failed)');
    assert.equal(overdueInRow({ kind: 'none', asOf: now }), 'no backup found');
    assert.equal(overdueInWords({ kind: 'none', asOf: now }), 'No completed backup was found.');
    assert.equal(lastBackupInWords({ kind: 'none', asOf: now }, 0), 'None found');
    assert.equal(lastBackupInWords({ kind: 'unknown' }, 0), "Couldn't tell");
  });
});
