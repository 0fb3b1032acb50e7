import type { Waiting } from '../../kernel/waiting';
import { joinReads, type RowsRead } from '../../protection/collect';
import type { Gap } from '../../protection/gap';
import { backupLimitsOf, isOverdue, usualBackupHours, type LastBackup } from '../../protection/lastBackup';
import { plannedBackups, type PlannedBackups } from '../../protection/plannedBackups';
import type { BackupClient } from '../../service/model';
import {
  mostFilterValues,
  type BackupPlan,
  type BackupPolicy,
  type PolicyBinding,
  type ProtectionCall,
} from '../../service/protection';
import type { Listing } from '../listing';
import { noBackupFacts, type BackupFacts } from './backupFacts';
import { readLastBackups, type LastBackupDeps } from './readLastBackups';
import { readPlansOfListing, readPoliciesOf, type ScheduleDeps } from './readSchedules';

export type ListingBackupsDeps = LastBackupDeps & ScheduleDeps;

/** What one reading is asked for. */
export interface BackupReading {
  /** True where the user asked for it. */
  readonly explicit: boolean;
  readonly overdueHours: number;
}

/** Plans and policies change rarely: they're read again that many milliseconds later, */
const schedulesAgainMs = 6 * 3_600_000;
/** or after this when the user asks. */
const schedulesAgainOnRequestMs = 10 * 60_000;

type Clients = ReadonlyMap<string, BackupClient>;

const nothing: RowsRead<never> = { rows: [], gaps: [] };

/** The last backups of one listing, and the schedules that say when they're overdue. */
export class ListingBackups {
  readonly #deps: ListingBackupsDeps;
  readonly #listing: Pick<Listing, 'scope' | 'inventory'>;
  #lastBackups: ReadonlyMap<string, LastBackup> = new Map();
  #plans: RowsRead<BackupPlan> = nothing;
  #policies: RowsRead<BackupPolicy> = nothing;
  #bindings: RowsRead<PolicyBinding> = nothing;
  /** Instances whose policies were asked for. */
  readonly #askedForPolicies = new Set<string>();
  readonly #denied = new Set<ProtectionCall>();
  #planned: PlannedBackups = plannedOf(nothing, nothing, nothing);
  #facts = noBackupFacts;
  /** By the monotonic clock; undefined until a reading of plans was complete, or denied. */
  #schedulesReadAt: number | undefined;

  constructor(deps: ListingBackupsDeps, listing: Pick<Listing, 'scope' | 'inventory'>) {
    this.#deps = deps;
    this.#listing = listing;
  }

  /** The same object until a reading or {@link judge} changes it. */
  get facts(): BackupFacts {
    return this.#facts;
  }

  /** RAM actions that the credentials don't allow. They're called again only where the user refreshes. */
  get denied(): ReadonlySet<ProtectionCall> {
    return this.#denied;
  }

  /** Allows denied actions to be called again: the credentials changed. */
  allowRetry(): void {
    this.#denied.clear();
    this.#schedulesReadAt = undefined;
  }

  /** Reads them again. What a reading doesn't reach stays as it was known. Rejects only for a cancel. */
  async read({ explicit, overdueHours }: BackupReading, waiting: Waiting): Promise<void> {
    const { scope, inventory } = this.#listing;
    const { clients } = inventory.state;
    if (explicit && this.#denied.size > 0) this.allowRetry();
    if (this.#areSchedulesDue(explicit)) await this.#readPlans(clients, waiting);
    const last = await readLastBackups(this.#deps, scope, this.#mostUrgent(clients), waiting);
    this.#note(last.gaps);
    this.#lastBackups = this.#isAllowed('hbr:DescribeBackupJobs2')
      ? withKnown(last.lastBackups, this.#lastBackups)
      : new Map();
    await this.#readPolicies(clients, overdueHours, waiting);
    this.judge(overdueHours);
  }

  /** Decides anew which clients are overdue. */
  judge(overdueHours: number): void {
    const { clients } = this.#listing.inventory.state;
    const lastBackups = this.#lastBackups;
    const overdue = new Set<string>();
    for (const [key, client] of clients) {
      const last = lastBackups.get(key);
      if (!last || !isProtected(client, this.#planned)) continue;
      if (overdueHours === 0 && !this.#isScheduleKnown(client)) continue;
      const limits = backupLimitsOf(this.#planned.of(client).backups, overdueHours);
      // A new client can't have older backups, except those of an earlier one on its instance.
      const since = last.kind === 'none' ? (client.createdTime ?? 0) : 0;
      const begun = limits.map((limit) => ({ ...limit, since: Math.max(limit.since, since) }));
      if (isOverdue(last, begun)) overdue.add(key);
    }
    this.#facts = { lastBackups, overdue };
  }

  /** Clients that should have backups: active ones first, and those that a reading didn't reach before others. */
  #mostUrgent(clients: Clients): Clients {
    const rankOf = ([key, { status }]: readonly [string, BackupClient]): number =>
      Number(status !== 'ACTIVATED') * 2 + Number(this.#isKnown(key));
    const wanted = [...clients].filter(([, client]) => isProtected(client, this.#planned));
    return new Map(wanted.sort((a, b) => rankOf(a) - rankOf(b)));
  }

  #isKnown(key: string): boolean {
    const last = this.#lastBackups.get(key);
    return last !== undefined && last.kind !== 'unknown';
  }

  async #readPlans(clients: Clients, waiting: Waiting): Promise<void> {
    const startedAt = this.#deps.clock.monotonic();
    const call = 'hbr:DescribeBackupPlans';
    const plans = this.#isAllowed(call)
      ? await readPlansOfListing(this.#deps, this.#listing.scope, [...clients.values()], waiting)
      : nothing;
    this.#note(plans.gaps);
    const failed = this.#isAllowed(call) && plans.gaps.some(({ why }) => why !== 'cut-off');
    if (!failed) this.#schedulesReadAt = startedAt;
    if (!failed || this.#plans.rows.length === 0) this.#plans = plans;
    this.#askedForPolicies.clear();
    [this.#policies, this.#bindings] = [nothing, nothing];
    this.#planned = plannedOf(this.#plans, this.#policies, this.#bindings);
  }

  /**
   * Reads policies of clients that seem to be overdue and have no plan that runs, 500 at a time. With a limit of the user,
   * that matters only where plans are suspended: no backup would be expected.
   */
  async #readPolicies(clients: Clients, overdueHours: number, waiting: Waiting): Promise<void> {
    if (!this.#arePoliciesAllowed()) return;
    const limit = { seconds: (overdueHours || usualBackupHours) * 3600, since: 0 };
    const doubtful = [...clients].flatMap(([key, client]) => {
      const { instanceId = '', status } = client;
      const last = this.#lastBackups.get(key);
      const { backups } = this.#planned.of(client);
      const isDoubtful =
        last !== undefined &&
        status === 'ACTIVATED' &&
        instanceId !== '' &&
        !this.#askedForPolicies.has(instanceId) &&
        isProtected(client, this.#planned) &&
        (overdueHours === 0 || backups.length > 0) &&
        backups.every(({ disabled }) => disabled) &&
        isOverdue(last, [limit]);
      return isDoubtful ? [client] : [];
    });
    const asked = doubtful.slice(0, mostFilterValues);
    if (asked.length === 0) return;
    const { policies, bindings } = await readPoliciesOf(this.#deps, this.#listing.scope, asked, waiting);
    const gaps = [...policies.gaps, ...bindings.gaps];
    this.#note(gaps);
    if (gaps.length === 0) for (const { instanceId = '' } of asked) this.#askedForPolicies.add(instanceId);
    this.#policies = policies;
    this.#bindings = joinReads([this.#bindings, bindings]);
    this.#planned = plannedOf(this.#plans, this.#policies, this.#bindings);
  }

  /** Without the permissions it's never known, so the usual limit applies. */
  #isScheduleKnown(client: BackupClient): boolean {
    if (this.#planned.of(client).backups.some(({ disabled }) => !disabled)) return true;
    const plansKnown = this.#plans.gaps.every(({ call }) => this.#denied.has(call));
    return plansKnown && (this.#askedForPolicies.has(client.instanceId ?? '') || !this.#arePoliciesAllowed());
  }

  #arePoliciesAllowed(): boolean {
    return this.#isAllowed('hbr:DescribePoliciesV2') && this.#isAllowed('hbr:DescribePolicyBindings');
  }

  #areSchedulesDue(explicit: boolean): boolean {
    if (this.#schedulesReadAt === undefined) return true;
    const age = this.#deps.clock.monotonic() - this.#schedulesReadAt;
    return age >= (explicit ? schedulesAgainOnRequestMs : schedulesAgainMs);
  }

  #isAllowed(call: ProtectionCall): boolean {
    return !this.#denied.has(call);
  }

  #note(gaps: readonly Gap[]): void {
    for (const { call, why } of gaps) if (why === 'permission-denied') this.#denied.add(call);
  }
}

/** Whether backups of a client are expected: the service says so, or a plan that isn't suspended is known. */
function isProtected(client: BackupClient, planned: PlannedBackups): boolean {
  if (client.leftover) return false;
  return client.backupStatus === 'PROTECTED' || planned.of(client).backups.some(({ disabled }) => !disabled);
}

function plannedOf(
  plans: RowsRead<BackupPlan>,
  policies: RowsRead<BackupPolicy>,
  bindings: RowsRead<PolicyBinding>,
): PlannedBackups {
  return plannedBackups({ plans, policies, bindings, essential: nothing });
}

/** What wasn't reached now is as it was known before. */
function withKnown(
  now: ReadonlyMap<string, LastBackup>,
  before: ReadonlyMap<string, LastBackup>,
): ReadonlyMap<string, LastBackup> {
  return new Map(
    [...now].map(([key, last]) => [key, last.kind === 'unknown' ? (before.get(key) ?? last) : last]),
  );
}
