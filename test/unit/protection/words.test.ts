import { strict as assert } from 'node:assert';
import { gapReasons, type Gap } from '../../../src/core/protection/gap';
import type { RunningJob, Work } from '../../../src/core/protection/work';
import {
  gapsInWords,
  gapsOf,
  jobInWords,
  runningInWords,
  sinceInWords,
  workInRow,
  workInShort,
} from '../../../src/core/protection/words';

// Local times, as the texts are in the zone of this computer.
const now = new Date(2026, 10, 18, 15, 0).getTime();
const started = new Date(2026, 10, 18, 14, 2).getTime() / 1000;

const bareJob: RunningJob = {
  kind: 'backup',
  jobId: 'job-1',
  status: 'RUNNING',
  certain: true,
  stuck: false,
};
const aJob = (parts: Partial<RunningJob> = {}): RunningJob => ({
  ...bareJob,
  ...{ percent: 43, since: started },
  ...parts,
});
const running = (job: RunningJob, ...others: RunningJob[]): Work => ({
  kind: 'running',
  jobs: [job, ...others],
});
const on = (name: string, ...parts: [Partial<RunningJob>, ...Partial<RunningJob>[]]) => {
  const [first, ...others] = parts;
  return { name, jobs: [aJob(first), ...others.map((each) => aJob(each))] } as const;
};
const jobsDenied: Gap = { call: 'hbr:DescribeBackupJobs2', why: 'permission-denied' };
const restoresDenied: Gap = { call: 'hbr:DescribeRestoreJobs2', why: 'permission-denied' };

/** Texts with the narrow space that some versions of Node write before AM and PM as a plain one. */
const plain = (text: string) => text.replace(/\u202f/g, ' ');

describe('words for running backups', () => {
  it('name the three answers in a cell', () => {
    const works: readonly Work[] = [
      running(aJob()),
      { kind: 'none' },
      { kind: 'unknown', gaps: [jobsDenied] },
    ];
    assert.deepEqual(works.map(workInShort), ['Running', 'None found', "Couldn't tell"]);
  });

  it('say in a row what is running and how far it is', () => {
    const rows: readonly [Partial<RunningJob>, string][] = [
      [{}, 'backup running, 43%'],
      [{ percent: 0 }, 'backup running, 0%'],
      [{ percent: 99.7 }, 'backup running, 99%'],
      [{ kind: 'restore', status: 'QUEUED', percent: 0 }, 'restore queued'],
      [{ status: 'CREATED' }, 'backup queued'],
      [{ status: 'CANCELING' }, 'backup being canceled'],
      [{ status: 'PREPARING' }, 'backup running, 43%'],
    ];
    for (const [parts, text] of rows) assert.equal(workInRow(running(aJob(parts))), text);
    assert.equal(workInRow(running(bareJob)), 'backup running');
    assert.equal(
      workInRow(running(aJob(), aJob({ kind: 'restore', percent: 10 }))),
      'backup running, 43%, restore running, 10%',
    );
    assert.equal(workInRow({ kind: 'none' }), '');
    assert.equal(
      workInRow({ kind: 'unknown', gaps: [jobsDenied] }),
      "couldn't tell whether a backup is running",
    );
  });

  it('name clients, progress, and time in a sentence for each kind', () => {
    const said = (...clients: Parameters<typeof runningInWords>[0]) => plain(runningInWords(clients, now));
    assert.equal(said(on('web-1', {})), 'A backup is running on web-1 (43%, since 2:02 PM).');
    assert.equal(
      said(on('web-1', {}), on('db-1', { kind: 'restore', status: 'QUEUED' }), on('web-2', { percent: 7 })),
      'Backups are running on web-1 (43%, since 2:02 PM) and web-2 (7%, since 2:02 PM). A restore is queued on db-1 (since 2:02 PM).',
    );
    assert.equal(
      said(on('web-1', { status: 'QUEUED' }), on('web-2', { status: 'CREATED' })),
      'Backups are queued on web-1 (since 2:02 PM) and web-2 (since 2:02 PM).',
    );
    assert.equal(
      said(on('web-1', {}, { status: 'QUEUED' })),
      'Backups are running on web-1 (43%, since 2:02 PM · queued, since 2:02 PM).',
    );
    assert.equal(
      said(on('web-1', {}, { kind: 'restore', percent: 5 })),
      'A backup and a restore are running on web-1 (43%, since 2:02 PM · 5%, since 2:02 PM).',
    );
    assert.equal(
      said(on('web-1', {}, {})),
      'Backups are running on web-1 (43%, since 2:02 PM · 43%, since 2:02 PM).',
    );
    assert.equal(said(), '');
  });

  it('leave details out for many clients, and names beyond twelve', () => {
    const clients = Array.from({ length: 15 }, (_, index) => on(`web-${String(index)}`, {}));
    assert.equal(
      runningInWords(clients.slice(0, 4), now),
      'Backups are running on web-0, web-1, web-2, and web-3.',
    );
    assert.match(runningInWords(clients, now), /web-11, and 3 more\.$/);
  });

  it('say what might not concern a client and what might be stuck', () => {
    assert.equal(
      plain(runningInWords([on('web-1', { certain: false }), on('db-1', { stuck: true })], now)),
      'Backups are running on web-1 (43%, since 2:02 PM) and db-1 (43%, since 2:02 PM). ' +
        "What's running on web-1 might not be its own: the client ID or the account doesn't match. " +
        "What's running on db-1 might be stuck: it reported nothing for a day.",
    );
  });

  it('name the day where it is another one', () => {
    assert.equal(plain(sinceInWords(started * 1000, now)), '2:02 PM');
    assert.equal(plain(sinceInWords(started * 1000, now + 86_400_000)), 'Nov 18, 2:02 PM');
  });

  it('name the job for reference, made safe', () => {
    assert.equal(
      plain(jobInWords(aJob({ jobId: 'job-1\u202e' }), now)),
      'Backup, 43%, since 2:02 PM, Job ID job-1',
    );
    assert.equal(jobInWords({ ...bareJob, kind: 'restore' }, now), 'Restore, Job ID job-1');
  });
});

describe('words for what could not be read', () => {
  it('name the missing permission once, whatever it keeps from being known', () => {
    assert.equal(
      gapsInWords([jobsDenied, jobsDenied]),
      "Couldn't tell whether backups are running: you don't have the hbr:DescribeBackupJobs2 permission.",
    );
    assert.equal(
      gapsInWords([jobsDenied, restoresDenied]),
      "Couldn't tell whether backups or restores are running: you don't have the hbr:DescribeBackupJobs2 and hbr:DescribeRestoreJobs2 permissions.",
    );
    assert.equal(
      gapsInWords([
        { call: 'hbr:DescribeBackupPlans', why: 'permission-denied' },
        { call: 'hbr:DescribePolicyBindings', why: 'permission-denied' },
        { call: 'hbr:ListProtectedResources', why: 'permission-denied' },
      ]),
      "Couldn't tell which backup plans and policies apply and whether Essential Edition is turned on: you don't have the hbr:DescribeBackupPlans, hbr:DescribePolicyBindings, and hbr:ListProtectedResources permissions.",
    );
  });

  it('have a sentence for each reason', () => {
    const texts = gapReasons.map((why) => gapsInWords([{ call: 'hbr:DescribeRestoreJobs2', why }]));
    assert.equal(new Set(texts).size, gapReasons.length);
    for (const text of texts) assert.match(text, /^Couldn't tell whether restores are running: .*\.$/);
    assert.equal(gapsInWords([]), '');
    assert.equal(
      gapsInWords([jobsDenied, { call: 'hbr:DescribeRestoreJobs2', why: 'failed' }]).split("Couldn't").length,
      3,
    );
  });

  it('are taken from several answers, each gap once', () => {
    assert.deepEqual(
      gapsOf([
        { kind: 'unknown', gaps: [jobsDenied] },
        { kind: 'none' },
        running(aJob()),
        { kind: 'unknown', gaps: [{ ...jobsDenied }, restoresDenied] },
      ]),
      [jobsDenied, restoresDenied],
    );
  });
});
