import { strict as assert } from 'node:assert';
import { BackupError } from '../../src/core/service/errors';
import type { Operations } from '../../src/core/operations/operations';
import type { MachineIds, OperationApi } from '../../src/core/service/api';
import type { Invariant } from './evidence';
import { run } from './run';
import { storyOf } from './storyTeller';
import type { Sabotage } from './window';

/** Most are caught within ten seeds. */
const mostSeeds = 300;

const cases: readonly (readonly [invariant: Invariant, broken: string, sabotage: Sabotage])[] = [
  [
    'no record lost',
    'records that are written and not synced',
    {
      disk: (disk) => ({
        ...disk,
        open: async (file, how) => {
          const handle = await disk.open(file, how);
          return replacing(handle, { sync: () => Promise.resolve() });
        },
      }),
    },
  ],
  [
    'no record lost',
    'files that are removed instead of closed',
    { disk: (disk) => ({ ...disk, rename: (from) => disk.remove(from) }) },
  ],
  [
    'no write twice',
    'writes that are repeated after an ambiguous failure',
    {
      api: (api) =>
        withWrites(api, async (write) => {
          try {
            return await write();
          } catch (error) {
            if (error instanceof BackupError && error.fate === 'ambiguous') return write();
            throw error;
          }
        }),
    },
  ],
  [
    'only planned machines',
    'clients that are named by an instance that they share',
    {
      api: (api) => ({
        ...api,
        upgradeClients: (scope, ids, waiting) => api.upgradeClients(scope, byInstance(ids), waiting),
        uninstallClients: (scope, ids, waiting) => api.uninstallClients(scope, byInstance(ids), waiting),
      }),
    },
  ],
  [
    'nobody interrupts a job',
    'jobs that are taken for ended ones',
    {
      api: (api) => ({
        ...api,
        async *listJobs(...asked) {
          const pages = api.listJobs(...asked);
          for (;;) {
            const page = await pages.next();
            if (page.done) return page.value;
            yield page.value.map((job) => ({ ...job, status: 'COMPLETE' }));
          }
        },
      }),
    },
  ],
  [
    'every operation ends',
    'a query that is never answered',
    { api: (api) => ({ ...api, getTask: () => new Promise(() => undefined) }) },
  ],
  [
    'outcomes are true',
    'calls that are said not to have run, and did',
    {
      api: (api) =>
        withWrites(api, async (write) => {
          await write();
          throw new BackupError('unreachable', 'sabotaged', { fate: 'not-run' });
        }),
    },
  ],
  [
    'outcomes are known',
    'lists that cannot be read',
    { api: (api) => ({ ...api, listClients: brokenList }) },
  ],
  [
    'told in time',
    'tasks that cannot be asked about',
    {
      api: (api) => ({
        ...api,
        getTask: () => Promise.reject(new BackupError('unreachable', 'sabotaged')),
      }),
    },
  ],
  [
    'no lease without a window',
    'leases that are not given back',
    {
      leases: (leases) => ({
        take: async (name) => {
          const lease = await leases.take(name);
          return lease && replacing(lease, { dispose: () => undefined });
        },
      }),
    },
  ],
  [
    'nothing sent after the end',
    'a stop that nobody obeys',
    {
      operations: (operations) =>
        replacing(operations, {
          stop: (id, what) => (what === 'rollout' ? Promise.resolve() : operations.stop(id, what)),
        }),
    },
  ],
  [
    'nothing sent after the end',
    'leases that are believed to be held for ever',
    {
      leases: (leases) => ({
        take: async (name) => {
          const lease = await leases.take(name);
          return lease && replacing(lease, { isHeld: () => Promise.resolve(true), onDidLose: neverFires });
        },
      }),
    },
  ],
  ['no secret on disk', 'texts that are not redacted', { redact: (text) => text }],
  [
    'refresh asks at once',
    'Refresh Now that does nothing',
    { operations: (operations) => replacing(operations, { checkNow: () => Promise.resolve() }) },
  ],
  [
    'told once',
    'leases that everybody gets',
    {
      leases: () => ({
        take: () =>
          Promise.resolve({
            onDidLose: neverFires,
            isHeld: () => Promise.resolve(true),
            dispose: () => undefined,
          }),
      }),
    },
  ],
  [
    'no crash',
    'a window that does not start',
    {
      operations: (operations) =>
        replacing<Operations>(operations, { resume: () => Promise.reject(new Error('sabotaged')) }),
    },
  ],
];

describe('an engine that is broken on purpose', () => {
  for (const [invariant, broken, sabotage] of cases) {
    it(`is caught by "${invariant}": ${broken}`, async () => {
      let seed = 1;
      while (seed <= mostSeeds && !(await isBroken(seed))) seed++;
      assert.ok(seed <= mostSeeds, `not caught within ${mostSeeds} seeds`);

      async function isBroken(number: number): Promise<boolean> {
        const { violations } = await run(storyOf(number), { sabotage });
        return violations.some((violation) => violation.invariant === invariant);
      }
    });
  }
});

const neverFires = () => ({ dispose: () => undefined });

/** The same object with some members replaced, its private ones included. */
function replacing<T extends object>(target: T, replaced: Partial<T>): T {
  return new Proxy(target, {
    get(of, name): unknown {
      const value: unknown = Reflect.get(name in replaced ? replaced : of, name);
      if (typeof value !== 'function') return value;
      return (...given: readonly unknown[]): unknown => Reflect.apply(value, of, given);
    },
  });
}

/** The service with something in the place of its writes. */
function withWrites(api: OperationApi, make: <T>(write: () => Promise<T>) => Promise<T>): OperationApi {
  return {
    ...api,
    installClients: (...asked) => make(() => api.installClients(...asked)),
    upgradeClients: (...asked) => make(() => api.upgradeClients(...asked)),
    uninstallClients: (...asked) => make(() => api.uninstallClients(...asked)),
    updateClientSettings: (...asked) => make(() => api.updateClientSettings(...asked)),
  };
}

/** Clients of the simulation have the number of their instance in their id. */
function byInstance({ instanceIds, clientIds }: MachineIds): MachineIds {
  return {
    instanceIds: [...new Set([...instanceIds, ...clientIds.map((id) => id.replace(/^c-(old)?/, 'i-bp'))])],
    clientIds: [],
  };
}

async function* brokenList(): ReturnType<OperationApi['listClients']> {
  await Promise.resolve();
  throw new BackupError('unreachable', 'sabotaged');
}
