import { strict as assert } from 'node:assert';
import type { BackupError } from '../../../src/core/service/errors';
import { Emitter } from '../../../src/core/kernel/events';
import type { NoticeAction } from '../../../src/core/interaction/interaction';
import type { CallFailure, Operation } from '../../../src/core/operations/operation';
import type { MachineOutcome } from '../../../src/core/operations/outcomes';
import { showSummaries } from '../../../src/core/operations/summary';
import { aMachine, anOperation } from './taskPageOperations';

describe('the one notice at the end of an operation', () => {
  let ends: Emitter<Operation>;
  let told: string[];
  let failures: BackupError[];
  let actions: readonly NoticeAction[];
  let chosen: string[];

  beforeEach(() => {
    ends = new Emitter();
    told = [];
    failures = [];
    actions = [];
    chosen = [];
    const tell =
      (level: string) =>
      (message: string, offered: readonly NoticeAction[] = []): void => {
        told.push(`${level}: ${message}`);
        actions = offered;
      };
    const notices = {
      info: tell('info'),
      warn: tell('warn'),
      failure: (error: BackupError, offered: readonly NoticeAction[] = []): void => {
        failures.push(error);
        actions = offered;
      },
    };
    showSummaries(
      { onDidEnd: ends.event },
      {
        notices,
        showReport: (id, onlyFailures) => chosen.push(`show ${id}${onlyFailures ? ' failures' : ''}`),
        resumeTracking: (id) => chosen.push(`resume ${id}`),
        again: ({ id }, how) => chosen.push(`${how} ${id}`),
      },
    );
  });

  function end(outcomes: readonly MachineOutcome[], fields: Partial<Operation> = {}): void {
    const machines = outcomes.map((outcome, at) => aMachine({ outcome }, `web-${String(at + 1)}`));
    ends.fire(anOperation({ phase: 'ended', calls: [], machines, ...fields }));
  }

  it('counts, warns when not all is well, and offers the failures and to try them again', () => {
    end(['done', 'failed', 'refused', 'unconfirmed', 'not-sent']);
    assert.deepEqual(told, [
      'warn: Upgraded 1 of 5 clients. 1 failed, 1 rejected, 1 not verified, 1 not started.',
    ]);
    for (const { run } of actions) run();
    assert.deepEqual(chosen, ['show op-1 failures', 'retry op-1']);
  });

  it('offers no retry of what may have been done already', () => {
    end(['done', 'unknown', 'unconfirmed']);
    assert.deepEqual(
      actions.map(({ label }) => label),
      ['Show Failures'],
    );
  });

  it('names machine and version of a single success, and shows the whole report', () => {
    end(['done']);
    assert.deepEqual(told, ['info: Upgraded web-1 to 2.4.5.']);
    actions[0]?.run();
    assert.deepEqual(chosen, ['show op-1']);
  });

  it('names the reason for one machine that did not get there', () => {
    end([], { machines: [aMachine({ outcome: 'failed', reason: 'UPGRADE_FAILED' })] });
    assert.match(told[0] ?? '', /^warn: Couldn't upgrade web-01\. The upgrade failed on the instance\./);
  });

  it('is the failure of the call when it reached no machine, naming the missing permission', () => {
    const failure: CallFailure = {
      code: 'permission-denied',
      message: 'denied',
      serviceCode: 'Forbidden.RAM',
      requestId: 'r-1',
      ambiguous: false,
    };
    const call = { id: '1', machineKeys: ['k-web-1'], state: 'failed', intentAt: 0, failure } as const;
    end(['refused', 'not-sent'], { calls: [call] });
    const [error] = failures;
    assert.deepEqual(
      [error?.code, error?.serviceCode, error?.requestId, error?.ramAction],
      ['permission-denied', 'Forbidden.RAM', 'r-1', 'hbr:UpgradeBackupClients'],
    );
    assert.deepEqual(told, []);
    // The other button is what helps against the failure.
    assert.deepEqual(
      actions.map(({ label }) => label),
      ['Show Failures'],
    );
  });

  it('leads on from a stop by the user, which is no warning', () => {
    end(['done', 'stopped', 'stopped']);
    assert.deepEqual(told, ['info: Upgrade 3 clients: Stopped by you · 1 completed · 2 not started']);
    assert.deepEqual(
      actions.map(({ label }) => label),
      ['Continue with 2…', 'Show Details'],
    );
    for (const { run } of actions) run();
    assert.deepEqual(chosen, ['continue op-1', 'show op-1']);
  });

  it('shows the failures first where the user stopped because of them', () => {
    end(['failed', 'stopped']);
    assert.deepEqual(told, [
      'warn: Upgrade 2 clients: Stopped by you, with errors · 1 failed · 1 not started',
    ]);
    assert.deepEqual(
      actions.map(({ label }) => label),
      ['Show Failures', 'Continue with 1…'],
    );
  });

  const captive: CallFailure = { code: 'unexpected-reply', message: 'a page', ambiguous: false };
  const found = (finding: 'ran' | 'not-run', count: number) => ({
    id: '1',
    machineKeys: Array.from({ length: count }, (_, n) => `k-web-${n + 1}`),
    state: 'resolved' as const,
    intentAt: 0,
    failure: captive,
    finding,
  });

  for (const count of [1, 2]) {
    it(`does not doubt what reading found of a lost answer about ${count}: the request did not run`, () => {
      const machines = Array.from({ length: count }, (_, n) =>
        aMachine({ outcome: 'not-sent', reason: 'not-run' }, `web-${n + 1}`),
      );
      end([], { machines, calls: [found('not-run', count)] });
      assert.deepEqual(failures, []);
      assert.match(
        told[0] ?? '',
        /(?:wasn't upgraded|not started)\..*The client list shows that the request didn't run\.$/,
      );
      assert.doesNotMatch(told[0] ?? '', /may have run/);
    });
  }

  it('gives the reason of the machine where the answer was lost and the request ran', () => {
    const machines = [aMachine({ outcome: 'failed', reason: 'UPGRADE_FAILED' }, 'web-1')];
    end([], { machines, calls: [found('ran', 1)] });
    assert.match(told[0] ?? '', /The upgrade failed on the instance/);
    assert.doesNotMatch(told[0] ?? '', /may have run/);
  });

  it('says after tracking was stopped that the service goes on, with a way back', () => {
    end(['done', 'unwatched', 'unwatched'], { watchingStopped: true });
    assert.deepEqual(
      [told, failures],
      [
        [
          'info: Upgrade 3 clients: Not tracked · 1 completed · 2 not tracked. Cloud Backup continues with what was started.',
        ],
        [],
      ],
    );
    assert.deepEqual(
      actions.map(({ label }) => label),
      ['Resume Tracking', 'Show Details'],
    );
    actions[0]?.run();
    assert.deepEqual(chosen, ['resume op-1']);
  });
});
