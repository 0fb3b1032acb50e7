import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { planDocumentOf } from '../../../src/core/change/document';
import { draftOf, type Draft, type KeyedClient } from '../../../src/core/change/draft';
import { detailsOf } from '../../../src/core/change/draftTexts';
import type { WhenBusy } from '../../../src/core/change/interruption';
import { nothingChecked, type CheckFacts } from '../../../src/core/change/precheck';
import { verdictOf } from '../../../src/core/change/safety/safety';
import type { Strategy } from '../../../src/core/operations/operation';
import { plannedBackups } from '../../../src/core/protection/plannedBackups';
import { unknownWork, type Work } from '../../../src/core/protection/work';
import { taskActions, type Action } from '../../../src/core/service/actions';
import type { BackupClient } from '../../../src/core/service/model';
import type { BackupPlan, BackupPolicy, PolicyBinding } from '../../../src/core/service/protection';
import { aBareClient, aNamedClient as named } from '../../support/builders';
import { aDraft, noRules, nowMs } from '../../support/draftBuilders';

const now = nowMs / 1000;
const running: Work = {
  kind: 'running',
  jobs: [
    {
      kind: 'backup',
      jobId: 'job-1',
      status: 'RUNNING',
      percent: 43,
      certain: true,
      stuck: false,
      since: now - 300,
    },
  ],
};
const none: Work = { kind: 'none' };

/** A plan of a machine that runs next after so many minutes. */
const planOf = (name: string, minutes: number, fields: Partial<BackupPlan> = {}): BackupPlan => ({
  planId: `plan-${name}`,
  name: `nightly ${name}`,
  instanceId: `i-${name}`,
  edition: 'STANDARD',
  schedule: `I|${now + minutes * 60}|P1D`,
  retentionDays: 30,
  disabled: false,
  ...fields,
});

interface Read {
  readonly works?: Readonly<Record<string, Work>>;
  readonly plans?: readonly BackupPlan[];
  readonly policies?: readonly BackupPolicy[];
  readonly bindings?: readonly PolicyBinding[];
  readonly essential?: readonly string[];
}

/** What was read of machines, by the name of each. Without a gap. */
function checksOf({
  works = {},
  plans = [],
  policies = [],
  bindings = [],
  essential = [],
}: Read): CheckFacts {
  const rows = <T>(all: readonly T[]) => ({ rows: all, gaps: [] });
  return {
    ...nothingChecked,
    works: new Map(Object.entries(works).map(([name, work]) => [`i-${name}`, work])),
    planned: plannedBackups({
      plans: rows(plans),
      policies: rows(policies),
      bindings: rows(bindings),
      essential: rows(essential.map((name) => `i-${name}`)),
    }),
  };
}

const namesIn = (clients: readonly KeyedClient[]) => clients.map(({ client }) => client.instanceName);
const warningsOf = (draft: Draft) => detailsOf(draft).warnings;
const interruptedOf = (draft: Draft) => detailsOf(draft).interrupted;
const notesOf = (draft: Draft) => detailsOf(draft).notes.filter((line) => line !== '');

describe('a draft over clients on which something runs', () => {
  const clients = [named('busy'), named('free')];
  const checks = checksOf({ works: { busy: running, free: none } });
  const draft = (whenBusy: WhenBusy, action: Action = 'upgrade') =>
    aDraft(action, clients, { checks, whenBusy });

  it('has them in the plan, held until it ends, and records what was known and how long that may take', () => {
    const { busy, plan } = draft('wait');
    assert.deepEqual(namesIn(busy), ['busy']);
    assert.deepEqual(
      plan.machines.map(({ name, work, whenBusy }) => [name, work, whenBusy]),
      [
        ['busy', running, undefined],
        ['free', none, undefined],
      ],
    );
    assert.equal(plan.holdLimitMs, 7_200_000);
  });

  it('names a client that waits by its ClientId, and counts its request', () => {
    const namedBy = (whenBusy: WhenBusy) => {
      const { plan, requests } = draft(whenBusy);
      return [...plan.machines.map((machine) => machine.namedBy), requests];
    };
    assert.deepEqual(namedBy('wait'), ['client', 'instance', 2]);
    assert.deepEqual(namedBy('include'), ['instance', 'instance', 1]);
    const { text } = planDocumentOf(draft('wait'), 'now');
    assert.match(text, /Requests to send: at most 2/);
    assert.match(planDocumentOf(draft('include'), 'now').text, /Requests to send: 1/);
  });

  it('holds the installed one of two clients on an instance, whichever of them was named first', () => {
    const gone = named('gone', { instanceId: 'i-1', status: 'NOT_INSTALLED' });
    const live = named('live', { instanceId: 'i-1', status: 'STOPPED' });
    for (const both of [
      [gone, live],
      [live, gone],
    ]) {
      const read = { ...checks, works: new Map([['i-1+c-live', running]]) };
      const { busy, plan } = aDraft('install', both, { checks: read });
      assert.deepEqual(namesIn(busy), ['live']);
      assert.deepEqual(
        plan.machines.map(({ clientId, fromStatus, work }) => [clientId, fromStatus, work]),
        [['c-live', 'STOPPED', running]],
      );
    }
  });

  it('leaves them out with what runs, or includes them and nothing else', () => {
    const { plan, leftOut, busy } = draft('leave-out');
    assert.deepEqual([plan.machines.map(({ name }) => name), busy], [['free'], []]);
    assert.deepEqual(
      leftOut.map(({ client, obstacle, work }) => [client.instanceName, obstacle, work]),
      [['busy', 'job-running', running]],
    );
    assert.deepEqual(
      detailsOf(draft('leave-out')).leftOut.map((line) => line()),
      ['busy (i-busy, backup running, 43%)'],
    );
    assert.deepEqual(
      draft('include').plan.machines.map(({ name, whenBusy }) => [name, whenBusy]),
      [
        ['busy', 'send'],
        ['free', undefined],
      ],
    );
  });

  it('names them with percent and time, and says how long they can be waited for', () => {
    const [first] = interruptedOf(draft('wait'));
    assert.match(
      first ?? '',
      /^A backup is running on busy \(43%, since .+\)\. You can wait for it up to 2 hours\. If it still runs then, the client is left out\.$/,
    );
    const hour = aDraft('upgrade', clients, { checks, holdLimitMs: 90 * 60_000 });
    assert.match(interruptedOf(hour)[0] ?? '', /up to 90 min\./);
    assert.deepEqual(notesOf(draft('wait')), []);
  });

  it('adds the ID of a client where another one has the same name', () => {
    const twins = [named('busy', { instanceName: 'web' }), named('free', { instanceName: 'web' })];
    const plans = [planOf('free', 12)];
    const both = checksOf({ works: { busy: running }, plans });
    const [runs, soon] = interruptedOf(aDraft('uninstall', twins, { checks: both }));
    assert.match(runs ?? '', /^A backup is running on web \(i-busy\) \(43%/);
    assert.equal(soon, 'A backup starts soon on web (i-free) (in 12 min).');
    const [stop] = detailsOf(aDraft('uninstall', twins, { checks: both })).stops?.lines ?? [];
    assert.match(stop?.() ?? '', /^Backup plan nightly free on web \(i-free\): /);
  });

  it('says what happens to what runs where they are included', () => {
    assert.match(interruptedOf(draft('include'))[0] ?? '', /might fail: Cloud Backup doesn't say/);
    assert.match(interruptedOf(draft('include', 'uninstall')).join(), /What's running fails/);
  });

  it('says that nothing was found only where everything was read', () => {
    const noteOf = (works: Read['works']) =>
      notesOf(aDraft('upgrade', clients, { checks: checksOf(works ? { works } : {}) }));
    assert.deepEqual(noteOf({ busy: none, free: none }), ['No running backups or restores were found.']);
    assert.deepEqual(noteOf({ busy: none, free: unknownWork('permission-denied') }), [
      "Couldn't tell whether backups or restores are running: you don't have the hbr:DescribeBackupJobs2 and hbr:DescribeRestoreJobs2 permissions.",
    ]);
    assert.deepEqual(noteOf(undefined), []);
  });

  it('sends a client that nobody could tell about, and records that', () => {
    const unknown = unknownWork('failed');
    const { plan, busy } = aDraft('upgrade', [named('web')], {
      checks: checksOf({ works: { web: unknown } }),
    });
    assert.deepEqual([plan.machines[0]?.work, plan.machines[0]?.whenBusy, busy], [unknown, undefined, []]);
  });

  it('never has a client known to be busy in a plan without a hold, unless the user included it', () => {
    const aWork = fc.constantFrom(running, none, unknownWork('failed'), undefined);
    const anOrder: fc.Arbitrary<Strategy> = fc.constantFrom(
      { kind: 'all' } as const,
      { kind: 'canary' } as const,
      { kind: 'zones' } as const,
      { kind: 'batches', size: 3 } as const,
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...taskActions),
        fc.array(
          fc.record({ work: aWork, ticked: fc.boolean(), runsIn: fc.integer({ min: 0, max: 3000 }) }),
          {
            minLength: 1,
            maxLength: 12,
          },
        ),
        fc.constantFrom<WhenBusy>('wait', 'leave-out', 'include'),
        anOrder,
        (action, rows, whenBusy, order) => {
          const fleet = rows.map((_, n) =>
            named(`${n}`, { status: action === 'install' ? 'STOPPED' : 'ACTIVATED', zoneId: `z-${n % 3}` }),
          );
          const works = Object.fromEntries(rows.flatMap(({ work }, n) => (work ? [[`${n}`, work]] : [])));
          const plans = rows.map(({ runsIn }, n) => planOf(`${n}`, runsIn));
          const asked = aDraft(action, fleet, {
            checks: checksOf({ works, plans }),
            rollout: { order, maxFailures: 1 },
          });
          const chosen = asked.eligible.filter(({ key }) => rows[Number(key.slice(2))]?.ticked);
          const { plan, busy, eligible } = draftOf({ ...asked, chosen, whenBusy });
          const busyNow = plan.machines.filter(({ key }) => works[key.slice(2)]?.kind === 'running');
          assert.deepEqual(busy.length, busyNow.length);
          for (const { work, whenBusy: recorded } of busyNow) {
            assert.equal(work?.kind, 'running');
            assert.notEqual(whenBusy, 'leave-out');
            assert.equal(recorded, whenBusy === 'include' ? 'send' : undefined);
          }
          for (const machine of plan.machines) {
            if (machine.whenBusy === 'send') assert.equal(works[machine.key.slice(2)]?.kind, 'running');
          }
          assert.ok((plan.holdLimitMs ?? 0) > 0);
          assert.deepEqual(plan.machines.map(({ key }) => key).sort(), eligible.map(({ key }) => key).sort());
        },
      ),
    );
  });
});

describe('a draft over clients with backup plans', () => {
  it('warns by name of backups that start before a change would have ended', () => {
    const plans = [planOf('a', 12), planOf('b', 15), planOf('c', 16), planOf('d', 1, { disabled: true })];
    const soon = (names: readonly string[], action: Action, works: Read['works'] = {}) =>
      interruptedOf(
        aDraft(
          action,
          names.map((name) => named(name)),
          { checks: checksOf({ plans, works }) },
        ),
      ).filter((line) => /starts? soon/.test(line));
    assert.deepEqual(soon(['a', 'c', 'd'], 'upgrade'), ['A backup starts soon on a (in 12 min).']);
    assert.deepEqual(soon(['a', 'b', 'c'], 'uninstall'), [
      'Backups start soon on a (in 12 min) and b (in 15 min).',
    ]);
    assert.deepEqual(soon(['a', 'c'], 'upgrade', { a: running }), []);
  });

  it('starts with the client that has the most time until its next backup, and ends with those that have the least', () => {
    const clients = ['soon', 'busy', 'near', 'far', 'never'].map((name) => named(name));
    const works = { busy: running };
    const plans = [planOf('soon', 5), planOf('busy', 900), planOf('near', 60), planOf('far', 600)];
    const orderOf = (order: Strategy, more: readonly BackupPlan[] = []) =>
      aDraft('upgrade', clients, {
        checks: checksOf({ works, plans: [...plans, ...more] }),
        rollout: { order, maxFailures: 1 },
      }).plan.machines.map(({ name }) => name);
    const never = planOf('never', 300);
    assert.deepEqual(orderOf({ kind: 'canary' }, [never]), ['far', 'near', 'never', 'soon', 'busy']);
    assert.deepEqual(orderOf({ kind: 'batches', size: 2 }, [never]), [
      'near',
      'far',
      'never',
      'soon',
      'busy',
    ]);
    assert.deepEqual(orderOf({ kind: 'all' }), ['soon', 'busy', 'near', 'far', 'never']);
    assert.equal(orderOf({ kind: 'canary' })[0], 'never');
  });

  it('keeps its order where nobody knows when backups run', () => {
    const clients = ['a', 'b', 'c'].map((name) => named(name));
    const { plan } = aDraft('upgrade', clients, { rollout: { order: { kind: 'canary' }, maxFailures: 1 } });
    assert.deepEqual(
      plan.machines.map(({ name }) => name),
      ['a', 'b', 'c'],
    );
  });

  describe('to uninstall', () => {
    const clients = [named('web'), named('db'), named('new', { backupStatus: 'PROTECTED' })];
    const checks = checksOf({
      plans: [
        planOf('web', 25),
        planOf('db', 600, { planId: 'plan-2' }),
        planOf('db', 1, { disabled: true }),
      ],
      policies: [{ policyId: 'po-1', name: 'gold', schedules: [], retentionDays: 7 }],
      bindings: ['web', 'db'].map((name) => ({ policyId: 'po-1', instanceId: `i-${name}`, disabled: false })),
    });

    it('says what stops: which plans and policies, of which clients, when they would run, and what they keep', () => {
      const { stops } = detailsOf(aDraft('uninstall', clients, { checks }));
      assert.equal(
        stops?.heading,
        '2 backup plans on 2 clients stop running. Backup policies no longer back up 2 clients. Backups of 1 client stop.',
      );
      const [web, policy, db, suspended] = stops.lines.map((line) => line());
      assert.equal(web, 'Backup plan nightly web on web: next backup in 25 min, kept for 30 days');
      assert.match(policy ?? '', /^Backup policy gold on web and db: .+, kept for 7 days$/);
      assert.match(db ?? '', /^Backup plan nightly db on db: next backup at .+, kept for 30 days$/);
      assert.equal(suspended, 'Backup plan nightly db on db: suspended, kept for 30 days');
      const one = detailsOf(aDraft('uninstall', [named('web')], { checks })).stops;
      assert.equal(one?.lines[0]?.(), 'Backup plan nightly web: next backup in 25 min, kept for 30 days');
      assert.match(one.heading, /^1 backup plan on 1 client stops running\./);
      assert.equal(detailsOf(aDraft('upgrade', clients, { checks })).stops, undefined);
    });

    it('says so once where that could not be read, and what permission is missing', () => {
      const gap = { call: 'hbr:DescribeBackupPlans', why: 'permission-denied' } as const;
      const denied: CheckFacts = {
        ...checksOf({ works: { web: unknownWork('permission-denied') } }),
        planned: plannedBackups({
          plans: { rows: [], gaps: [gap] },
          policies: { rows: [], gaps: [] },
          bindings: { rows: [], gaps: [] },
          essential: { rows: [], gaps: [{ ...gap, call: 'hbr:ListProtectedResources' }] },
        }),
      };
      const couldNot = (action: Action) =>
        notesOf(aDraft(action, [named('web')], { checks: denied })).filter((line) =>
          line.startsWith("Couldn't"),
        );
      assert.equal(couldNot('uninstall').length, 1);
      assert.match(
        couldNot('uninstall')[0] ?? '',
        /which backup plans apply, and whether Essential Edition is turned on: .* hbr:ListProtectedResources permissions\./,
      );
      assert.doesNotMatch(couldNot('upgrade').join(), /plans/);
    });

    it('refuses clients of Essential Edition, which is canceled in the console', () => {
      const essential = checksOf({ essential: ['db'] });
      const draft = aDraft('uninstall', clients, { checks: essential });
      assert.deepEqual(
        draft.leftOut.map(({ client, obstacle }) => [client.instanceName, obstacle]),
        [['db', 'essential-edition']],
      );
      assert.match(detailsOf(draft).leftOut[0]?.() ?? '', /cancel it in the Cloud Backup console/);
      assert.match(
        notesOf(draft).join(),
        /cancel it in the Cloud Backup console .* also deletes its backups/,
      );
      assert.equal(aDraft('upgrade', clients, { checks: essential }).leftOut.length, 0);
      const byPlan = checksOf({ plans: [planOf('web', 25, { edition: 'BASIC' })] });
      assert.equal(aDraft('uninstall', clients, { checks: byPlan }).leftOut.length, 1);
    });

    it('lets clients of Essential Edition be uninstalled where the user allows it, typed and with a warning', () => {
      const rules = { ...noRules, allowsEssentialEdition: true };
      const essential = checksOf({ essential: ['db'] });
      const draft = aDraft('uninstall', clients, { checks: essential, rules });
      assert.deepEqual(draft.leftOut, []);
      assert.match(
        detailsOf(draft).warnings.join(),
        /Essential Edition stays turned on for db, so its next backups will fail\./,
      );
      const verdict = verdictOf(rules, 'hbr:UninstallBackupClients', draft.guarded);
      assert.ok(verdict.decision === 'ask' && verdict.typed);
      assert.doesNotMatch(
        detailsOf(aDraft('upgrade', clients, { checks: essential })).warnings.join(),
        /Essential/,
      );
    });

    it('names what the uninstall might delete, by system, and what shares the program', () => {
      const about = (action: Action, ...fleet: readonly BackupClient[]) => {
        const draft = aDraft(action, fleet);
        return [...warningsOf(draft), ...notesOf(draft)].join('\n');
      };
      const windows = named('win', { osType: 'Windows' });
      const linux = about('uninstall', named('web'));
      assert.match(linux, /mounted under \/opt\/alibabacloud\/hbrclient or /);
      assert.doesNotMatch(linux, /Program Files/);
      assert.match(linux, /Security Center's anti-ransomware/);
      assert.doesNotMatch(about('uninstall', windows), /opt/);
      assert.match(about('uninstall', windows, named('web')), /opt.*Program Files/);
      assert.match(about('install', named('web', { status: 'STOPPED' })), /might be deleted/);
      assert.doesNotMatch(about('install', aBareClient({ instanceId: 'i-new' })), /deleted|Security Center/);
      assert.doesNotMatch(about('upgrade', named('web')), /deleted|Security Center/);
    });
  });

  describe('as a document', () => {
    it('shows for each client what runs and when it is backed up next, and what stops', () => {
      const checks = checksOf({
        works: { web: running, db: none, lost: unknownWork('failed') },
        plans: [planOf('web', 25)],
      });
      const text = (action: Action) =>
        planDocumentOf(
          aDraft(
            action,
            ['web', 'db', 'lost'].map((name) => named(name)),
            { checks },
          ),
          'now',
        ).text;
      assert.match(text('upgrade'), /\| Running now \| Next backup \|/);
      assert.match(text('upgrade'), /\| `web` .* \| Backup, 43%[^|]* \| in 25 min \|/);
      assert.match(text('upgrade'), /\| `db` .* \| None found \| not scheduled \|/);
      assert.match(text('upgrade'), /\| `lost` .* \| Couldn't tell \| not scheduled \|/);
      assert.doesNotMatch(text('upgrade'), /What stops/);
      assert.match(
        text('uninstall'),
        /## What stops[^#]*\| Backup plan nightly web \| `web` \| next backup in 25 min, kept for 30 days \|/,
      );
    });

    it('says of an upgrade too which plans could not be read', () => {
      const checks = {
        ...checksOf({ works: { web: unknownWork('permission-denied') } }),
        planned: plannedBackups({
          plans: { rows: [], gaps: [{ call: 'hbr:DescribeBackupPlans', why: 'failed' }] },
          policies: { rows: [], gaps: [] },
          bindings: { rows: [], gaps: [] },
          essential: { rows: [], gaps: [] },
        }),
      };
      const { text } = planDocumentOf(aDraft('upgrade', [named('web')], { checks }), 'now');
      assert.match(text, /Couldn't tell which backup plans apply: the request failed\./);
      assert.equal(text.split('whether backups or restores are running').length, 2, 'said once');
    });
  });
});
