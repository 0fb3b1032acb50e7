import { startSimulator, type FaultRule, type JournalEntry, type Simulator } from '../../simulator/main';
import type { ServiceApi } from '../../src/api/serviceApi';
import type { Job, JobQuery, Rows, RowsEnd } from '../../src/core/service/protection';
import type { Scope } from '../../src/core/service/scope';
import { neverCancelled } from './apiBuilders';
import { createPatientClock, createSimulatedApi, type Simulated } from './simulated';

export const waiting = { ...neverCancelled, mostPages: 50 };
export const standardBackups = { kind: 'backup', edition: 'STANDARD' } as const;
export const standardRestores = { kind: 'restore', edition: 'STANDARD' } as const;
export const unfinished = ['CREATED', 'QUEUED', 'RUNNING', 'CANCELING'];

/** All rows of a reading, and how it ended. */
export interface ReadRows<T> extends RowsEnd {
  readonly rows: readonly T[];
}

export async function readRows<T>(reading: Rows<T>): Promise<ReadRows<T>> {
  const rows: T[] = [];
  for (;;) {
    const step = await reading.next();
    if (step.done === true) return { rows, ...step.value };
    rows.push(...step.value);
  }
}

/** A simulator without clients and a client of it, at a time that's moved by hand. */
export interface SimulatedBackups {
  readonly simulator: Simulator;
  readonly api: ServiceApi;
  readonly scope: Scope;
  /** UNIX seconds. */
  readonly nowS: () => number;
  readonly pass: (seconds: number) => void;
  readonly sent: () => readonly JournalEntry[];
  readonly jobs: (query: JobQuery, mostPages?: number) => Promise<ReadRows<Job>>;
  /** Replaces all fault rules by one. */
  readonly faulty: (action: string, rule: Omit<FaultRule, 'action'>) => void;
  /** Adds machines with a client, and returns their IDs. */
  readonly machines: (count: number) => string[];
  /** Adds completed backups, each a minute older than the one before, and returns their IDs. */
  readonly history: (count: number) => string[];
}

/** Made anew for each test of a suite. */
export function simulatedBackups(): SimulatedBackups {
  let simulator: Simulator;
  let simulated: Simulated;
  let nowMs: number;
  beforeEach(async () => {
    nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
    simulator = await startSimulator({ clients: 0, clock: { nowMs: () => nowMs } });
    simulated = createSimulatedApi(simulator, { clock: createPatientClock(() => nowMs) });
  });
  afterEach(async () => {
    simulated.api.dispose();
    await simulator.dispose();
  });
  const nowS = (): number => Math.floor(nowMs / 1000);
  return {
    get simulator() {
      return simulator;
    },
    get api() {
      return simulated.api;
    },
    get scope() {
      return simulated.scope;
    },
    nowS,
    pass: (seconds) => {
      nowMs += seconds * 1000;
    },
    sent: () => simulator.journal(),
    jobs: (query, mostPages = waiting.mostPages) =>
      readRows(simulated.api.listJobs(simulated.scope, query, { ...waiting, mostPages })),
    faulty: (action, rule) => simulator.setFaults([{ action, ...rule }]),
    machines: (count) =>
      Array.from({ length: count }, (_, index) => {
        const { InstanceId } = simulator.insertClient({ InstanceId: `i-bp1demo${1000 + index}` });
        return InstanceId;
      }),
    history: (count) =>
      Array.from({ length: count }, (_, index) => {
        const CreatedTime = nowS() - (index + 1) * 60;
        return simulator.putJob({ InstanceId: `i-${index}`, Status: 'COMPLETE', CreatedTime }).JobId;
      }),
  };
}
