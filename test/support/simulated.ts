import type { CallDeps } from '../../src/api/call';
import { createServiceApi, type ServiceApi } from '../../src/api/serviceApi';
import type { AccessKey } from '../../src/core/service/model';
import { CancelledError, throwIfCancelled } from '../../src/core/kernel/cancelled';
import type { Disposable } from '../../src/core/kernel/disposables';
import type { Clock } from '../../src/core/kernel/clock';
import type { Connection } from '../../src/core/service/connection';
import type { Scope } from '../../src/core/service/scope';
import type { Simulator } from '../../simulator/main';

const deadlineMs = 30_000;

/** Short waits pass at once, and deadlines never come. */
export function createPatientClock(now: () => number = Date.now): Clock {
  return {
    now,
    monotonic: () => performance.now(),
    async sleep(ms, { signal }) {
      throwIfCancelled(signal);
      if (ms < deadlineMs) return;
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new CancelledError());
        });
      });
    },
  };
}

/** What of the client differs from the usual. */
export interface SimulatedParts extends Partial<Omit<CallDeps, 'connections'>> {
  /** Instead of the simulator's. */
  readonly endpoint?: string;
  /** Instead of the simulator's. */
  readonly accessKey?: () => Promise<AccessKey>;
}

/** A client of a simulator, the scope of all its ECS clients, and the lines that the client has logged. */
export interface Simulated {
  readonly api: ServiceApi & Disposable;
  readonly scope: Scope;
  readonly logged: readonly string[];
}

export function createSimulatedApi(simulator: Simulator, parts: SimulatedParts = {}): Simulated {
  const { accessKeyId, accessKeySecret } = simulator;
  const endpoint = parts.endpoint ?? simulator.endpoint;
  const connection: Connection = {
    profileId: 'profile',
    demo: false,
    endpoints: () => ({ hbr: endpoint, ecs: endpoint, sts: endpoint }),
    accessKey: parts.accessKey ?? (() => Promise.resolve({ accessKeyId, accessKeySecret })),
  };
  const logged: string[] = [];
  const api = createServiceApi({
    connections: { get: () => connection },
    clock: createPatientClock(),
    log: { write: (level, message) => logged.push(`${level} ${message}`) },
    random: () => 0.5,
    userAgent: 'contract-tests',
    ...parts,
  });
  return {
    api,
    scope: {
      profileId: 'profile',
      accountId: simulator.accountId,
      regionId: simulator.regionId,
      clientType: 'ECS_CLIENT',
    },
    logged,
  };
}
