import type { OperationAction } from '../service/actions';
import type { MachineProgress, Operation, Plan, PlannedMachine } from './operation';
import { outcomes } from './outcomes';

/**
 * The plan that retries the failed, rejected, and not started clients of an ended operation, in waves as before.
 * Leaves out clients that might have been changed (not verified, unknown, not tracked), and those that one of `known`
 * has already retried. Undefined while the operation runs, or if nothing is left. Clients are as they were last seen;
 * the caller checks whether they are still eligible.
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
    // The caller finds out whether it is still alone on its instance.
    namedBy: action === 'install' || !machine.clientId ? 'instance' : 'client',
    ...(clientStatus === undefined ? {} : { fromStatus: clientStatus }),
    ...(clientVersion === undefined ? {} : { fromVersion: clientVersion }),
  };
}
