import { BackupError } from '../errors';
import type { Submission } from '../model';
import type { PlannedMachine } from './operation';
import type { BackupApi, MachineIds, Waiting } from '../ports';
import { idsPerCall, type Action } from '../schedules';
import type { Scope } from '../scope';

/** One call to make: whose machines, by which ids. */
export interface PlannedCall {
  readonly id: string;
  readonly machineKeys: readonly string[];
  readonly ids: MachineIds;
}

/**
 * Cuts machines into calls that the service accepts, in their order. Each machine stands in exactly one of the two id
 * lists: ECS clients by instance, or by ClientId where two clients share the instance; others by ClientId. Throws
 * BackupError `invalid-input` for no machines, a machine twice, or one without an id that the action takes.
 */
export function callsOf(
  action: Action,
  scope: Pick<Scope, 'clientType'>,
  machines: readonly PlannedMachine[],
): readonly PlannedCall[] {
  if (machines.length === 0) throw new BackupError('invalid-input', 'an operation needs a machine');
  if (new Set(machines.map(({ key }) => key)).size < machines.length) {
    throw new BackupError('invalid-input', 'a machine stands twice in the plan');
  }
  const clientsOn = new Map<string, number>();
  for (const { instanceId } of machines) {
    if (instanceId) clientsOn.set(instanceId, (clientsOn.get(instanceId) ?? 0) + 1);
  }
  const idOf = (machine: PlannedMachine): MachineIds => {
    const { instanceId, clientId } = machine;
    const alone = instanceId !== undefined && clientsOn.get(instanceId) === 1;
    const byInstance = scope.clientType === 'ECS_CLIENT' && Boolean(instanceId) && (alone || !clientId);
    if (instanceId && (byInstance || action === 'install'))
      return { instanceIds: [instanceId], clientIds: [] };
    if (clientId && action !== 'install') return { instanceIds: [], clientIds: [clientId] };
    throw new BackupError('invalid-input', `a machine has no id for this action, machine: ${machine.key}`);
  };
  const withIds = machines.map((machine) => ({ key: machine.key, ids: idOf(machine) }));
  const size = idsPerCall[action];
  return Array.from({ length: Math.ceil(withIds.length / size) }, (_, index) => {
    const part = withIds.slice(index * size, (index + 1) * size);
    return {
      id: String(index + 1),
      machineKeys: part.map(({ key }) => key),
      ids: {
        instanceIds: part.flatMap(({ ids }) => ids.instanceIds),
        clientIds: part.flatMap(({ ids }) => ids.clientIds),
      },
    };
  });
}

/** Makes one call. */
export function submit(
  api: Pick<BackupApi, 'installClients' | 'upgradeClients' | 'uninstallClients'>,
  action: Action,
  scope: Scope,
  ids: MachineIds,
  waiting: Waiting,
): Promise<Submission> {
  switch (action) {
    case 'install':
      return api.installClients(scope, ids.instanceIds, waiting);
    case 'upgrade':
      return api.upgradeClients(scope, ids, waiting);
    case 'uninstall':
      return api.uninstallClients(scope, ids, waiting);
  }
}
