import { BackupError } from '../service/errors';
import type { Submission } from '../service/model';
import type { PlannedMachine, Strategy } from './operation';
import type { BackupApi, MachineIds } from '../service/api';
import type { WriteWaiting } from '../kernel/waiting';
import { actions, type Action, type OperationAction } from '../service/actions';
import type { Scope } from '../service/scope';
import { wavesOf } from './waves';

/** One request to send: its clients, and the IDs that name them. */
export interface PlannedCall {
  readonly id: string;
  /** From 1: see `Wave.number`. */
  readonly wave: number;
  readonly machineKeys: readonly string[];
  readonly ids: MachineIds;
}

/**
 * Divides clients into calls that the service accepts, wave by wave; no call spans two waves. Each client is in
 * exactly one of the two ID lists, by the ID that its plan names it by. Throws BackupError `invalid-input` for no
 * clients, a client that is there twice, one without the ID that names it, or an instance ID that would reach another
 * client.
 */
export function callsOf(
  action: OperationAction,
  machines: readonly PlannedMachine[],
  strategy: Strategy = { kind: 'all' },
): readonly PlannedCall[] {
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
  const withIds = new Map(machines.map((machine) => [machine.key, idOf(machine)]));
  const size = actions[action].idsPerCall;
  const parts = wavesOf(machines, strategy).flatMap((wave, n) =>
    Array.from({ length: Math.ceil(wave.length / size) }, (_, part) => ({
      wave: n + 1,
      machineKeys: wave.slice(part * size, (part + 1) * size).map(({ key }) => key),
    })),
  );
  return parts.map(({ wave, machineKeys }, index) => {
    const ids = machineKeys.flatMap((key) => withIds.get(key) ?? []);
    return {
      id: String(index + 1),
      wave,
      machineKeys,
      ids: {
        instanceIds: ids.flatMap(({ instanceIds }) => instanceIds),
        clientIds: ids.flatMap(({ clientIds }) => clientIds),
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
