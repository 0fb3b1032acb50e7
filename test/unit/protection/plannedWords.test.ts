import { strict as assert } from 'node:assert';
import type { PlannedBackup } from '../../../src/core/protection/plannedBackups';
import {
  nextRunInWords,
  plannedInWords,
  plannedNameInWords,
  retentionInWords,
} from '../../../src/core/protection/plannedWords';

// Local times, as the texts are in the zone of this computer.
const now = new Date(2026, 10, 18, 15, 0).getTime();
const seconds = (...at: [number, number, number, number, number]) => new Date(...at).getTime() / 1000;
const plain = (text: string) => text.replace(/\u202f/g, ' ');

const bare: PlannedBackup = {
  kind: 'plan',
  id: 'plan-1',
  schedules: [`I|${String(seconds(2026, 10, 18, 15, 25))}|P1D`],
  disabled: false,
  edition: 'STANDARD',
};
const nightly: PlannedBackup = { ...bare, name: 'nightly', retentionDays: 30 };

describe('words for planned backups', () => {
  it('say when the next backup runs, the more exactly the sooner', () => {
    const times: readonly [number, string][] = [
      [now / 1000, 'now'],
      [seconds(2026, 10, 18, 15, 1), 'in 1 min'],
      [seconds(2026, 10, 18, 15, 25), 'in 25 min'],
      [seconds(2026, 10, 18, 23, 30), 'at 11:30 PM'],
      [seconds(2026, 10, 19, 2, 0), 'at 2:00 AM tomorrow'],
      [seconds(2026, 10, 20, 2, 0), 'on Nov 20 at 2:00 AM'],
      [seconds(2027, 0, 15, 8, 0), 'on Jan 15, 2027 at 8:00 AM'],
    ];
    for (const [at, text] of times) assert.equal(plain(nextRunInWords({ kind: 'at', at }, now)), text);
    const lateNow = new Date(2026, 11, 31, 23, 50).getTime();
    assert.equal(
      plain(nextRunInWords({ kind: 'at', at: seconds(2027, 0, 1, 0, 55) }, lateNow)),
      'at 12:55 AM tomorrow',
    );
  });

  it('show a schedule that is not understood as it came, made safe', () => {
    assert.equal(nextRunInWords({ kind: 'none' }, now), 'not scheduled');
    assert.equal(nextRunInWords({ kind: 'unknown' }, now), "couldn't tell");
    const by = { ...nightly, schedules: ['W|1790013600|1,3\u202e'] };
    assert.equal(nextRunInWords({ kind: 'unknown', by }, now), 'W|1790013600|1,3');
  });

  it('name a plan or policy with its next run and how long backups are kept', () => {
    assert.equal(
      plannedInWords(nightly, now),
      'Backup plan nightly: next backup in 25 min, kept for 30 days',
    );
    assert.equal(
      plannedInWords({ ...nightly, disabled: true }, now),
      'Backup plan nightly: suspended, kept for 30 days',
    );
    assert.equal(
      plannedInWords({ ...bare, kind: 'policy', id: 'po-1', schedules: [] }, now),
      "Backup policy po-1: couldn't tell when it runs next",
    );
    assert.equal(
      plannedInWords({ ...bare, schedules: ['I|1790013600|P1M'] }, now),
      'Backup plan plan-1: schedule not recognized: I|1790013600|P1M',
    );
    assert.equal(plannedNameInWords({ ...nightly, name: '' }), 'Backup plan plan-1');
    assert.equal(retentionInWords(1), 'kept for 1 day');
  });
});
