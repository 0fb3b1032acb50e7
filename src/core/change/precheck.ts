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

/** What ECS told of one instance. Absent fields were not asked for, or not answered yet. */
export interface InstanceFacts {
  /** False when ECS does not know the instance in this region. */
  readonly exists?: boolean;
  /** `Status` of ECS, such as `Running`. */
  readonly status?: string;
  readonly tags?: readonly Tag[];
  /** True when Cloud Assistant gave a sign of life within the last two minutes (documented). */
  readonly assistantRunning?: boolean;
}

/** The two reads of the pre-check, named as RAM names them. */
export const checkCalls = ['ecs:DescribeInstances', 'ecs:DescribeCloudAssistantStatus'] as const;
export type CheckCall = (typeof checkCalls)[number];

/** A read that brought nothing, and why. */
export interface NotChecked {
  readonly call: CheckCall;
  /** `other-account`: ECS is asked with the profile's own key, which cannot see the machines of another account. */
  readonly why: 'permission-denied' | 'other-account' | 'failed' | 'too-slow';
}

/** What the pre-check told so far. */
export interface CheckFacts {
  readonly instances: ReadonlyMap<string, InstanceFacts>;
  readonly notChecked: readonly NotChecked[];
}

/** Nothing was asked. */
export const nothingChecked: CheckFacts = { instances: new Map(), notChecked: [] };

/** The pre-check while it runs: it asks ECS and Cloud Assistant at once and tells what comes. */
export interface Precheck extends Disposable {
  readonly facts: CheckFacts;
  readonly running: boolean;
  /** Fires when facts came, at most twice a second, and at the end. */
  readonly onDidChange: Event<void>;
  /** Resolves at the end, or after `limitMs` milliseconds, when it stops asking; rejects only for a cancel. */
  settled(limitMs: number, waiting: Waiting): Promise<void>;
}

// Results are told while they come; more often than this nobody could read them.
const tellEveryMs = 500;
// Results come part by part; a part is still several calls, which are made at the same time.
const idsPerQuestion = 300;

/** Starts the pre-check. It never fails: what cannot be asked ends as "not checked". @param calls what to ask */
export function startPrecheck(
  world: { readonly instances: InstanceApi; readonly clock: Clock; readonly log: Log },
  scope: Scope,
  instanceIds: readonly string[],
  calls: readonly CheckCall[] = checkCalls,
): Precheck {
  return new RunningPrecheck(world, scope, [...new Set(instanceIds)], calls);
}

/** Does work beside the pre-check of the instances of these clients, and ends it after. A cancel ends both quietly. */
export async function withPrecheck(
  deps: Parameters<typeof startPrecheck>[0],
  scope: Scope,
  clients: readonly { readonly client: Pick<BackupClient, 'instanceId'> }[],
  work: (precheck: Precheck) => Promise<void>,
  calls: readonly CheckCall[] = checkCalls,
): Promise<void> {
  const instanceIds = clients.flatMap(({ client }) => client.instanceId ?? []);
  const precheck = startPrecheck(deps, scope, instanceIds, calls);
  try {
    await work(precheck);
  } catch (error) {
    if (!isCancelled(error)) throw error;
  } finally {
    precheck.dispose();
  }
}

type World = Parameters<typeof startPrecheck>[0];

class RunningPrecheck implements Precheck {
  readonly #world: World;
  readonly #scope: Scope;
  readonly #ids: readonly string[];
  readonly #calls: readonly CheckCall[];
  readonly #facts = new Map<string, InstanceFacts>();
  readonly #notChecked: NotChecked[] = [];
  readonly #changes = new Emitter<void>();
  readonly #stopping = new AbortController();
  readonly #unanswered = new Set<CheckCall>();
  readonly #done: Promise<void>;
  #toldAt: number;
  #running = true;

  readonly onDidChange = this.#changes.event;

  constructor(world: World, scope: Scope, ids: readonly string[], calls: readonly CheckCall[]) {
    this.#world = world;
    this.#scope = scope;
    this.#ids = ids;
    this.#calls = calls;
    this.#toldAt = world.clock.monotonic();
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
    const limit = this.#world.clock.sleep(limitMs, waiting).then(
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
      } else await Promise.all(this.#calls.map((call) => this.#ask(call)));
    }
    this.#running = false;
    this.#changes.fire();
  }

  async #ask(call: CheckCall): Promise<void> {
    const waiting = { signal: this.#stopping.signal };
    this.#unanswered.add(call);
    try {
      if (call === 'ecs:DescribeInstances') await this.#askInstances(waiting);
      else await this.#askAssistants(waiting);
    } catch (error) {
      if (isCancelled(error)) return;
      const { code } = toBackupError(error);
      this.#world.log.write('info', `pre-check not answered, call: ${call}`, error);
      this.#notChecked.push({ call, why: code === 'permission-denied' ? code : 'failed' });
    } finally {
      this.#unanswered.delete(call);
    }
  }

  async #askInstances(waiting: Waiting): Promise<void> {
    const { instances } = this.#world;
    const found = new Set<string>();
    for await (const page of instances.listInstances(this.#scope, { instanceIds: this.#ids }, waiting)) {
      throwIfCancelled(waiting.signal);
      for (const { instanceId, status, tags } of page) {
        found.add(instanceId);
        this.#note(instanceId, { exists: true, status, tags });
      }
      this.#tell();
    }
    for (const id of this.#ids) if (!found.has(id)) this.#note(id, { exists: false });
  }

  async #askAssistants(waiting: Waiting): Promise<void> {
    const { instances } = this.#world;
    for (let at = 0; at < this.#ids.length; at += idsPerQuestion) {
      const ids = this.#ids.slice(at, at + idsPerQuestion);
      const answers: readonly CloudAssistantStatus[] = await instances.listCloudAssistantStatus(
        this.#scope,
        ids,
        waiting,
      );
      throwIfCancelled(waiting.signal);
      for (const { instanceId, running } of answers) this.#note(instanceId, { assistantRunning: running });
      this.#tell();
    }
  }

  #note(instanceId: Instance['instanceId'], facts: InstanceFacts): void {
    this.#facts.set(instanceId, { ...this.#facts.get(instanceId), ...facts });
  }

  #tell(): void {
    const now = this.#world.clock.monotonic();
    if (now - this.#toldAt < tellEveryMs) return;
    this.#toldAt = now;
    this.#changes.fire();
  }

  #giveUp(): void {
    for (const call of this.#unanswered) this.#notChecked.push({ call, why: 'too-slow' });
    this.#stopping.abort();
    this.#running = false;
  }
}
