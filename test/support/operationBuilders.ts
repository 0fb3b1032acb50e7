import { Emitter } from '../../src/core/kernel/events';
import type { BackupClient } from '../../src/core/service/model';
import type { Operation, Plan, PlannedMachine } from '../../src/core/operations/operation';
import { createOperations, type Operations, type OperationsDeps } from '../../src/core/operations/operations';
import type { Clock } from '../../src/core/kernel/clock';
import type { Log } from '../../src/core/kernel/log';
import type { OperationApi } from '../../src/core/service/api';
import { aClient, aScope } from './builders';
import type { MemoryWindow } from './memoryRecords';
import { runOperation } from '../../src/core/operations/runOperation';

/** n outdated clients `i-0`, `i-1` … of one scope. */
export function outdatedClients(count: number): readonly BackupClient[] {
  return Array.from({ length: count }, (_, n) =>
    aClient({
      instanceId: `i-${n}`,
      clientId: `c-${n}`,
      instanceName: `web-${n}`,
      clientVersion: '2.4.1',
      maxClientVersion: '2.4.5',
      lastHeartBeatTime: 1_767_000_000,
      updatedTime: 1_767_000_000,
    }),
  );
}

/** n instances without a client. */
export function bareInstances(count: number): readonly BackupClient[] {
  return Array.from({ length: count }, (_, n) => ({
    clientType: 'ECS_CLIENT',
    instanceId: `i-${n}`,
    instanceName: `web-${n}`,
    status: 'NOT_INSTALLED',
    updatedTime: 1_767_000_000,
    tags: [],
  }));
}

export function aPlan(action: Plan['action'], clients: readonly BackupClient[]): Plan {
  return {
    action,
    scope: aScope(),
    profileName: 'Production',
    demo: false,
    machines: clients.map(plannedMachine),
  };
}

function plannedMachine(client: BackupClient): PlannedMachine {
  const { instanceId, clientId, zoneId, status, clientVersion, maxClientVersion } = client;
  return {
    key: instanceId ?? clientId ?? '',
    name: client.instanceName ?? '',
    namedBy: instanceId === undefined ? 'client' : 'instance',
    fromStatus: status,
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(zoneId === undefined ? {} : { zoneId }),
    ...(clientVersion === undefined ? {} : { fromVersion: clientVersion }),
    ...(maxClientVersion === undefined ? {} : { targetVersion: maxClientVersion }),
  };
}

/** An operation that uninstalled a client, which the list then showed with the heartbeat it has. */
export function uninstallOf(client: BackupClient, fields: Partial<Operation> = {}): Operation {
  const { machines, ...plan } = aPlan('uninstall', [client]);
  const { lastHeartBeatTime } = client;
  return {
    ...plan,
    id: 'op-uninstall',
    startedAt: 1_767_000_000_000,
    endedAt: 1_767_000_060_000,
    timeScale: 1,
    phase: 'ended',
    sendingStopped: false,
    watchingStopped: false,
    strategy: { kind: 'all' },
    maxFailures: 0,
    waves: [],
    machines: machines.map((machine) => ({
      machine,
      outcome: 'done',
      ...(lastHeartBeatTime !== undefined && { lastHeartBeatTime }),
    })),
    calls: [],
    ...fields,
  };
}

/** A log that keeps its lines. */
export function createKeptLog(): Log & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  return {
    lines,
    write: (level, message, error) =>
      lines.push(`${level} ${message} ${error instanceof Error ? error.message : ''}`),
  };
}

/** One window: its operations over a disk that it may share with others, and what it told. */
export interface OperationsWindow {
  readonly operations: Operations;
  readonly log: ReturnType<typeof createKeptLog>;
  readonly ended: readonly Operation[];
  readonly disk: MemoryWindow;
  /** As SIGKILL would: nothing more is sent or written, nobody is told, its leases run out. See `MemoryWindow.kill`. */
  kill(tornBytes?: number): void;
}

export function openWindow(
  service: OperationApi,
  clock: Clock,
  disk: MemoryWindow,
  options: Partial<Pick<OperationsDeps, 'retention' | 'redact' | 'isReadOnly' | 'newId'>> = {},
): OperationsWindow {
  const log = createKeptLog();
  const ended: Operation[] = [];
  let ids = 0;
  const operations = createOperations({
    run: runOperation,
    api: service,
    records: disk.records,
    leases: disk.leases,
    clock,
    log,
    newId: () => `id-${++ids}`,
    redact: (text) => text.replaceAll('s3cret', '******'),
    ...options,
  });
  operations.onDidEnd((operation) => ended.push(operation));
  return {
    operations,
    log,
    ended,
    disk,
    kill(tornBytes) {
      disk.kill(tornBytes);
      operations.dispose();
      disk.expire(false);
    },
  };
}

/** Outcomes by machine key, with the reason behind a colon. */
export function outcomesOf(operation: Operation | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (operation?.machines ?? []).map(({ machine, outcome, reason }) => [
      machine.key,
      reason === undefined ? outcome : `${outcome}: ${reason}`,
    ]),
  );
}

/** A promise to be settled by hand, to hold an answer back. */
export function held<T>(): { readonly promise: Promise<T>; readonly settle: (value: T) => void } {
  const settled = new Emitter<T>();
  return {
    promise: new Promise((resolve) => settled.event(resolve)),
    settle: (value) => settled.fire(value),
  };
}
