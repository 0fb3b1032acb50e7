import type { OperationAction } from '../service/actions';
import type { MachineProgress, Operation, Plan, PlannedMachine } from './operation';
import { outcomes, type Again } from './outcomes';

/**
 * The clients of an ended operation that can be retried (failed, rejected, or not started although nobody stopped it), or
 * with which it can be continued (not started because the user stopped it). Leaves out clients that might have been changed
 * (not verified, unknown, not tracked), and those of an operation in `known` that retries or continues this one.
 */
export function leftFor(
  how: Again,
  operation: Operation,
  known: readonly Operation[] = [],
): readonly MachineProgress[] {
  if (operation.phase !== 'ended') return [];
  const later = known.filter(({ retryOf }) => retryOf === operation.id);
  const taken = new Set(later.flatMap(({ machines }) => machines.map(({ machine }) => machine.key)));
  return operation.machines.filter(
    ({ machine, outcome }) => outcomes[outcome].again === how && !taken.has(machine.key),
  );
}

/** Whether `later`, whose `retryOf` is this operation, retries it or continues it. */
export function howAgain(
  { machines }: Pick<Operation, 'machines'>,
  later: Pick<Operation, 'machines'>,
): Again {
  const keys = new Set(later.machines.map(({ machine }) => machine.key));
  const continues = machines.some(
    ({ machine, outcome }) => outcomes[outcome].again === 'continue' && keys.has(machine.key),
  );
  return continues ? 'continue' : 'retry';
}

/**
 * The plan that retries or continues an operation with the clients of {@link leftFor}, in waves as before. Undefined if
 * there are none. Clients are as they were last seen; the caller checks whether they are still eligible.
 */
export function retryPlanOf(
  how: Again,
  operation: Operation,
  known: readonly Operation[] = [],
): Plan | undefined {
  const machines = leftFor(how, operation, known).map((machine) => asLastSeen(machine, operation.action));
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
