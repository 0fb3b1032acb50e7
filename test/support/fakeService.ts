import { throwIfCancelled } from '../../src/core/kernel/cancelled';
import { recordedSettingsOf } from '../../src/core/operations/recordedSettings';
import type { BackupClient, ClientSettingsChange, Submission, Task } from '../../src/core/service/model';
import type { ClientQuery, MachineIds, OperationApi } from '../../src/core/service/api';
import type { WriteWaiting } from '../../src/core/kernel/waiting';
import { createFakeProtection, type FakeProtection } from './fakeProtection';

/** A service that does what a test tells it, and remembers what it was asked. */
export interface FakeService extends OperationApi, FakeProtection {
  readonly clients: Map<string, BackupClient>;
  /** Ids of every write, in order. */
  readonly writes: readonly MachineIds[];
  /** Every change of settings that was sent, in order. */
  readonly settings: readonly { readonly clientId: string; readonly change: ClientSettingsChange }[];
  readonly polls: readonly string[];
  readonly reads: readonly ClientQuery[];
  scale: number;
  /** What is to be added to the computer's clock to get the service's; undefined while no reply said so. */
  offsetMs: number | undefined;
  /** While the nth attempt of a write (from 1) waits for its key or its turn, before it asks whether it may go out. */
  onAttempt: (n: number) => Promise<void> | void;
  /** Answers the nth write (from 1); the default takes it as task `t-<n>`. */
  onWrite: (n: number, ids: MachineIds) => Promise<Submission> | Submission;
  /**
   * Called around the nth change of settings (from 1): before it runs, where throwing keeps it from running, and after,
   * where throwing loses its answer.
   */
  onSettings: (n: number, at: 'before' | 'after') => Promise<void> | void;
  /** Answers the nth query (from 1) of a task; the default says that it goes on. */
  onPoll: (taskId: string, n: number) => Partial<Task>;
  /** Called before each reading of clients; throwing makes it fail. */
  onRead: () => void;
}

export function createFakeService(clients: readonly BackupClient[] = []): FakeService {
  const writes: MachineIds[] = [];
  const settings: FakeService['settings'][number][] = [];
  const polls: string[] = [];
  const reads: ClientQuery[] = [];
  let attempts = 0;
  const write = async (ids: MachineIds, { beforeSend }: WriteWaiting): Promise<Submission> => {
    await service.onAttempt(++attempts);
    await beforeSend?.();
    writes.push(ids);
    return service.onWrite(writes.length, ids);
  };
  const service: FakeService = {
    ...createFakeProtection(),
    clients: new Map(clients.map((client) => [client.instanceId ?? client.clientId ?? '', client])),
    writes,
    settings,
    polls,
    reads,
    scale: 1,
    offsetMs: 0,
    onAttempt: () => undefined,
    onWrite: (n) => taken(`t-${n}`),
    onSettings: () => undefined,
    onPoll: () => ({}),
    onRead: () => undefined,
    async *listClients(_scope, query, { signal }) {
      throwIfCancelled(signal);
      reads.push(query);
      await Promise.resolve();
      service.onRead();
      const found = [...service.clients.values()].filter(
        ({ instanceId, clientId }) =>
          (query.instanceIds?.includes(instanceId ?? '') ?? false) ||
          (query.clientIds?.includes(clientId ?? '') ?? false),
      );
      yield { clients: found, total: found.length, requestId: 'R-LIST' };
      return { changedWhileReading: false };
    },
    installClients: (_scope, instanceIds, waiting) => write({ instanceIds, clientIds: [] }, waiting),
    upgradeClients: (_scope, ids, waiting) => write(ids, waiting),
    uninstallClients: (_scope, ids, waiting) => write(ids, waiting),
    async updateClientSettings(_scope, clientId, change, { beforeSend }) {
      await beforeSend?.();
      settings.push({ clientId, change });
      const n = settings.length;
      await service.onSettings(n, 'before');
      // As the service: a password goes in and never comes out.
      const shown = recordedSettingsOf(change).values;
      for (const [key, client] of service.clients) {
        if (client.clientId !== clientId) continue;
        service.clients.set(key, { ...client, settings: { ...client.settings, ...shown } });
      }
      await service.onSettings(n, 'after');
      return { requestId: `R-SETTINGS-${n}` };
    },
    async getTask(_scope, taskId, { signal }) {
      throwIfCancelled(signal);
      polls.push(taskId);
      await Promise.resolve();
      const n = polls.filter((one) => one === taskId).length;
      return {
        taskId,
        state: 'created',
        progress: 10,
        machines: [],
        requestId: `R-${taskId}-${n}`,
        ...service.onPoll(taskId, n),
      };
    },
    timeScale: () => service.scale,
    clockOffsetMs: () => service.offsetMs,
  };
  return service;
}

/** The answer to a call that the service took. */
export function taken(taskId: string, refusals: Submission['refusals'] = []): Submission {
  return { taskId, requestId: `R-${taskId}`, refusals };
}
