import { strict as assert } from 'node:assert';
import type { MachineProgress, Operation } from '../../../src/core/operations/operation';
import type { MachineOutcome } from '../../../src/core/operations/outcomes';
import { taskEnd } from '../../../src/core/operations/taskEnd';
import { operationPageState } from '../../../src/core/pages/operation/operationPage';
import type { ClientTable } from '../../../src/core/pages/operation/clientTable';
import { aScope } from '../../support/builders';
import { aCall, aMachine, anOperation, aTask, startedAt } from '../operations/taskPageOperations';

const now = startedAt + 60_000;
const cellsOf = ({ columns, rows }: ClientTable, id: string) => {
  const at = columns.findIndex((column) => column.id === id);
  return rows.map(({ cells }) => cells[at]?.text);
};
const stateOf = (operation: Operation, nextCheckAt?: number, known: readonly Operation[] = []) =>
  operationPageState(operation, { now, nextCheckAt, known, timeInWords: () => '12:00' });

const hostile = '[Fix](command:workbench.action.quit) $(check)\u202E <img src=x>\n';

describe('the page of an operation', () => {
  it('names the action, the clients, and who does it where', () => {
    const state = stateOf(anOperation({ scope: aScope({ accountId: '42', regionId: 'cn-hangzhou' }) }));
    assert.equal(state.title, 'Upgrade 2 clients');
    assert.equal(state.place, 'Production · China (Hangzhou) · account 42');
    assert.equal(state.demo, undefined);
  });

  it('names one client instead of counting it, and says Demo for demo data', () => {
    const state = stateOf(anOperation({ machines: [aMachine()], demo: true }));
    assert.equal(state.title, 'Upgrade web-01');
    assert.equal(state.demo, 'Demo');
  });

  it('shows the account whose machines are meant', () => {
    const scope = aScope({
      accountId: '42',
      crossAccount: { type: 'CROSS_ACCOUNT', userId: '99', roleName: 'r' },
    });
    assert.match(stateOf(anOperation({ scope })).place, / · account 99 through 42$/);
    const filter = { tags: [{ key: 'team', value: 'shop' }] };
    const { place } = stateOf(anOperation({ scope: { ...scope, filter } }));
    assert.match(place, / · China \(Hangzhou\) · account 99 through 42 · team=shop$/);
  });

  it('lists clients that were left out, with the reason that the confirmation gave', () => {
    const leftOut = [
      { name: hostile, instanceId: 'i-1', clientId: 'c-1', reason: 'not installed' },
      { name: 'c-2', clientId: 'c-2', reason: 'already up to date' },
    ];
    assert.deepEqual(stateOf(anOperation()).leftOut, []);
    const rows = stateOf(anOperation({ leftOut })).leftOut;
    assert.deepEqual(
      rows.map(({ id, reason }) => `${id}: ${reason}`),
      ['i-1: not installed', ': already up to date'],
    );
    assert.ok(!/[\u202e\n]/.test(rows[0]?.name ?? ''));
  });

  it('carries the times that the page counts by, and no next check once it has ended', () => {
    assert.deepEqual(stateOf(anOperation(), now + 5000).times, { startedAt, nextCheckAt: now + 5000 });
    const ended = anOperation({ phase: 'ended', endedAt: now - 1000 });
    assert.deepEqual(stateOf(ended, now + 5000).times, { startedAt, endedAt: now - 1000 });
  });

  const outcomes: readonly (readonly [MachineOutcome, string, string])[] = [
    ['waiting', 'Waiting', 'waiting'],
    ['running', 'Running', 'running'],
    ['refused', 'Rejected', 'bad'],
    ['failed', 'Failed', 'bad'],
    ['confirming', 'Verifying', 'running'],
    ['done', 'Completed', 'good'],
    ['unconfirmed', 'Completed, not verified', 'warning'],
    ['not-sent', 'Not started', 'off'],
    ['stopped', 'Not started', 'off'],
    ['unknown', 'Result unknown', 'warning'],
    ['unwatched', 'Not tracked', 'off'],
  ];
  for (const [outcome, text, look] of outcomes) {
    it(`says a client that is ${outcome} in words and shape`, () => {
      const [row] = stateOf(anOperation({ machines: [aMachine({ outcome })] })).clients.rows;
      assert.deepEqual(row?.state, { text, look });
    });
  }

  it('says why a client was refused, and what its status is while it goes on', () => {
    const table = stateOf(
      anOperation({
        machines: [
          aMachine({ outcome: 'refused', reason: 'InstanceNotRunning' }),
          aMachine({ clientStatus: 'UPGRADING' }, 'b'),
          aMachine({ outcome: 'unconfirmed', clientVersion: '2.4.1' }, 'c'),
          aMachine({ outcome: 'unknown' }, 'd'),
          aMachine({ outcome: 'done', clientStatus: 'ACTIVATED' }, 'e'),
        ],
      }),
    ).clients;
    assert.deepEqual(cellsOf(table, 'details'), [
      'InstanceNotRunning',
      '',
      'The list still shows version 2.4.1. Refresh later.',
      "The request might have gone through. Refresh to see the client's status.",
      '',
    ]);
  });

  it('shows the versions of an upgrade, and of an install the one that is known', () => {
    const install = anOperation({
      action: 'install',
      machines: [
        { machine: { key: 'a', name: 'a', namedBy: 'instance' }, outcome: 'running' },
        { machine: { key: 'b', name: 'b', namedBy: 'instance' }, outcome: 'done', clientVersion: '2.5.0' },
      ],
    });
    const versions = (operation: Operation) => cellsOf(stateOf(operation).clients, 'version');
    assert.deepEqual(versions(install), ['', '2.5.0']);
    assert.deepEqual(versions(anOperation({ machines: [aMachine()] })), ['2.4.1 → 2.4.5']);
    const beyond = aMachine({ outcome: 'done', clientVersion: '2.4.6' });
    assert.deepEqual(versions(anOperation({ machines: [beyond] })), ['2.4.1 → 2.4.6']);
  });

  it('shows where a machine is that did not get to the version it was meant for', () => {
    const version = (action: Operation['action'], parts: Partial<MachineProgress>) =>
      cellsOf(stateOf(anOperation({ action, machines: [aMachine(parts)] })).clients, 'version')[0];
    for (const outcome of ['failed', 'refused', 'unconfirmed', 'not-sent', 'unknown', 'unwatched'] as const) {
      assert.equal(version('upgrade', { outcome }), '2.4.1', outcome);
      assert.equal(version('upgrade', { outcome, clientVersion: '2.4.1' }), '2.4.1', outcome);
      assert.equal(version('upgrade', { outcome, clientVersion: '2.4.3' }), '2.4.1 → 2.4.3', outcome);
      assert.equal(version('install', { outcome }), '', outcome);
    }
    for (const outcome of ['waiting', 'running', 'confirming'] as const) {
      assert.equal(version('upgrade', { outcome, clientVersion: '2.4.1' }), '2.4.1 → 2.4.5', outcome);
      assert.equal(version('install', { outcome }), '2.4.5', outcome);
    }
    assert.equal(version('upgrade', { outcome: 'done' }), '2.4.1 → 2.4.5');
    assert.equal(version('uninstall', { outcome: 'done', clientVersion: '2.4.1' }), '2.4.1');
  });

  it('shows what settings are changed from what to what, and of a password that it is changed', () => {
    const { machine } = aMachine();
    const settings = {
      values: { maxCpuCore: 4, proxyHost: hostile, useHttps: true },
      proxyPasswordChanged: true,
    } as const;
    const state = stateOf(
      anOperation({
        ...{ action: 'settings', settings },
        machines: [
          aMachine({
            outcome: 'done',
            machine: { ...machine, fromSettings: { maxCpuCore: 0, useHttps: true } },
          }),
          aMachine({ outcome: 'unconfirmed', clientVersion: '2.13.0' }, 'db-02'),
        ],
        calls: [
          { id: '1', machineKeys: ['k-web-01'], state: 'answered', intentAt: startedAt },
          { id: '2', machineKeys: ['k-db-02'], state: 'resolved', intentAt: startedAt, finding: 'ran' },
        ],
      }),
    );
    const columns = state.clients.columns.map(({ label }) => label);
    assert.equal(state.title, 'Change settings of 2 clients');
    assert.deepEqual(columns, ['Client', 'Instance ID', 'State', 'Change', 'Details']);
    const [one = '', other = ''] = cellsOf(state.clients, 'version');
    assert.match(
      one,
      /^Proxy host: not set → \[Fix\] \(command.*, Proxy password: changed, CPU cores per backup job: no limit → 4$/,
    );
    assert.doesNotMatch(one, /HTTPS|\u202E|\$\(/);
    assert.match(other, /^Transfer data over HTTPS: not set → Yes, /);
    assert.equal(cellsOf(state.clients, 'details')[1], 'The list still shows other values. Refresh later.');
    assert.deepEqual(
      state.calls.map(({ state: { text, look } }) => [text, look]),
      [
        ['Accepted', 'good'],
        ['Accepted', 'good'],
      ],
    );
  });

  it('makes every text of the service plain', () => {
    const state = stateOf(
      anOperation({
        profileName: hostile,
        machines: [aMachine({ outcome: 'failed', reason: hostile, clientVersion: hostile }, hostile)],
        calls: [aCall({ taskId: hostile, requestId: hostile, task: aTask({ state: hostile }) })],
      }),
    );
    const shown = JSON.stringify({
      ...state,
      texts: {},
      clients: state.clients.rows.map((row) => ({ ...row, key: '' })),
    });
    assert.doesNotMatch(shown, /\]\(|\$\(|\u202e|\\n/u);
    assert.match(state.title, /^Upgrade \[Fix\] \(command/);
  });

  const standings: readonly (readonly [string, Partial<Operation>, string, string])[] = [
    ['calls go out', { phase: 'sending' }, 'Starting', 'running'],
    ['it was stopped by the user', ended('done', 'stopped'), 'Stopped by you', 'off'],
    ['it was stopped after failures', ended('failed', 'stopped'), 'Stopped by you, with errors', 'warning'],
    ['tasks run', { phase: 'watching' }, 'Running', 'running'],
    ['the list is read', { phase: 'confirming' }, 'Verifying', 'running'],
    ['all are done', ended('done', 'done'), 'Completed', 'good'],
    ['one is not confirmed', ended('done', 'unconfirmed'), 'Completed, not verified', 'warning'],
    ['one failed', ended('done', 'failed'), 'Completed with errors', 'warning'],
    ['none got there', ended('refused', 'failed'), 'Failed', 'bad'],
    ['nothing was sent', ended('not-sent', 'not-sent'), 'Not started', 'off'],
    ['nothing is known', ended('unknown', 'unknown'), 'Result unknown', 'warning'],
    ['nobody watches', { ...ended('unwatched', 'done'), watchingStopped: true }, 'Not tracked', 'off'],
  ];
  for (const [when, parts, text, look] of standings) {
    it(`says where the operation stands when ${when}`, () => {
      assert.deepEqual(stateOf(anOperation(parts)).standing, { text, look });
    });
  }

  it('offers only what can be done now', () => {
    const offered = (parts: Partial<Operation>) =>
      stateOf(anOperation(parts)).commands.map(({ command }) => command);
    assert.deepEqual(offered({ phase: 'sending' }), ['checkNow', 'stopSending', 'exportReport']);
    assert.deepEqual(offered({ phase: 'sending', sendingStopped: true }), ['checkNow', 'exportReport']);
    assert.deepEqual(offered({ phase: 'watching' }), ['checkNow', 'stopWatching', 'exportReport']);
    assert.deepEqual(offered({ phase: 'confirming' }), ['checkNow', 'stopWatching', 'exportReport']);
    assert.deepEqual(offered(ended('done')), ['exportReport']);
    assert.deepEqual(offered(ended('done', 'failed')), ['retryFailed', 'exportReport']);
  });

  it('offers no retry of what another operation has tried again', () => {
    const failed = anOperation({ id: 'first', ...ended('done', 'failed') });
    const retry = anOperation({ id: 'again', retryOf: 'first', machines: failed.machines });
    const commands = stateOf(failed, undefined, [failed, retry]).commands.map(({ command }) => command);
    assert.deepEqual(commands, ['exportReport']);
  });

  it('shows waves and how they went, and none where all is sent at once', () => {
    const machines = [
      aMachine({ outcome: 'done' }),
      aMachine({ outcome: 'failed' }, 'b'),
      aMachine({ outcome: 'waiting' }, 'c'),
    ];
    const waves = [
      { number: 1, machineKeys: ['k-web-01', 'k-b'], state: 'ended' },
      { number: 2, machineKeys: ['k-c'], state: 'waiting' },
    ] as const;
    const state = stateOf(anOperation({ machines, waves, strategy: { kind: 'batches', size: 2 } }));
    assert.deepEqual(
      state.waves.map(({ name, clients, state: { text }, summary }) => [name, clients, text, summary]),
      [
        ['Wave 1', 2, 'Completed with errors', '1 completed · 1 failed'],
        ['Wave 2', 1, 'Waiting', ''],
      ],
    );
    const calls = [aCall({ machineKeys: ['k-b'], intentAt: startedAt + 1000 })];
    const inZones = stateOf(anOperation({ machines, waves, calls, strategy: { kind: 'zones' } })).waves;
    assert.deepEqual(
      inZones.map(({ name }) => name),
      ['Wave 1, No zone', 'Wave 2, No zone'],
    );
    assert.deepEqual(
      inZones.map((wave) => wave.startedAt),
      [startedAt + 1000, undefined],
    );
    assert.deepEqual(cellsOf(state.clients, 'wave'), ['1', '1', '2']);
    assert.deepEqual(stateOf(anOperation()).waves, []);
  });

  it('tells each cause once, the most frequent first', () => {
    const refused = { outcome: 'refused', reason: 'InstanceNotRunning' } as const;
    const machines = [
      aMachine({ outcome: 'failed', reason: 'UPGRADE_FAILED' }),
      aMachine(refused, 'b'),
      aMachine(refused, 'c'),
      aMachine({ outcome: 'done' }, 'd'),
    ];
    assert.deepEqual(
      stateOf(anOperation({ machines })).problems.map(({ cause, label, names }) => [cause, label, names]),
      [
        ['InstanceNotRunning', '2 clients', 'b, c'],
        ['Upgrade failed', '1 client', 'web-01'],
      ],
    );
    assert.match(stateOf(anOperation({ machines })).problems[0]?.text ?? '', /isn't running\. Start it/);
  });

  it('names at most five clients of a cause, and counts the others', () => {
    const names = (count: number) => {
      const machines = Array.from({ length: count }, (_, at) =>
        aMachine({ outcome: 'failed', reason: 'DiskFull' }, `m-${String(at)}`),
      );
      return stateOf(anOperation({ machines })).problems[0]?.names;
    };
    assert.equal(names(6), 'm-0, m-1, m-2, m-3, m-4, m-5');
    assert.equal(names(30), 'm-0, m-1, m-2, m-3, m-4, 25 more');
  });

  it('says the cause of a client in a few words, and whole to who points at it', () => {
    const cellOf = (parts: Partial<MachineProgress>) => {
      const { columns, rows } = stateOf(anOperation({ machines: [aMachine(parts)] })).clients;
      const cell = rows[0]?.cells[columns.findIndex(({ id }) => id === 'details')];
      return [cell?.text, cell?.title];
    };
    assert.deepEqual(cellOf({ outcome: 'not-sent', reason: 'failure-limit' }), [
      'Failure limit reached',
      'The failure limit was reached. Fix the cause, then retry the rest.',
    ]);
    const [unknown, sentence] = cellOf({ outcome: 'failed', reason: 'DiskFull' });
    assert.equal(unknown, 'DiskFull');
    assert.match(sentence ?? '', /^The instance reported DiskFull/);
  });

  it('has no column for details while there are none', () => {
    const columns = (parts: Partial<MachineProgress>) =>
      stateOf(anOperation({ machines: [aMachine(parts)] })).clients.columns.map(({ id }) => id);
    assert.ok(!columns({ clientStatus: 'UPGRADING' }).includes('details'));
    assert.ok(columns({ clientStatus: 'ACTIVATED' }).includes('details'));
  });

  it('makes primary what one needs, and not what can wait', () => {
    const primary = (operation: Operation) =>
      stateOf(operation).commands.flatMap(({ command, primary }) => (primary ? [command] : []));
    assert.deepEqual(primary(anOperation()), []);
    assert.deepEqual(primary(anOperation(ended('done'))), []);
    assert.deepEqual(primary(anOperation(ended('done', 'failed'))), ['retryFailed']);
    assert.deepEqual(primary(anOperation(ended('stopped', 'failed'))), ['continueRollout']);
    assert.deepEqual(primary(anOperation({ ...ended('unwatched'), watchingStopped: true })), ['watchAgain']);
  });

  it('tells the cause before what only followed from it, however many that kept back', () => {
    const kept = { outcome: 'not-sent', reason: 'failure-limit' } as const;
    const machines = [
      aMachine({ outcome: 'failed', reason: 'UPGRADE_FAILED' }),
      aMachine(kept, 'b'),
      aMachine(kept, 'c'),
    ];
    assert.deepEqual(
      stateOf(anOperation({ machines })).problems.map(({ code }) => code),
      ['UPGRADE_FAILED', 'failure-limit'],
    );
  });

  it('sums up what is not zero', () => {
    const outcomesOfAll = outcomes.map(([outcome]) => outcome);
    assert.equal(
      stateOf(anOperation(ended(...outcomesOfAll))).summary,
      '1 completed · 1 failed · 1 rejected · 1 not verified · 1 unknown · 1 not tracked · 2 running · 1 waiting · 2 not started',
    );
  });
});

describe('a request on the page of an operation', () => {
  const callOf = (parts: Parameters<typeof aCall>[0], operation: Partial<Operation> = {}) => {
    const [row] = stateOf(anOperation({ ...operation, calls: [aCall(parts)] })).calls;
    assert.ok(row);
    return row;
  };

  it('shows the task, its progress and every RequestId', () => {
    const row = callOf({ task: aTask() });
    assert.equal(row.taskId, 't-1');
    assert.equal(row.clients, 2);
    assert.deepEqual(row.state, { text: 'Running, 40%', look: 'running' });
    assert.deepEqual(row.requestIds, [
      { label: 'Submitted', id: 'REQ-1' },
      { label: 'Last check', id: 'REQ-2' },
    ]);
  });

  const ends: readonly (readonly [string, number, string, string])[] = [
    ['completed', 100, 'Completed', 'good'],
    ['completed', -1, 'Failed', 'bad'],
    ['expired', 60, 'Expired', 'bad'],
    ['cancelled', 60, 'Canceled', 'bad'],
    ['not-found', 0, 'Not found', 'warning'],
  ];
  for (const [state, progress, text, look] of ends) {
    it(`says how a task ended: ${state}, ${String(progress)}`, () => {
      const end = taskEnd({ state, progress });
      assert.deepEqual(callOf({ task: aTask({ state, progress, ...(end && { end }) }) }).state, {
        text,
        look,
      });
    });
  }

  it('does not look good when the task completed and a client of it failed', () => {
    const machines = [aMachine(), aMachine({ outcome: 'failed' }, 'db-02')];
    const task = aTask({ state: 'completed', progress: 100, end: 'completed' });
    assert.deepEqual(callOf({ task }, { machines }).state, { text: 'Completed, 1 failed', look: 'warning' });
  });

  it('says why a call failed, with the code and RequestId of the service', () => {
    const failure = {
      code: 'throttled',
      serviceCode: 'Throttling.User',
      message: 'flow control',
      requestId: 'REQ-9',
      ambiguous: false,
    } as const;
    const unanswered = { id: 'call-1', machineKeys: ['k-web-01'], intentAt: startedAt };
    const [row] = stateOf(anOperation({ calls: [{ ...unanswered, state: 'failed', failure }] })).calls;
    assert.equal(row?.taskId, '');
    assert.deepEqual(row.state, { text: 'Failed', look: 'bad' });
    assert.equal(
      row.details,
      'Alibaba Cloud is receiving too many requests. Try again in a minute. (Code: Throttling.User)',
    );
    assert.deepEqual(row.requestIds, [{ label: 'Submitted', id: 'REQ-9' }]);
  });

  it('does not call a lost answer a failure', () => {
    const failure = { code: 'connection-lost', message: '', ambiguous: true } as const;
    const row = callOf({ state: 'failed', failure });
    assert.deepEqual(row.state, { text: 'Result unknown', look: 'warning' });
    assert.match(row.details, /might still have gone through/);
  });

  it('says what reading found after an answer was lost', () => {
    const found = (finding: 'ran' | 'not-run' | 'unknown') =>
      callOf({ state: 'resolved', finding }).state.text;
    assert.deepEqual(
      [found('ran'), found('not-run'), found('unknown')],
      ['Running', 'Not run', 'Result unknown'],
    );
  });

  it('does not doubt what reading found after an answer was lost', () => {
    const failure = { code: 'unexpected-reply', message: '', ambiguous: false } as const;
    const detailsOf = (finding: 'not-run' | 'unknown') =>
      callOf({ state: 'resolved', finding, failure: { ...failure, ambiguous: finding === 'unknown' } })
        .details;
    assert.match(detailsOf('not-run'), /The client list shows that the request didn't run\.$/);
    assert.match(detailsOf('unknown'), /might still have gone through/);
  });

  it('says of a client that is done nevertheless what its task said', () => {
    const machines = [aMachine({ outcome: 'done', reason: 'cancelled' })];
    const { clients } = stateOf(anOperation({ machines }));
    const [row] = clients.rows;
    assert.deepEqual(
      [cellsOf(clients, 'details')[0], row?.code, row?.problem],
      ['Verified by the client list, although the task reported cancelled.', '', false],
    );
  });

  it('no longer says Sending of a call whose operation has ended', () => {
    assert.equal(callOf({ state: 'intent' }).state.text, 'Sending');
    assert.equal(callOf({ state: 'intent' }, { phase: 'ended' }).state.text, 'Result unknown');
  });
});

function ended(...outcomes: readonly MachineOutcome[]): Partial<Operation> {
  return {
    phase: 'ended',
    endedAt: now,
    machines: outcomes.map((outcome, index) => aMachine({ outcome }, `m-${String(index)}`)),
  };
}
