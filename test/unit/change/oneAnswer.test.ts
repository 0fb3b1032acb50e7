import { strict as assert } from 'node:assert';
import { planDocumentOf } from '../../../src/core/change/document';
import { detailsOf } from '../../../src/core/change/draftTexts';
import { nothingChecked } from '../../../src/core/change/precheck';
import { reportOf, type ReportFormat } from '../../../src/core/operations/report/report';
import { backupSection } from '../../../src/core/pages/client/backupFields';
import { plannedBackups } from '../../../src/core/protection/plannedBackups';
import { unknownWork, worksBy, type Machine, type Work } from '../../../src/core/protection/work';
import type { Job } from '../../../src/core/service/protection';
import { aClient, aScope } from '../../support/builders';
import { aDraft, nowMs } from '../../support/draftBuilders';
import { aJob, aPlan } from '../../support/protectionBuilders';
import { aMachine, anOperation } from '../operations/taskPageOperations';

const now = nowMs / 1000;
const machine: Machine = { instanceId: 'i-1', clientId: 'c-1' };
const client = aClient({
  ...{ instanceName: 'web', instanceId: 'i-1', clientId: 'c-1', clientVersion: '2.4.1' },
});
const read = <T>(...rows: readonly T[]) => ({ rows, gaps: [] });
const planned = plannedBackups({
  plans: read(aPlan({ schedule: `I|${now + 3600}|P1D` })),
  ...{ policies: read(), bindings: read(), essential: read() },
});
const going = (parts: Partial<Job> = {}) => worksBy(read(aJob(parts)), aScope(), now)(machine);

/** What each place says of one machine. */
function everywhere(work: Work) {
  const checks = { ...nothingChecked, works: new Map([['i-1', work]]), planned };
  const draft = aDraft('upgrade', [client], { checks });
  const { interrupted, notes } = detailsOf(draft);
  const one = aMachine({ outcome: 'done' }, 'web');
  const operation = anOperation({
    phase: 'ended',
    endedAt: nowMs,
    machines: [{ ...one, machine: { ...one.machine, work } }],
  });
  const report = (format: ReportFormat) =>
    reportOf(operation, format, { redact: (text) => text, dateInWords: String });
  const { fields, note } = backupSection(
    'web',
    { work, planned: planned.of(machine), last: { kind: 'unknown' }, lastGaps: [] },
    { nowMs, isEcs: true },
  );
  const { machines } = JSON.parse(report('json')) as {
    readonly machines: readonly [{ readonly backups: { readonly whenAgreed: string } }];
  };
  return {
    confirm: [...interrupted, ...notes].join(' '),
    document: planDocumentOf(draft, 'now').text,
    page: `${fields.find(({ label }) => label === 'Running now')?.text ?? ''} ${note}`,
    csv: report('csv'),
    markdown: report('md'),
    json: machines[0].backups.whenAgreed,
  };
}

describe('what is known of one machine', () => {
  it('is the same in the confirmation, the plan, the page of the client, and every export', () => {
    const denied = unknownWork('permission-denied');
    const table: readonly (readonly [
      work: Work,
      json: string,
      words: Record<'confirm' | 'document' | 'page' | 'csv' | 'markdown', RegExp>,
    ])[] = [
      [
        going({ percent: 42.5 }),
        'running',
        {
          confirm: /A backup is running on web \(43%\)\./,
          document: /\| Backup, 43%[^|]* \| at /,
          page: /^Backup, 43% /,
          csv: /"Running, Job ID job-1"/,
          markdown: /\| Running, Job ID job-1 \|/,
        },
      ],
      [
        going({ kind: 'restore', jobId: 'r-1', status: 'QUEUED', percent: 0 }),
        'running',
        {
          confirm: /A restore is queued on web\./,
          document: /\| Restore, queued[^|]* \| at /,
          page: /^Restore, queued /,
          csv: /"Running, Job ID r-1"/,
          markdown: /\| Running, Job ID r-1 \|/,
        },
      ],
      // A word of the future, whose client was installed before, and which reported nothing for long.
      [
        going({ status: 'THROTTLED', clientId: 'c-0' }),
        'running',
        {
          confirm: /running on web\..*might not be its own/,
          document: /\| Backup[^|]* \| at [^#]*## Details[^#]*might not be its own/,
          page: /^Backup .*might not be its own/,
          csv: /"Running, Job ID job-1"/,
          markdown: /\| Running, Job ID job-1 \|/,
        },
      ],
      [
        going({ updatedTime: now - 90_000 }),
        'running',
        {
          confirm: /might be stuck/,
          document: /## Details[^#]*might be stuck/,
          page: /might be stuck/,
          csv: /"Running, Job ID job-1"/,
          markdown: /\| Running, Job ID job-1 \|/,
        },
      ],
      [
        { kind: 'none' },
        'none',
        {
          confirm: /No running backups or restores were found\./,
          document: /\| None found \| at /,
          page: /^None found $/,
          csv: /,None found,/,
          markdown: /^(?!.*when confirmed)/s,
        },
      ],
      [
        denied,
        'unknown',
        {
          confirm: /Couldn't tell whether backups or restores are running: you don't have/,
          document: /\| Couldn't tell \| at [^#]*## Details[^#]*Couldn't tell whether backups or restores/,
          page: /^Couldn't tell Couldn't tell whether backups or restores are running: you don't have/,
          csv: /Couldn't tell whether backups or restores are running: you don't have/,
          markdown: /\| Couldn't tell whether backups or restores are running: you don't have/,
        },
      ],
    ];
    for (const [work, json, words] of table) {
      const said = everywhere(work);
      assert.equal(said.json, json);
      for (const place of ['confirm', 'document', 'page', 'csv', 'markdown'] as const) {
        assert.match(said[place], words[place], place);
        if (work.kind !== 'none') assert.doesNotMatch(said[place], /none found|were found/i, place);
        if (work.kind !== 'running') assert.doesNotMatch(said[place], /backup running|is running on/i, place);
      }
    }
  });
});
