import { strict as assert } from 'node:assert';
import { Emitter } from '../../../src/core/kernel/events';
import type { NoticeAction } from '../../../src/core/interaction/interaction';
import type { RunningJob } from '../../../src/core/protection/work';
import { showHolds } from '../../../src/core/operations/heldNotice';
import { startedInWords, summaryInWords } from '../../../src/core/operations/noticeTexts';
import type {
  Hold,
  MachineProgress,
  Operation,
  PlannedMachine,
} from '../../../src/core/operations/operation';
import { holdInWords } from '../../../src/core/operations/holdWords';
import { reportOf } from '../../../src/core/operations/report/report';
import { leftFor, retryPlanOf } from '../../../src/core/operations/retryPlan';
import { outcomes } from '../../../src/core/operations/outcomes';
import { buildTaskTree } from '../../../src/core/operations/taskTree';
import { stateInWords } from '../../../src/core/operations/words';
import { ClientTables } from '../../../src/core/pages/operation/clientTable';
import { operationPageState } from '../../../src/core/pages/operation/operationPage';
import { aCall, aMachine, anOperation, startedAt } from './taskPageOperations';

const minute = 60_000;
const now = startedAt + 2 * minute;
const backup: RunningJob = {
  kind: 'backup',
  jobId: 'job-1',
  status: 'RUNNING',
  percent: 43,
  certain: true,
  stuck: false,
};
const restore: RunningJob = { ...backup, kind: 'restore', jobId: 'r-1' };
const hold = (...jobs: Hold['jobs']): Hold => ({ jobs, since: startedAt, until: startedAt + 120 * minute });

function waiting(name: string, held: Hold, machine: Partial<PlannedMachine> = {}): MachineProgress {
  const one = aMachine({ outcome: 'waiting', held }, name);
  return { ...one, machine: { ...one.machine, ...machine } };
}

const rowsOf = (operation: Operation) =>
  buildTaskTree([operation], { nowMs: now, dayInWords: String, timeInWords: () => '09:00' });

describe('clients that wait for a backup', () => {
  const operation = anOperation({
    phase: 'sending',
    machines: [
      aMachine({ outcome: 'done' }),
      waiting('db-02', hold(backup)),
      waiting('db-03', hold(restore), { work: { kind: 'none' } }),
      aMachine({}, 'web-04'),
    ],
  });

  it('are counted for what they wait for', () => {
    assert.equal(
      stateInWords(operation),
      'Running · 1 completed · 1 running · 1 waiting for a backup · 1 waiting for a restore',
    );
  });

  it('have a countdown in the Tasks view, with the Job ID behind it', () => {
    const [root] = rowsOf(operation);
    const [, two, three] = root?.children() ?? [];
    assert.equal(two?.description, 'Waiting for a backup, up to 1 h 58 min more');
    assert.equal(two.icon?.id, outcomes.waiting.icon.id);
    assert.equal(
      two.tooltip,
      'db-02\nWaiting for a backup, up to 1 h 58 min more\nBackup, 43%, Job ID job-1',
    );
    assert.equal(three?.description, 'Waiting for a restore, up to 1 h 58 min more');
    assert.match(three.tooltip, /\nThe restore started after you confirmed\. Restore, .*Job ID r-1$/);
  });

  it('have minutes below an hour, and seconds only in the last minute', () => {
    const leftAt = (ms: number) => holdInWords({ ...hold(backup), until: now + ms }, now);
    assert.deepEqual([60 * minute, 59 * minute, 90_000, 59_000, -5].map(leftAt), [
      'Waiting for a backup, up to 1 h 0 min more',
      'Waiting for a backup, up to 59 min more',
      'Waiting for a backup, up to 2 min more',
      'Waiting for a backup, up to 59 s more',
      'Waiting for a backup, up to 0 s more',
    ]);
  });

  it('are a group of their own among many', () => {
    const many = Array.from({ length: 31 }, (_, n) => aMachine({ outcome: 'waiting' }, `web-${n}`));
    const [root] = rowsOf({ ...operation, machines: [...many, waiting('db-02', hold(backup))] });
    assert.deepEqual(
      root?.children().map(({ label, description }) => [label, description]),
      [
        ['Waiting', '31'],
        ['Waiting for a backup', '1'],
      ],
    );
  });

  it('are all that an operation does once the others have ended', () => {
    const machines = [aMachine({ outcome: 'done' }), waiting('db-02', hold(backup))];
    const rest = { ...operation, machines };
    assert.equal(stateInWords(rest), 'Waiting for a backup · 1 completed · 1 waiting');
    const page = operationPageState(rest, {
      ...{ now, nextCheckAt: now + 30_000, known: [], timeInWords: String },
    });
    assert.deepEqual(page.standing, { text: 'Waiting for a backup', look: 'waiting' });
    assert.deepEqual(
      page.commands.map(({ command }) => command),
      ['checkNow', 'stopSending', 'exportReport'],
    );
  });

  it('have their limit on the page, which counts down to it', () => {
    const { columns, rows } = new ClientTables().of(operation, now);
    const details = columns.findIndex(({ id }) => id === 'details');
    assert.equal(rows[1]?.state.text, 'Waiting for a backup');
    assert.deepEqual(rows[1].cells[details], {
      text: 'Backup, 43%, Job ID job-1',
      until: startedAt + 120 * minute,
    });
  });

  it('are announced at the start where they were known', () => {
    const busy = { kind: 'running', jobs: [backup] } as const;
    const one = aMachine({ outcome: 'waiting' });
    const two = aMachine({ outcome: 'waiting' }, 'db-02');
    const included = { ...two, machine: { ...two.machine, work: busy, whenBusy: 'send' as const } };
    const held = { ...one, machine: { ...one.machine, work: busy } };
    assert.equal(
      startedInWords({ ...operation, machines: [held, included] }),
      'Upgrading 2 clients. 1 client waits for a backup.',
    );
  });
});

describe('clients that waited for a backup', () => {
  const ended = (...machines: readonly MachineProgress[]) =>
    anOperation({ phase: 'ended', endedAt: now, machines, calls: [aCall()], holdLimitMs: 5 * minute });
  const wasHeld = { jobs: [backup], ms: 725_000 } as const;
  const givenUp = aMachine({ outcome: 'not-sent', reason: 'job-running', wasHeld }, 'db-02');

  it('say how long', () => {
    const [root] = rowsOf({ ...ended(aMachine({ outcome: 'done', wasHeld })), endedAt: now });
    assert.equal(root?.children()[0]?.tooltip, 'web-01\nCompleted\nWaited 12 min 5 s for a backup.');
  });

  it('are continued when their backup outlasted the limit, and not called failed', () => {
    const operation = ended(aMachine({ outcome: 'done' }), givenUp);
    assert.equal(
      summaryInWords(operation),
      "Upgraded 1 of 2 clients. 1 not started. A backup or restore wasn't seen to end on 1 client before the time limit.",
    );
    assert.deepEqual(leftFor('retry', operation), []);
    const page = operationPageState(operation, {
      ...{ now, nextCheckAt: undefined, known: [], timeInWords: String },
    });
    assert.deepEqual(
      page.commands.map(({ label }) => label),
      ['Continue with 1…', 'Export…'],
    );
    assert.deepEqual(
      page.problems.map(({ cause, label }) => [cause, label]),
      [['Backup still running', '1 client']],
    );
  });

  it('are planned again without what was known then, and with the same limit', () => {
    const busy = { ...givenUp.machine, work: { kind: 'running', jobs: [backup] }, whenBusy: 'send' } as const;
    const plan = retryPlanOf('continue', ended(aMachine({ outcome: 'done' }), { ...givenUp, machine: busy }));
    assert.equal(plan?.holdLimitMs, 5 * minute);
    assert.ok(plan.machines[0] && !('work' in plan.machines[0]) && !('whenBusy' in plan.machines[0]));
  });
});

describe('the report of an operation on clients with backups', () => {
  const machineWith = (machine: Partial<PlannedMachine>, parts: Partial<MachineProgress>, name: string) => {
    const one = aMachine(parts, name);
    return { ...one, machine: { ...one.machine, ...machine } };
  };
  const operation = anOperation({
    phase: 'ended',
    endedAt: now,
    machines: [
      machineWith({ work: { kind: 'running', jobs: [backup] }, whenBusy: 'send' }, { outcome: 'done' }, 'a'),
      machineWith(
        { work: { kind: 'none' } },
        { outcome: 'done', wasHeld: { jobs: [restore], ms: 725_900 } },
        'b',
      ),
      machineWith(
        { work: { kind: 'unknown', gaps: [{ call: 'hbr:DescribeBackupJobs2', why: 'permission-denied' }] } },
        { outcome: 'done' },
        'c',
      ),
      machineWith({}, { outcome: 'done' }, 'd'),
    ],
  });
  const report = (format: 'md' | 'csv' | 'json', of = operation) =>
    reportOf(of, format, { redact: (text) => text, dateInWords: String });

  it('says in Markdown what was known, who was included, and who waited', () => {
    const text = report('md');
    for (const row of [
      '| a | Running, Job ID job-1 | Yes |  |',
      '| b | None found |  | 12 min 5 s, Job ID r-1 |',
      "| c | Couldn't tell whether backups are running: you don't have the hbr:DescribeBackupJobs2 permission. |  |  |",
    ]) {
      assert.ok(text.includes(row), text);
    }
    assert.ok(!text.includes('| d | Not asked'), text);
  });

  it('has no such part in Markdown where nothing ran', () => {
    const machines = [machineWith({ work: { kind: 'none' } }, { outcome: 'done' }, 'a')];
    assert.ok(!report('md', { ...operation, machines }).includes('when confirmed'));
  });

  it('says the same of every client in CSV', () => {
    const [head = '', ...rows] = report('csv').split('\r\n');
    const at = head.split(',').indexOf('Backup when confirmed');
    assert.deepEqual(head.split(',').slice(at, at + 4), [
      'Backup when confirmed',
      'Included anyway',
      'Waited',
      'Waited for',
    ]);
    assert.match(rows[0] ?? '', /,"Running, Job ID job-1",Yes,,,/);
    assert.match(rows[1] ?? '', /,None found,,12 min 5 s,r-1,/);
    assert.match(rows[3] ?? '', /,Not asked,,,,/);
  });

  it('says the same in JSON, in codes', () => {
    const { machines } = JSON.parse(report('json')) as { machines: readonly { backups: unknown }[] };
    assert.deepEqual(
      machines.map(({ backups }) => backups),
      [
        { whenAgreed: 'running', jobIds: ['job-1'], gaps: [], included: true },
        {
          ...{ whenAgreed: 'none', jobIds: [], gaps: [], included: false },
          waited: { seconds: 725, jobIds: ['r-1'] },
        },
        {
          ...{ whenAgreed: 'unknown', jobIds: [], included: false },
          gaps: [{ call: 'hbr:DescribeBackupJobs2', why: 'permission-denied' }],
        },
        { whenAgreed: 'not-asked', jobIds: [], gaps: [], included: false },
      ],
    );
  });
});

describe('the notice about clients that wait', () => {
  const world = () => {
    const changes = new Emitter<Operation>();
    const shown: { readonly message: string; readonly labels: readonly string[] }[] = [];
    let followed = true;
    const opened: string[] = [];
    let actions: readonly NoticeAction[] = [];
    showHolds(
      { onDidChange: changes.event, nextCheckAt: () => (followed ? now : undefined) },
      {
        notices: {
          info: (message, given = []) => {
            actions = given;
            shown.push({ message, labels: given.map(({ label }) => label) });
          },
        },
        showReport: (id) => opened.push(id),
      },
    );
    return {
      ...{ changes, shown, opened },
      leave: () => void (followed = false),
      click: () => actions[0]?.run(),
    };
  };
  const held = anOperation({ phase: 'sending', machines: [aMachine(), waiting('db-02', hold(backup))] });

  it('is shown once, and leads to the operation', () => {
    const w = world();
    w.changes.fire(anOperation({ phase: 'sending' }));
    w.changes.fire(held);
    w.changes.fire({ ...held });
    assert.deepEqual(w.shown, [
      { message: 'Upgrade 2 clients: 1 client waits for a backup.', labels: ['Show Details'] },
    ]);
    w.click();
    assert.deepEqual(w.opened, ['op-1']);
  });

  it('is not shown for what was known, nor in a window that does not follow the operation', () => {
    const w = world();
    const known = { work: { kind: 'running', jobs: [backup] } } as const;
    w.changes.fire({ ...held, machines: [aMachine(), waiting('db-02', hold(backup), known)] });
    w.leave();
    w.changes.fire(held);
    assert.deepEqual(w.shown, []);
  });
});
