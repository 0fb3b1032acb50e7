import { strict as assert } from 'node:assert';
import type { RowsRead } from '../../../src/core/protection/collect';
import type { Gap } from '../../../src/core/protection/gap';
import { nextRunOf, plannedBackups } from '../../../src/core/protection/plannedBackups';
import { readPlannedBackups } from '../../../src/core/protection/readPlans';
import { BackupError } from '../../../src/core/service/errors';
import type { BackupPlan, BackupPolicy, PolicyBinding } from '../../../src/core/service/protection';
import type { Scope } from '../../../src/core/service/scope';
import { aScope } from '../../support/builders';
import { createFakeProtection } from '../../support/fakeProtection';
import { createHandClock } from '../../support/handClock';
import { createKeptLog } from '../../support/operationBuilders';
import { aPlan } from '../../support/protectionBuilders';

const machine = { instanceId: 'i-1', clientId: 'c-1' };
const gold: BackupPolicy = {
  ...{ policyId: 'po-1', name: 'gold', schedules: ['I|1790013600|P1D', 'I|1790013600|PT2H'] },
  retentionDays: 7,
};
const bound: PolicyBinding = { policyId: 'po-1', instanceId: 'i-1', disabled: false };
const read = <T>(...rows: T[]): RowsRead<T> => ({ rows, gaps: [] });

function backupsOf({
  plans = [],
  policies = [],
  bindings = [],
  essential = read<string>(),
}: {
  readonly plans?: readonly BackupPlan[];
  readonly policies?: readonly BackupPolicy[];
  readonly bindings?: readonly PolicyBinding[];
  readonly essential?: RowsRead<string>;
}) {
  return plannedBackups({
    plans: read(...plans),
    policies: read(...policies),
    bindings: read(...bindings),
    essential,
  });
}

describe('what backs a client up', () => {
  it('is the plans of its instance, and the policies it is bound to', () => {
    const { backups, gaps } = backupsOf({
      plans: [aPlan(), aPlan({ planId: 'plan-2', instanceId: 'i-2', clientId: 'c-2' })],
      policies: [gold],
      bindings: [bound, { ...bound, instanceId: 'i-2' }],
    }).of(machine);
    assert.deepEqual(backups, [
      {
        ...{ kind: 'plan', id: 'plan-1', name: 'nightly', schedules: ['I|1790013600|P1D'] },
        ...{ retentionDays: 30, disabled: false, edition: 'STANDARD' },
      },
      {
        ...{ kind: 'policy', id: 'po-1', name: 'gold', schedules: gold.schedules },
        ...{ retentionDays: 7, disabled: false, edition: 'STANDARD' },
      },
    ]);
    assert.deepEqual(gaps, []);
  });

  it('names a plan and a binding once that were listed twice', () => {
    const { backups, essential } = backupsOf({
      plans: [aPlan(), aPlan({ edition: 'BASIC' })],
      bindings: [bound, { ...bound }],
    }).of(machine);
    assert.deepEqual(
      backups.map(({ id, edition }) => [id, edition]),
      [
        ['plan-1', 'STANDARD'],
        ['po-1', 'STANDARD'],
      ],
    );
    assert.equal(essential, false);
  });

  it('keeps a policy that could not be read, and a plan that names the client only', () => {
    const ofClient: BackupPlan = {
      ...{ planId: 'plan-3', clientId: 'c-1', edition: 'STANDARD', schedule: '', disabled: false },
    };
    const { backups } = backupsOf({ plans: [ofClient], bindings: [bound] }).of(machine);
    assert.deepEqual(
      backups.map(({ id, schedules }) => [id, schedules]),
      [
        ['po-1', []],
        ['plan-3', []],
      ],
    );
  });

  it('has Essential Edition by its list or by a plan, and else it is known or not', () => {
    const gap: Gap = { call: 'hbr:ListProtectedResources', why: 'permission-denied' };
    const unread = { rows: [], gaps: [gap] };
    const table = [
      [backupsOf({ essential: read('i-1') }), true],
      [backupsOf({ plans: [aPlan({ edition: 'BASIC' })] }), true],
      [backupsOf({ plans: [aPlan({ edition: 'BASIC' })], essential: unread }), true],
      [backupsOf({ essential: { rows: ['i-1'], gaps: [{ ...gap, why: 'cut-off' }] } }), true],
      [backupsOf({ essential: read('i-2') }), false],
      [backupsOf({ essential: unread }), undefined],
    ] as const;
    for (const [planned, expected] of table) assert.equal(planned.of(machine).essential, expected);
  });

  it("isn't known for a client without an instance ID", () => {
    const { essential, gaps } = backupsOf({ essential: read('i-1') }).of({ clientId: 'c-1' });
    assert.equal(essential, undefined);
    assert.deepEqual(gaps, [{ call: 'hbr:DescribeBackupPlans', why: 'no-instance' }]);
  });
});

describe('the next backup of a client', () => {
  const now = 1_790_020_000;
  const next = (parts: Parameters<typeof backupsOf>[0]) => {
    const { by, ...run } = nextRunOf(backupsOf(parts).of(machine), now);
    return [run, by?.id];
  };

  it('is the soonest run of its plans and of all rules of its policies', () => {
    const plan = aPlan({ schedule: 'I|1800000000|P1D' });
    const parts = { plans: [plan], policies: [gold], bindings: [bound] };
    assert.deepEqual(next(parts), [{ kind: 'at', at: 1_790_020_800 }, 'po-1']);
    assert.deepEqual(next({ ...parts, bindings: [{ ...bound, disabled: true }] }), [
      { kind: 'at', at: 1_800_000_000 },
      'plan-1',
    ]);
  });

  it('is none without any plan or policy, and where all are suspended', () => {
    assert.deepEqual(next({}), [{ kind: 'none' }, undefined]);
    assert.deepEqual(next({ plans: [aPlan({ disabled: true })] }), [{ kind: 'none' }, undefined]);
    const off = { bindings: [{ ...bound, disabled: true }] };
    assert.deepEqual(next(off), [{ kind: 'none' }, undefined]);
  });

  it("isn't known where a schedule isn't understood, or its policy or plans couldn't be read", () => {
    assert.deepEqual(next({ plans: [aPlan({ schedule: 'I|1790013600|P1M' })] }), [
      { kind: 'unknown' },
      'plan-1',
    ]);
    assert.deepEqual(next({ bindings: [bound] }), [{ kind: 'unknown' }, 'po-1']);
    assert.deepEqual(next({ plans: [aPlan({ schedule: '' })] }), [{ kind: 'unknown' }, 'plan-1']);
    const denied: Gap = { call: 'hbr:DescribeBackupPlans', why: 'permission-denied' };
    assert.deepEqual(nextRunOf({ backups: [], essential: false, gaps: [denied] }, now), { kind: 'unknown' });
    // Whether Essential Edition is turned on says nothing of schedules: its plans are listed with the others.
    assert.deepEqual(
      nextRunOf(
        { backups: [], essential: undefined, gaps: [{ ...denied, call: 'hbr:ListProtectedResources' }] },
        now,
      ),
      { kind: 'none' },
    );
  });

  it('is one that is known, although another schedule is not understood', () => {
    const plans = [aPlan({ schedule: 'W|1' }), aPlan({ planId: 'plan-2' })];
    assert.deepEqual(next({ plans }), [{ kind: 'at', at: 1_790_100_000 }, 'plan-2']);
  });
});

describe('reading what backs clients up', () => {
  function setUp() {
    const fake = createFakeProtection();
    const clock = createHandClock();
    const readOf = (machines = [machine], scope: Scope = aScope()) =>
      readPlannedBackups({ api: fake, clock, log: createKeptLog() }, scope, machines, {
        signal: new AbortController().signal,
      });
    return { fake, clock, readOf };
  }

  it('takes five calls for up to 500 clients, and asks about Essential Edition by instance only for one', async () => {
    const { fake, readOf } = setUp();
    fake.plans.push(aPlan());
    fake.policies.push(gold);
    fake.bindings.push(bound);
    fake.essentialIds.push('i-1', 'i-2');
    const { backups, essential } = (await readOf()).of(machine);
    assert.deepEqual(
      backups.map(({ id }) => id),
      ['plan-1', 'po-1'],
    );
    assert.equal(essential, true);
    assert.equal(fake.protectionReads.length, 5);
    const essentialQueries = () =>
      fake.protectionReads
        .filter(({ call }) => call === 'hbr:ListProtectedResources')
        .map(({ query }) => query);
    assert.deepEqual(essentialQueries(), [{ instanceId: 'i-1' }]);
    await readOf(Array.from({ length: 501 }, (_, n) => ({ instanceId: `i-${n}`, clientId: `c-${n}` })));
    assert.equal(fake.protectionReads.length - 5, 8);
    assert.deepEqual(essentialQueries().at(-1), {});
  });

  it('keeps what was read, and names each read that failed', async () => {
    const { fake, readOf } = setUp();
    fake.plans.push(aPlan());
    fake.bindings.push(bound);
    fake.failures.set('hbr:DescribePoliciesV2', new BackupError('permission-denied', 'no'));
    fake.cutOff.add('hbr:ListProtectedResources');
    const { backups, gaps, essential } = (await readOf()).of(machine);
    assert.equal(backups.length, 2);
    assert.equal(essential, undefined);
    assert.deepEqual(gaps, [
      { call: 'hbr:DescribePoliciesV2', why: 'permission-denied' },
      { call: 'hbr:ListProtectedResources', why: 'cut-off' },
    ]);
  });

  it("doesn't wait longer than 15 seconds", async () => {
    const { fake, clock, readOf } = setUp();
    fake.onProtectionRead.run = ({ call }) =>
      call === 'hbr:DescribePolicyBindings' ? new Promise<void>(() => undefined) : undefined;
    const reading = readOf();
    await clock.advance(15_000);
    assert.deepEqual((await reading).gaps, [{ call: 'hbr:DescribePolicyBindings', why: 'too-slow' }]);
  });

  it("can't tell for another account, nor for clients that aren't on ECS instances", async () => {
    const { fake, readOf } = setUp();
    const other = await readOf(
      [machine],
      aScope({ crossAccount: { type: 'CROSS_ACCOUNT', userId: '2000' } }),
    );
    assert.deepEqual(other.gaps, [
      { call: 'hbr:DescribeBackupPlans', why: 'other-account' },
      { call: 'hbr:ListProtectedResources', why: 'other-account' },
    ]);
    assert.equal(other.of(machine).essential, undefined);
    const reads = fake.protectionReads.length;
    const local = await readOf([machine], aScope({ clientType: 'LOCAL_CLIENT' }));
    assert.deepEqual(local.gaps, [{ call: 'hbr:DescribeBackupPlans', why: 'other-type' }]);
    assert.equal(fake.protectionReads.length, reads);
  });
});
