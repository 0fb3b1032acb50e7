import type { BackupPlan, BackupPolicy, Edition, PolicyBinding } from '../service/protection';
import type { RowsRead } from './collect';
import type { Gap } from './gap';
import { nextRun, type NextRun } from './schedule';
import type { Machine } from './work';

/** A plan or policy that backs up one machine. */
export interface PlannedBackup {
  readonly kind: 'plan' | 'policy';
  /** `plan-…` or `po-…`. */
  readonly id: string;
  /** As the service sent it. */
  readonly name?: string;
  /** As the service sent them; a policy may have several, and one that couldn't be read has none. */
  readonly schedules: readonly string[];
  /** Days. */
  readonly retentionDays?: number;
  /** True while it's suspended. */
  readonly disabled: boolean;
  readonly edition: Edition;
  /** UNIX seconds. */
  readonly createdTime?: number;
}

/** What backs one machine up. */
export interface PlannedBackupsOf {
  readonly backups: readonly PlannedBackup[];
  /** True if Essential Edition protects it; undefined if that isn't known. */
  readonly essential: boolean | undefined;
  /** What couldn't be read: without any, `backups` is all there is. */
  readonly gaps: readonly Gap[];
}

/** What backs machines up, by machine. */
export interface PlannedBackups {
  of(machine: Machine): PlannedBackupsOf;
  readonly gaps: readonly Gap[];
}

/** Puts together what was read. Pure. */
export function plannedBackups(read: {
  readonly plans: RowsRead<BackupPlan>;
  readonly policies: RowsRead<BackupPolicy>;
  readonly bindings: RowsRead<PolicyBinding>;
  /** Instance IDs of machines that Essential Edition protects. */
  readonly essential: RowsRead<string>;
}): PlannedBackups {
  const byInstance = new Map<string, PlannedBackup[]>();
  const byClient = new Map<string, PlannedBackup[]>();
  const policies = new Map(read.policies.rows.map((policy) => [policy.policyId, policy]));
  // The standard edition is read first: a plan that's listed for both is of that one.
  for (const plan of firstOf(read.plans.rows, ({ planId }) => planId)) {
    const { instanceId, clientId } = plan;
    if (instanceId) add(byInstance, instanceId, ofPlan(plan));
    else if (clientId) add(byClient, clientId, ofPlan(plan));
  }
  for (const binding of firstOf(read.bindings.rows, (row) => `${row.policyId} ${row.instanceId}`)) {
    add(byInstance, binding.instanceId, ofBinding(binding, policies.get(binding.policyId)));
  }
  const essential = new Set(read.essential.rows);
  const gaps = [read.plans, read.policies, read.bindings, read.essential].flatMap((each) => each.gaps);
  const essentialKnown = read.essential.gaps.length === 0;
  return {
    gaps,
    of({ instanceId = '', clientId = '' }) {
      const backups = [...(byInstance.get(instanceId) ?? []), ...(byClient.get(clientId) ?? [])];
      const found = essential.has(instanceId) || backups.some(({ edition }) => edition === 'BASIC');
      const isAsked = instanceId !== '';
      return {
        backups,
        essential: found || (essentialKnown && isAsked ? false : undefined),
        gaps: isAsked || gaps.length > 0 ? gaps : [{ call: 'hbr:DescribeBackupPlans', why: 'no-instance' }],
      };
    },
  };
}

/** What is known where nothing could be read. */
export function plannedBackupsUnknown(why: Gap['why']): PlannedBackups {
  const nothing = (call: Gap['call']): RowsRead<never> => ({ rows: [], gaps: [{ call, why }] });
  return plannedBackups({
    plans: nothing('hbr:DescribeBackupPlans'),
    policies: nothing('hbr:DescribePoliciesV2'),
    bindings: nothing('hbr:DescribePolicyBindings'),
    essential: nothing('hbr:ListProtectedResources'),
  });
}

/**
 * When a machine is backed up next: the soonest run that's known, with its plan or policy. `none` only where all of them are
 * known and none runs.
 * @param now UNIX seconds
 */
export function nextRunOf(
  { backups, gaps }: PlannedBackupsOf,
  now: number,
): NextRun & { readonly by?: PlannedBackup } {
  let soonest: { readonly kind: 'at'; readonly at: number; readonly by: PlannedBackup } | undefined;
  let unknown: { readonly kind: 'unknown'; readonly by: PlannedBackup } | undefined;
  for (const by of backups) {
    // A policy that couldn't be read has no schedule, and runs nevertheless.
    for (const text of by.schedules.length > 0 ? by.schedules : ['']) {
      const run = nextRun(text, by.disabled, now);
      if (run.kind === 'at' && run.at < (soonest?.at ?? Infinity)) soonest = { ...run, by };
      if (run.kind === 'unknown') unknown ??= { ...run, by };
    }
  }
  const known = soonest ?? unknown;
  if (known) return known;
  // Schedules are in plans and policies only.
  const isUnread = gaps.some(({ call }) => call !== 'hbr:ListProtectedResources');
  return isUnread ? { kind: 'unknown' } : { kind: 'none' };
}

function firstOf<T>(rows: readonly T[], keyOf: (row: T) => string): Iterable<T> {
  const first = new Map<string, T>();
  for (const row of rows) if (!first.has(keyOf(row))) first.set(keyOf(row), row);
  return first.values();
}

function add(map: Map<string, PlannedBackup[]>, key: string, backup: PlannedBackup): void {
  const known = map.get(key);
  if (known) known.push(backup);
  else map.set(key, [backup]);
}

function ofPlan(plan: BackupPlan): PlannedBackup {
  const { planId, name, schedule, retentionDays, disabled, edition, createdTime } = plan;
  return {
    ...{ kind: 'plan', id: planId, schedules: schedule === '' ? [] : [schedule], disabled, edition },
    ...(name !== undefined && { name }),
    ...(retentionDays !== undefined && { retentionDays }),
    ...(createdTime !== undefined && { createdTime }),
  };
}

function ofBinding(binding: PolicyBinding, policy: BackupPolicy | undefined): PlannedBackup {
  const { policyId, disabled, createdTime } = binding;
  return {
    ...{ kind: 'policy', id: policyId, schedules: policy?.schedules ?? [], disabled, edition: 'STANDARD' },
    ...(policy?.name !== undefined && { name: policy.name }),
    ...(policy?.retentionDays !== undefined && { retentionDays: policy.retentionDays }),
    ...(createdTime !== undefined && { createdTime }),
  };
}
