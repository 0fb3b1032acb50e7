import { throwIfCancelled } from '../kernel/cancelled';
import type { Disposable } from '../kernel/disposables';
import { isCancelled, toBackupError } from '../service/errors';
import { Emitter, type Event } from '../kernel/events';
import type { BackupClient, CloudAssistantStatus, Instance, Tag } from '../service/model';
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

/** The two reads of the pre-check, named as RAM names them. */
export const checkCalls = ['ecs:DescribeInstances', 'ecs:DescribeCloudAssistantStatus'] as const;
export type CheckCall = (typeof checkCalls)[number];

/** A read that returned nothing, and why. */
export interface NotChecked {
  readonly call: CheckCall;
  /** `other-account`: ECS is called with the profile's own key, which can't see the instances of another account. */
  readonly why: 'permission-denied' | 'other-account' | 'failed' | 'too-slow';
}

/** What the pre-check has found so far. */
export interface CheckFacts {
  readonly instances: ReadonlyMap<string, InstanceFacts>;
  readonly notChecked: readonly NotChecked[];
}

/** Nothing was checked. */
export const nothingChecked: CheckFacts = { instances: new Map(), notChecked: [] };

/** A pre-check of instances: it calls ECS and Cloud Assistant at the same time. */
export interface Precheck extends Disposable {
  readonly facts: CheckFacts;
  readonly running: boolean;
  /** Fires when there are new facts, at most twice a second, and at the end. */
  readonly onDidChange: Event<void>;
  /** Resolves at the end, or after `limitMs` milliseconds, when the checks are canceled; rejects only for a cancel. */
  settled(limitMs: number, waiting: Waiting): Promise<void>;
}

// Nobody could read changes that come more often than this.
const fireEveryMs = 500;
// Results come batch by batch; one batch is several requests, which are sent at the same time.
const idsPerBatch = 300;

/** Starts the pre-check. It never fails: what can't be read ends as "not checked". @param calls what to check */
export function startPrecheck(
  deps: { readonly instances: InstanceApi; readonly clock: Clock; readonly log: Log },
  scope: Scope,
  instanceIds: readonly string[],
  calls: readonly CheckCall[] = checkCalls,
): Precheck {
  return new RunningPrecheck(deps, scope, [...new Set(instanceIds)], calls);
}

/**
 * Runs the pre-check of the instances of these clients beside `work`, and ends it afterwards. A cancel ends both quietly,
 * and answers undefined.
 */
export async function withPrecheck<T>(
  deps: Deps,
  scope: Scope,
  clients: readonly { readonly client: Pick<BackupClient, 'instanceId' | 'clientType'> }[],
  work: (precheck: Precheck) => Promise<T>,
  calls: readonly CheckCall[] = checkCalls,
): Promise<T | undefined> {
  // ECS knows no instance for the fingerprint of an on-premises client.
  const instanceIds = clients.flatMap(({ client }) =>
    client.clientType === 'LOCAL_CLIENT' ? [] : (client.instanceId ?? []),
  );
  const precheck = startPrecheck(deps, scope, instanceIds, calls);
  try {
    return await work(precheck);
  } catch (error) {
    if (!isCancelled(error)) throw error;
    return undefined;
  } finally {
    precheck.dispose();
  }
}

type Deps = Parameters<typeof startPrecheck>[0];

class RunningPrecheck implements Precheck {
  readonly #deps: Deps;
  readonly #scope: Scope;
  readonly #ids: readonly string[];
  readonly #calls: readonly CheckCall[];
  readonly #facts = new Map<string, InstanceFacts>();
  readonly #notChecked: NotChecked[] = [];
  readonly #changes = new Emitter<void>();
  readonly #stopping = new AbortController();
  readonly #pending = new Set<CheckCall>();
  readonly #done: Promise<void>;
  #firedAt: number;
  #running = true;

  readonly onDidChange = this.#changes.event;

  constructor(deps: Deps, scope: Scope, ids: readonly string[], calls: readonly CheckCall[]) {
    this.#deps = deps;
    this.#scope = scope;
    this.#ids = ids;
    this.#calls = calls;
    this.#firedAt = deps.clock.monotonic();
    this.#done = this.#run();
  }

  get facts(): CheckFacts {
    return { instances: this.#facts, notChecked: this.#notChecked };
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
    if (this.#ids.length > 0) {
      if (this.#scope.crossAccount) {
        for (const call of this.#calls) this.#notChecked.push({ call, why: 'other-account' });
      } else await Promise.all(this.#calls.map((call) => this.#read(call)));
    }
    this.#running = false;
    this.#changes.fire();
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
    this.#stopping.abort();
    this.#running = false;
  }
}
