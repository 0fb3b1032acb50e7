import type { OperationAction } from '../service/actions';
import type { MachineProgress, Operation, Plan, PlannedMachine } from './operation';
import { outcomes } from './outcomes';

/**
 * The plan that tries again what an ended operation did not get done: its failed, refused and unsent machines, in
 * waves as before. Left out are machines that may have been changed all the same (not confirmed, not known, no longer
 * watched), and those that one of `known`, all operations that are known, has tried again already. Undefined while
 * the operation goes on, or when nothing is left to try. Machines are as they were last seen; whether they are
 * eligible now is for the caller to check.
 */
export function retryPlanOf(operation: Operation, known: readonly Operation[] = []): Plan | undefined {
  if (operation.phase !== 'ended') return undefined;
  const retries = known.filter(({ retryOf }) => retryOf === operation.id);
  const retried = new Set(retries.flatMap(({ machines }) => machines.map(({ machine }) => machine.key)));
  const machines = operation.machines
    .filter(({ machine, outcome }) => outcomes[outcome].retryable && !retried.has(machine.key))
    .map((machine) => asLastSeen(machine, operation.action));
  if (machines.length === 0) return undefined;
  const { action, settings, scope, profileName, demo, strategy, maxFailures, id } = operation;
  return {
    ...{ action, scope, profileName, demo, machines, strategy, maxFailures, retryOf: id },
    ...(settings && { settings }),
  };
}

function asLastSeen(
  { machine, clientStatus, clientVersion }: MachineProgress,
  action: OperationAction,
): PlannedMachine {
  return {
    ...machine,
    // Whether it is still alone on its instance is for the caller to find out.
    namedBy: action === 'install' || !machine.clientId ? 'instance' : 'client',
    ...(clientStatus === undefined ? {} : { fromStatus: clientStatus }),
    ...(clientVersion === undefined ? {} : { fromVersion: clientVersion }),
  };
}
