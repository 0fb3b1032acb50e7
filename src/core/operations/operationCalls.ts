import { chunksOf } from '../kernel/chunks';
import { BackupError } from '../service/errors';
import type { Submission } from '../service/model';
import type { PlannedMachine } from './operation';
import type { BackupApi, MachineIds } from '../service/api';
import type { WriteWaiting } from '../kernel/waiting';
import { actions, type Action, type OperationAction } from '../service/actions';
import type { Scope } from '../service/scope';

/** One request to send: its clients, and the IDs that name them. */
export interface PlannedCall {
  readonly id: string;
  readonly machineKeys: readonly string[];
  readonly ids: MachineIds;
}

/**
 * The IDs that name each client of a plan, by its key: in exactly one of the two lists, the one that the plan names it by.
 * Throws BackupError `invalid-input` for no clients, a client that is there twice, one without the ID that names it, or
 * an instance ID that would reach another client.
 */
export function idsByKey(
  action: OperationAction,
  machines: readonly PlannedMachine[],
): ReadonlyMap<string, MachineIds> {
  if (machines.length === 0) throw new BackupError('invalid-input', 'an operation needs a machine');
  if (new Set(machines.map(({ key }) => key)).size < machines.length) {
    throw new BackupError('invalid-input', 'a machine stands twice in the plan');
  }
  const machinesOn = new Map<string, number>();
  for (const { instanceId } of machines) {
    if (instanceId) machinesOn.set(instanceId, (machinesOn.get(instanceId) ?? 0) + 1);
  }
  const idOf = ({ key, instanceId, clientId, namedBy }: PlannedMachine): MachineIds => {
    if (namedBy === 'client' && clientId && action !== 'install') {
      return { instanceIds: [], clientIds: [clientId] };
    }
    if (namedBy === 'instance' && instanceId && action !== 'settings' && machinesOn.get(instanceId) === 1) {
      return { instanceIds: [instanceId], clientIds: [] };
    }
    throw new BackupError('invalid-input', `no id names this machine alone, machine: ${key}`);
  };
  return new Map(machines.map((machine) => [machine.key, idOf(machine)]));
}

/**
 * Divides clients into calls that the service accepts.
 * @param ids of the whole plan, as {@link idsByKey} returns them
 * @param made calls of the operation so far: the next one has the next number
 */
export function callsOf(
  action: OperationAction,
  machineKeys: readonly string[],
  ids: ReadonlyMap<string, MachineIds>,
  made = 0,
): readonly PlannedCall[] {
  return chunksOf(machineKeys, actions[action].idsPerCall).map((keys, index) => {
    const named = keys.flatMap((key) => ids.get(key) ?? []);
    return {
      id: String(made + index + 1),
      machineKeys: keys,
      ids: {
        instanceIds: named.flatMap(({ instanceIds }) => instanceIds),
        clientIds: named.flatMap(({ clientIds }) => clientIds),
      },
    };
  });
}

type ChangeApi = Pick<BackupApi, 'installClients' | 'upgradeClients' | 'uninstallClients'>;

/** Sends one request of an operation that runs as a task. */
export const submit: Readonly<
  Record<
    Action,
    (api: ChangeApi, scope: Scope, ids: MachineIds, waiting: WriteWaiting) => Promise<Submission>
  >
> = {
  install: (api, scope, { instanceIds }, waiting) => api.installClients(scope, instanceIds, waiting),
  upgrade: (api, scope, ids, waiting) => api.upgradeClients(scope, ids, waiting),
  uninstall: (api, scope, ids, waiting) => api.uninstallClients(scope, ids, waiting),
};
