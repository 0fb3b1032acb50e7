import type { BackupError } from '../../../src/core/service/errors';
import { Emitter } from '../../../src/core/kernel/events';
import type { CloudAssistantStatus, Instance } from '../../../src/core/service/model';
import type { MachineProgress, Operation, Plan } from '../../../src/core/operations/operation';
import type { Operations } from '../../../src/core/operations/operations';
import type { InstanceApi, InstanceQuery } from '../../../src/core/service/api';
import type { Scope } from '../../../src/core/service/scope';

/** Operations that go on as the test says. */
export class HandOperations implements Pick<Operations, 'start' | 'get' | 'holdersIn' | 'list'> {
  readonly plans: Plan[] = [];
  readonly #changes = new Emitter<Operation>();
  readonly #operations = new Map<string, Operation>();
  readonly onDidChange = this.#changes.event;
  busy: readonly string[] = [];
  startFailure: Error | undefined;

  start(plan: Plan): Promise<Operation> {
    this.plans.push(plan);
    if (this.startFailure) return Promise.reject(this.startFailure);
    const operation: Operation = {
      id: `op-${this.plans.length}`,
      ...plan,
      startedAt: 0,
      timeScale: 1,
      phase: 'sending',
      sendingStopped: false,
      watchingStopped: false,
      strategy: { kind: 'all' },
      maxFailures: 0,
      waves: [],
      machines: plan.machines.map((machine) => ({ machine, outcome: 'waiting' })),
      calls: [],
    };
    this.#operations.set(operation.id, operation);
    return Promise.resolve(operation);
  }

  /** Changes the operation and tells of it; `outcomes` go to its machines in order. */
  change(fields: Partial<Operation>, ...outcomes: readonly (Partial<MachineProgress> | undefined)[]): void {
    const id = `op-${this.plans.length}`;
    const before = this.#operations.get(id);
    if (!before) throw new Error('nothing was started');
    const machines = before.machines.map((machine, i) => ({ ...machine, ...outcomes[i] }));
    const operation = { ...before, machines, ...fields };
    this.#operations.set(id, operation);
    this.#changes.fire(operation);
  }

  get(id: string): Operation | undefined {
    return this.#operations.get(id);
  }

  list(): readonly Operation[] {
    return [...this.#operations.values()];
  }

  holdersIn(): ReturnType<Operations['holdersIn']> {
    return ({ instanceId }) =>
      this.busy.some((id) => id === instanceId)
        ? { id: 'op-other', action: 'upgrade', profileName: 'other', heldForMs: 192_000 }
        : undefined;
  }
}

/** ECS where every instance runs and answers, unless a test says otherwise. */
export class HandInstances implements InstanceApi {
  readonly asked: string[] = [];
  /** What an instance is; null: ECS does not know it. */
  readonly known = new Map<string, Partial<Instance> | null>();
  readonly silent = new Set<string>();
  readonly failures = new Map<'instances' | 'assistant', BackupError>();
  /** Answers wait for it. */
  ready: Promise<unknown> = Promise.resolve();

  async *listInstances(
    _scope: Scope,
    { instanceIds = [...this.known.keys()], status, tags = [] }: InstanceQuery,
  ): AsyncGenerator<readonly Instance[], void, void> {
    this.asked.push(`instances ${instanceIds.join()}`);
    await this.ready;
    const failure = this.failures.get('instances');
    if (failure) throw failure;
    for (const instanceId of instanceIds) {
      const fields = this.known.get(instanceId);
      if (fields === null) continue;
      const one = { instanceId, status: 'Running', privateIps: [], publicIps: [], tags: [], ...fields };
      const tagged = tags.every(({ key, value }) =>
        one.tags.some((tag) => tag.key === key && tag.value === value),
      );
      if (tagged && (status === undefined || one.status === status)) yield [one];
    }
  }

  async listCloudAssistantStatus(
    _scope: Scope,
    instanceIds: readonly string[],
  ): Promise<readonly CloudAssistantStatus[]> {
    this.asked.push(`assistant ${instanceIds.join()}`);
    await this.ready;
    const failure = this.failures.get('assistant');
    if (failure) throw failure;
    return instanceIds.map((instanceId) => ({ instanceId, running: !this.silent.has(instanceId) }));
  }
}
