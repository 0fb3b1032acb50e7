import { throwIfCancelled } from '../kernel/cancelled';
import type { Disposable } from '../kernel/disposables';
import { isCancelled, toBackupError } from '../service/errors';
import { Emitter, type Event } from '../kernel/events';
import type { ClientNode } from '../clients/clientTree';
import { plannedBackupsUnknown, type PlannedBackups } from '../protection/plannedBackups';
import { readPlannedBackups, readPlans } from '../protection/readPlans';
import { readWork, type KeyedMachine } from '../protection/readWork';
import { unknownWork, type Work } from '../protection/work';
import { isInstalled } from '../service/clientFacts';
import type { CloudAssistantStatus, Instance, Tag } from '../service/model';
import type { ProtectionApi } from '../service/protection';
import type { Clock } from '../kernel/clock';
import type { InstanceApi } from '../service/api';
import type { Log } from '../kernel/log';
import type { Waiting } from '../kernel/waiting';
import type { Scope } from '../service/scope';

/** What ECS returned for one instance. Absent fields weren't requested, or haven't come yet. */
export interface InstanceFacts {
  /** False when ECS doesn't know the instance in this region. */
  readonly exists?: boolean;
  /** `Status` of ECS, such as `Running`. */
  readonly status?: string;
  readonly tags?: readonly Tag[];
  /** True when Cloud Assistant sent a heartbeat within the last two minutes (documented). */
  readonly assistantRunning?: boolean;
}

/** The reads of ECS, named as RAM names them. */
export const checkCalls = ['ecs:DescribeInstances', 'ecs:DescribeCloudAssistantStatus'] as const;
export type CheckCall = (typeof checkCalls)[number];

/** A read of ECS that returned nothing, and why. What Cloud Backup didn't return is a `Gap` of `works` and `planned`. */
export interface NotChecked {
  readonly call: CheckCall;
  /** `other-account`: ECS is called with the profile's own key, which can't see the instances of another account. */
  readonly why: 'permission-denied' | 'other-account' | 'failed' | 'too-slow';
}

/** What the pre-check has found so far. */
export interface CheckFacts {
  readonly instances: ReadonlyMap<string, InstanceFacts>;
  readonly notChecked: readonly NotChecked[];
  /** What runs on clients, by key; those that aren't installed are absent, and all of them until it's read. */
  readonly works: ReadonlyMap<string, Work>;
  /** What backs clients up; absent until it's read, and where none is installed. */
  readonly planned?: PlannedBackups;
}

/** Nothing was checked. */
export const nothingChecked: CheckFacts = { instances: new Map(), notChecked: [], works: new Map() };

/** A pre-check of clients: it asks ECS, Cloud Assistant, and Cloud Backup at the same time. */
export interface Precheck extends Disposable {
  readonly facts: CheckFacts;
  readonly running: boolean;
  /** Fires when there are new facts: at once for what runs, at most twice a second for others, and at the end. */
  readonly onDidChange: Event<void>;
  /** Resolves at the end, or after `limitMs` milliseconds, when the checks are canceled; rejects only for a cancel. */
  settled(limitMs: number, waiting: Waiting): Promise<void>;
}

// Nobody could read changes that come more often than this.
const fireEveryMs = 500;
// Results come batch by batch; one batch is several requests, which are sent at the same time.
const idsPerBatch = 300;

export interface PrecheckDeps {
  readonly instances: InstanceApi;
  readonly protection: ProtectionApi;
  /** Milliseconds since 1970 by the service's clock, as far as it's known. */
  readonly serviceNow: (scope: Scope) => number;
  readonly clock: Clock;
  readonly log: Log;
}

type Checked = Pick<ClientNode, 'key' | 'client'>;

/**
 * Starts the pre-check of clients: of their instances, and, as far as they're installed, of what runs on them and backs
 * them up. It never fails: what can't be read ends as "not checked", or is a gap.
 * @param calls what to ask ECS
 */
export function startPrecheck(
  deps: PrecheckDeps,
  scope: Scope,
  clients: readonly Checked[],
  calls: readonly CheckCall[] = checkCalls,
): Precheck {
  return new RunningPrecheck(deps, scope, clients, calls);
}

/** Runs the pre-check of clients beside `work`, and ends it afterwards. A cancel ends both quietly, and answers undefined. */
export async function withPrecheck<T>(
  deps: PrecheckDeps,
  scope: Scope,
  clients: readonly Checked[],
  work: (precheck: Precheck) => Promise<T>,
  calls: readonly CheckCall[] = checkCalls,
): Promise<T | undefined> {
  const precheck = startPrecheck(deps, scope, clients, calls);
  try {
    return await work(precheck);
  } catch (error) {
    if (!isCancelled(error)) throw error;
    return undefined;
  } finally {
    precheck.dispose();
  }
}

class RunningPrecheck implements Precheck {
  readonly #deps: PrecheckDeps;
  readonly #scope: Scope;
  /** IDs of instances. */
  readonly #ids: readonly string[];
  /** Clients that are installed. */
  readonly #machines: readonly KeyedMachine[];
  readonly #calls: readonly CheckCall[];
  readonly #facts = new Map<string, InstanceFacts>();
  readonly #notChecked: NotChecked[] = [];
  readonly #changes = new Emitter<void>();
  readonly #stopping = new AbortController();
  readonly #pending = new Set<CheckCall>();
  readonly #done: Promise<void>;
  #works: ReadonlyMap<string, Work> | undefined;
  #planned: PlannedBackups | undefined;
  #firedAt: number;
  #running = true;

  readonly onDidChange = this.#changes.event;

  constructor(deps: PrecheckDeps, scope: Scope, clients: readonly Checked[], calls: readonly CheckCall[]) {
    this.#deps = deps;
    this.#scope = scope;
    // ECS knows no instance for the fingerprint of an on-premises client.
    const onEcs = clients.filter(({ client }) => client.clientType !== 'LOCAL_CLIENT');
    this.#ids = [...new Set(onEcs.flatMap(({ client }) => client.instanceId ?? []))];
    this.#machines = machinesOf(clients);
    this.#calls = calls;
    this.#firedAt = deps.clock.monotonic();
    this.#done = this.#run();
  }

  get facts(): CheckFacts {
    return {
      instances: this.#facts,
      notChecked: this.#notChecked,
      works: this.#works ?? nothingChecked.works,
      ...(this.#planned && { planned: this.#planned }),
    };
  }

  get running(): boolean {
    return this.#running;
  }

  async settled(limitMs: number, { signal }: Waiting): Promise<void> {
    const ended = new AbortController();
    const waiting = { signal: AbortSignal.any([signal, ended.signal]) };
    const limit = this.#deps.clock.sleep(limitMs, waiting).then(
      () => this.#giveUp(),
      (error: unknown) => {
        if (!isCancelled(error)) throw error;
      },
    );
    await Promise.race([this.#done, limit]);
    ended.abort();
    throwIfCancelled(signal);
  }

  dispose(): void {
    this.#stopping.abort();
    this.#changes.dispose();
  }

  async #run(): Promise<void> {
    if (this.#ids.length + this.#machines.length > 0) {
      await Promise.all([this.#askEcs(), this.#askCloudBackup()]);
    }
    this.#running = false;
    this.#changes.fire();
  }

  async #askEcs(): Promise<void> {
    if (this.#ids.length === 0) return;
    if (this.#scope.crossAccount) {
      for (const call of this.#calls) this.#notChecked.push({ call, why: 'other-account' });
    } else await Promise.all(this.#calls.map((call) => this.#read(call)));
  }

  /** Both reads need the plans, which are read once. */
  async #askCloudBackup(): Promise<void> {
    if (this.#machines.length === 0) return;
    const deps = { ...this.#deps, api: this.#deps.protection };
    const waiting = { signal: this.#stopping.signal };
    const about = [deps, this.#scope, this.#machines, waiting] as const;
    const plans = readPlans(...about);
    try {
      await Promise.all([
        readWork(...about, { plans }).then((works) => {
          this.#works = works;
          this.#changes.fire();
        }),
        readPlannedBackups(...about, { plans }).then((planned) => {
          this.#planned = planned;
          this.#fire();
        }),
      ]);
    } catch (error) {
      if (!isCancelled(error)) throw error;
    }
  }

  async #read(call: CheckCall): Promise<void> {
    const waiting = { signal: this.#stopping.signal };
    this.#pending.add(call);
    try {
      if (call === 'ecs:DescribeInstances') await this.#readInstances(waiting);
      else await this.#readAssistants(waiting);
    } catch (error) {
      if (isCancelled(error)) return;
      const { code } = toBackupError(error);
      this.#deps.log.write('info', `pre-check not answered, call: ${call}`, error);
      this.#notChecked.push({ call, why: code === 'permission-denied' ? code : 'failed' });
    } finally {
      this.#pending.delete(call);
    }
  }

  async #readInstances(waiting: Waiting): Promise<void> {
    const { instances } = this.#deps;
    const found = new Set<string>();
    for await (const page of instances.listInstances(this.#scope, { instanceIds: this.#ids }, waiting)) {
      throwIfCancelled(waiting.signal);
      for (const { instanceId, status, tags } of page) {
        found.add(instanceId);
        this.#note(instanceId, { exists: true, status, tags });
      }
      this.#fire();
    }
    for (const id of this.#ids) if (!found.has(id)) this.#note(id, { exists: false });
  }

  async #readAssistants(waiting: Waiting): Promise<void> {
    const { instances } = this.#deps;
    for (let at = 0; at < this.#ids.length; at += idsPerBatch) {
      const ids = this.#ids.slice(at, at + idsPerBatch);
      const answers: readonly CloudAssistantStatus[] = await instances.listCloudAssistantStatus(
        this.#scope,
        ids,
        waiting,
      );
      throwIfCancelled(waiting.signal);
      for (const { instanceId, running } of answers) this.#note(instanceId, { assistantRunning: running });
      this.#fire();
    }
  }

  #note(instanceId: Instance['instanceId'], facts: InstanceFacts): void {
    this.#facts.set(instanceId, { ...this.#facts.get(instanceId), ...facts });
  }

  #fire(): void {
    const now = this.#deps.clock.monotonic();
    if (now - this.#firedAt < fireEveryMs) return;
    this.#firedAt = now;
    this.#changes.fire();
  }

  #giveUp(): void {
    for (const call of this.#pending) this.#notChecked.push({ call, why: 'too-slow' });
    if (this.#machines.length > 0) {
      this.#works ??= new Map(this.#machines.map(({ key }) => [key, unknownWork('too-slow')]));
      this.#planned ??= plannedBackupsUnknown('too-slow');
    }
    this.#stopping.abort();
    this.#running = false;
  }
}

/** The installed clients among these, as the reads of Cloud Backup name them. */
function machinesOf(clients: readonly Checked[]): readonly KeyedMachine[] {
  return clients
    .filter(({ client }) => isInstalled(client))
    .map(({ key, client: { instanceId, clientId } }) => ({ key, instanceId, clientId }));
}
