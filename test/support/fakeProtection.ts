import { throwIfCancelled } from '../../src/core/kernel/cancelled';
import type {
  BackupPlan,
  BackupPolicy,
  Job,
  JobQuery,
  PagedWaiting,
  PolicyBinding,
  ProtectionApi,
  ProtectionCall,
  Rows,
} from '../../src/core/service/protection';
import type { Scope } from '../../src/core/service/scope';

/** A read that was made. */
export interface ProtectionRead {
  readonly call: ProtectionCall;
  readonly scope: Scope;
  readonly query: unknown;
  readonly mostPages: number;
}

/**
 * What Cloud Backup knows of backups, in the hands of a test. Nothing is there by default, and every read is complete.
 * Its methods don't use `this`, so it can be spread into another fake; the arrays are then shared.
 */
export interface FakeProtection extends ProtectionApi {
  /** Backups and restores, in the order in which they're listed. */
  readonly jobs: Job[];
  readonly plans: BackupPlan[];
  readonly policies: BackupPolicy[];
  readonly bindings: PolicyBinding[];
  /** Instance IDs of machines that Essential Edition protects. */
  readonly essentialIds: string[];
  /** What a call fails with, such as a BackupError `permission-denied`. */
  readonly failures: Map<ProtectionCall, Error>;
  /** Calls that end with `complete: false`. */
  readonly cutOff: Set<ProtectionCall>;
  /** Every read, in order. */
  readonly protectionReads: readonly ProtectionRead[];
  /** Pages of 99 rows that were read, which are the calls. */
  pagesRead: number;
  /** Called before each read is answered: a promise delays it, throwing makes it fail, and rows can be changed first. */
  onProtectionRead: { run: (read: ProtectionRead, n: number) => Promise<void> | void };
}

const pageSize = 99;

export function createFakeProtection(): FakeProtection {
  const reads: ProtectionRead[] = [];
  async function* rows<T>(
    read: ProtectionRead,
    { signal }: PagedWaiting,
    matching: () => readonly T[],
  ): Rows<T> {
    throwIfCancelled(signal);
    reads.push(read);
    await untilCancelled(Promise.resolve(fake.onProtectionRead.run(read, reads.length)), signal);
    throwIfCancelled(signal);
    const failure = fake.failures.get(read.call);
    if (failure) throw failure;
    const found = matching();
    const pages = Math.max(1, Math.ceil(found.length / pageSize));
    for (let page = 0; page < Math.min(pages, read.mostPages); page++) {
      throwIfCancelled(signal);
      fake.pagesRead += 1;
      const some = found.slice(page * pageSize, (page + 1) * pageSize);
      if (some.length > 0) yield some;
    }
    return { complete: pages <= read.mostPages && !fake.cutOff.has(read.call) };
  }
  const fake: FakeProtection = {
    jobs: [],
    plans: [],
    policies: [],
    bindings: [],
    essentialIds: [],
    failures: new Map(),
    cutOff: new Set(),
    protectionReads: reads,
    pagesRead: 0,
    onProtectionRead: { run: () => undefined },
    listJobs(scope, query, waiting) {
      const call = query.kind === 'backup' ? 'hbr:DescribeBackupJobs2' : 'hbr:DescribeRestoreJobs2';
      const instanceIds = query.instanceIds && new Set(query.instanceIds);
      return rows(readOf(call, scope, query, waiting), waiting, () =>
        fake.jobs.filter((job) => meets(job, query, instanceIds)),
      );
    },
    listPlans(scope, query, waiting) {
      return rows(readOf('hbr:DescribeBackupPlans', scope, query, waiting), waiting, () =>
        fake.plans.filter(
          ({ edition, instanceId }) =>
            edition === query.edition && isAmong(query.instanceIds, instanceId ?? ''),
        ),
      );
    },
    listPolicies(scope, waiting) {
      return rows(readOf('hbr:DescribePoliciesV2', scope, {}, waiting), waiting, () => fake.policies);
    },
    listPolicyBindings(scope, query, waiting) {
      return rows(readOf('hbr:DescribePolicyBindings', scope, query, waiting), waiting, () =>
        fake.bindings.filter(({ instanceId }) => isAmong(query.instanceIds, instanceId)),
      );
    },
    listEssentialInstances(scope, query, waiting) {
      return rows(readOf('hbr:ListProtectedResources', scope, query, waiting), waiting, () =>
        fake.essentialIds.filter((id) => query.instanceId === undefined || query.instanceId === id),
      );
    },
  };
  return fake;
}

function readOf(
  call: ProtectionCall,
  scope: Scope,
  query: unknown,
  { mostPages }: PagedWaiting,
): ProtectionRead {
  return { call, scope, query, mostPages };
}

function meets(job: Job, query: JobQuery, instanceIds?: ReadonlySet<string>): boolean {
  // The quickest first: a test may have tens of thousands of them.
  if (instanceIds?.has(job.instanceId ?? '') === false) return false;
  const { kind, edition, statuses, createdSince = 0, completedSince = 0 } = query;
  return (
    job.kind === kind &&
    job.edition === edition &&
    isAmong(statuses, job.status) &&
    (job.createdTime ?? 0) >= createdSince &&
    (job.completeTime ?? 0) >= completedSince
  );
}

function isAmong(wanted: readonly string[] | undefined, value: string): boolean {
  return wanted === undefined || wanted.includes(value);
}

/** Waits for a promise, or until the signal aborts. */
async function untilCancelled(waited: Promise<void>, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    waited.then(resolve, reject);
  });
}
