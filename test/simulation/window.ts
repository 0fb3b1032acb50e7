import type { Agents } from '../../src/api/transport';
import { createServiceApi } from '../../src/api/serviceApi';
import { Emitter } from '../../src/core/kernel/events';
import { isCancelled } from '../../src/core/service/errors';
import type { Operation } from '../../src/core/operations/operation';
import { createOperations, type Operations } from '../../src/core/operations/operations';
import { stopRolloutsInReadOnlyMode } from '../../src/core/change/safety/readOnlyMode';
import type { Connection } from '../../src/core/service/connection';
import type { LeaseStore } from '../../src/core/operations/stores';
import type { MachineIds, OperationApi } from '../../src/core/service/api';
import { Redactor } from '../../src/core/kernel/redact';
import type { OperationAction } from '../../src/core/service/actions';
import { scopeKey, type Scope } from '../../src/core/service/scope';
import type { Disk } from '../../src/storage/disk';
import { createLeaseStore } from '../../src/storage/leaseStore';
import { createRecordStore } from '../../src/storage/recordStore';
import { storageFolder } from './disk';
import type { CallMade, Evidence } from './evidence';
import type { Owner } from './scheduler';
import { clockOf, type World } from './world';
import { runOperation } from '../../src/core/operations/runOperation';

/** How often a window looks at its folders besides the events of changes. */
const pollMs = 5_000;

/** Breaks a part of the engine on purpose, to show that an invariant notices. */
export interface Sabotage {
  readonly disk?: (disk: Disk) => Disk;
  readonly api?: (api: OperationApi) => OperationApi;
  readonly leases?: (leases: LeaseStore) => LeaseStore;
  readonly operations?: (operations: Operations) => Operations;
  readonly redact?: (text: string) => string;
}

export interface WindowParts {
  readonly sabotage: Sabotage;
  readonly world: World;
  readonly owner: Owner;
  readonly disk: Disk;
  readonly agents: Agents;
  readonly evidence: Evidence;
  readonly secrets: readonly string[];
  /** How long a profile takes to give its key, in milliseconds. */
  readonly keyDelayMs: (profileId: string) => number;
}

/** The real engine in one window: its records, leases, service client and operations. */
export class SimulatedWindow {
  readonly owner: Owner;
  readonly operations: Operations;
  readonly log: string[] = [];
  readonly safety = { current: { readOnly: false } };
  readonly #safetyChanges = new Emitter<void>();
  readonly #parts: WindowParts;
  readonly #disposables: { dispose(): void }[] = [];

  constructor(parts: WindowParts) {
    this.#parts = parts;
    const { world, owner, evidence, sabotage } = parts;
    const disk = sabotage.disk?.(parts.disk) ?? parts.disk;
    this.owner = owner;
    const clock = clockOf(world, owner);
    const log = {
      write: (level: string, message: string, error?: unknown) => {
        const cause = error instanceof Error ? error.message : '';
        this.log.push(`${level} ${message} ${cause}`);
        world.trace(owner, `log ${level} ${message} ${cause}`);
      },
    };
    const redactor = new Redactor();
    for (const secret of parts.secrets) redactor.add(secret);
    const random = world.random.fork(`window ${owner.name}`);
    const api = createServiceApi({
      connections: { get: (profileId: string) => this.#connection(profileId) },
      clock,
      log,
      random: () => random.next(),
      userAgent: 'simulation',
      agents: parts.agents,
    });
    const records = createRecordStore(disk, storageFolder, { pollMs });
    let ids = 0;
    const leases = createLeaseStore(disk, storageFolder, clock);
    const operations = createOperations({
      run: runOperation,
      api: this.#witnessed(sabotage.api?.(api) ?? api),
      records,
      leases: sabotage.leases?.(leases) ?? leases,
      clock,
      log,
      newId: () => `${owner.name.replace('.', '-')}-${++ids}`,
      redact: sabotage.redact ?? ((text) => redactor.redact(text)),
      isReadOnly: () => this.safety.current.readOnly,
    });
    this.operations = sabotage.operations?.(operations) ?? operations;
    const safety = { current: this.safety.current, onDidChange: this.#safetyChanges.event };
    this.#disposables.push(stopRolloutsInReadOnlyMode(safety, operations, log), operations, records, api);
    operations.onDidEnd((operation) => {
      if (owner.dead) return;
      world.trace(owner, `told the end of ${operation.id}`);
      evidence.ends.push({ process: owner.name, operation, atMs: world.now });
    });
  }

  /** Reads the records, as an extension does when it starts. */
  async resume(): Promise<void> {
    const { evidence, owner } = this.#parts;
    try {
      await this.operations.resume();
    } catch (error) {
      if (!owner.dead && !isCancelled(error)) {
        evidence.violate('no crash', `${owner.name} did not start: ${String(error)}`);
      }
    }
  }

  setReadOnly(readOnly: boolean): void {
    this.safety.current.readOnly = readOnly;
    this.#safetyChanges.fire();
  }

  /** The operation with this number, the newest first. */
  nth(number: number): Operation | undefined {
    const all = this.operations.list();
    return all.length === 0 ? undefined : all[number % all.length];
  }

  /** Closes as a user closes a window. */
  close(): void {
    for (const one of this.#disposables) one.dispose();
    this.#parts.agents.dispose();
    this.owner.dead = true;
  }

  #connection(profileId: string): Connection {
    const { world, owner, keyDelayMs } = this.#parts;
    const hbr = 'https://hbr.cn-hangzhou.aliyuncs.com';
    return {
      profileId,
      demo: false,
      endpoints: () => ({ hbr, ecs: hbr, sts: hbr }),
      accessKey: async () => {
        const delayMs = keyDelayMs(profileId);
        if (delayMs > 0) await world.wait(delayMs, owner);
        return { accessKeyId: `id-of-${profileId}`, accessKeySecret: `secret-of-${profileId}` };
      },
    };
  }

  /** The service as the engine calls it, with a note of each call that would change machines. */
  #witnessed(api: OperationApi): OperationApi {
    const noted = async <T>(
      action: OperationAction,
      scope: Scope,
      ids: MachineIds,
      make: () => Promise<T>,
    ): Promise<T> => {
      const call = this.#note(action, scope, ids);
      try {
        return await make();
      } finally {
        call.endedMs = this.#parts.world.now;
      }
    };
    const { evidence, world, owner } = this.#parts;
    return {
      ...api,
      async *listJobs(scope, query, waiting) {
        const { instanceIds } = query;
        const pages = api.listJobs(scope, query, waiting);
        for (;;) {
          const page = await pages.next();
          if (page.done) return page.value;
          for (const { jobId } of page.value) {
            evidence.seenJobs.push({ maker: owner.name, jobId, instanceIds, atMs: world.now });
          }
          yield page.value;
        }
      },
      installClients: (scope, instanceIds, waiting) =>
        noted('install', scope, { instanceIds, clientIds: [] }, () =>
          api.installClients(scope, instanceIds, waiting),
        ),
      upgradeClients: (scope, ids, waiting) =>
        noted('upgrade', scope, ids, () => api.upgradeClients(scope, ids, waiting)),
      uninstallClients: (scope, ids, waiting) =>
        noted('uninstall', scope, ids, () => api.uninstallClients(scope, ids, waiting)),
      updateClientSettings: (scope, clientId, change, waiting) =>
        noted('settings', scope, { instanceIds: [], clientIds: [clientId] }, () =>
          api.updateClientSettings(scope, clientId, change, waiting),
        ),
    };
  }

  #note(action: OperationAction, scope: Scope, { instanceIds, clientIds }: MachineIds): CallMade {
    const { evidence, world, owner } = this.#parts;
    const found = this.operations
      .list()
      .flatMap((operation) => operation.calls.map((call) => ({ operation, call })))
      .filter(
        ({ operation, call }) =>
          operation.action === action &&
          scopeKey(operation.scope) === scopeKey(scope) &&
          call.state === 'intent' &&
          namesExactly(operation, call.machineKeys, instanceIds, clientIds),
      )
      .sort((a, b) => b.call.intentAt - a.call.intentAt)[0];
    const call: CallMade = {
      number: evidence.calls.length + 1,
      maker: owner.name,
      operationId: found?.operation.id,
      action,
      instanceIds,
      clientIds,
      machineKeys: found?.call.machineKeys ?? [],
      beganMs: world.now,
      endedMs: undefined,
    };
    evidence.calls.push(call);
    return call;
  }
}

function namesExactly(
  operation: Operation,
  keys: readonly string[],
  instanceIds: readonly string[],
  clientIds: readonly string[],
): boolean {
  const machines = operation.machines.filter(({ machine }) => keys.includes(machine.key));
  return (
    machines.length === instanceIds.length + clientIds.length &&
    machines.every(
      ({ machine }) =>
        instanceIds.includes(machine.instanceId ?? '') || clientIds.includes(machine.clientId ?? ''),
    )
  );
}
