import { present } from '../kernel/objects';
import type { OperationAction } from '../service/actions';
import type { MachineProgress, Operation, Plan, PlannedMachine } from './operation';
import { outcomes, type Again } from './outcomes';

/** How another operation can make up for a client; undefined if it can't. One that a backup kept waiting didn't fail. */
function againFor({ outcome, reason }: MachineProgress): Again | undefined {
  return reason === 'job-running' && outcome === 'not-sent' ? 'continue' : outcomes[outcome].again;
}

/**
 * The clients of an ended operation that can be retried (failed, rejected, or not started although nobody stopped it), or
 * with which it can be continued (not started because the user stopped it, or because something still ran). Leaves out clients that might have been changed
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
    (progress) => againFor(progress) === how && !taken.has(progress.machine.key),
  );
}

/** Whether `later`, whose `retryOf` is this operation, retries it or continues it. */
export function howAgain(
  { machines }: Pick<Operation, 'machines'>,
  later: Pick<Operation, 'machines'>,
): Again {
  const keys = new Set(later.machines.map(({ machine }) => machine.key));
  const continues = machines.some(
    (progress) => againFor(progress) === 'continue' && keys.has(progress.machine.key),
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
  const { action, settings, scope, profileName, demo, strategy, maxFailures, holdLimitMs, id } = operation;
  return {
    ...{ action, scope, profileName, demo, machines, strategy, maxFailures, retryOf: id },
    ...(settings && { settings }),
    ...(holdLimitMs !== undefined && { holdLimitMs }),
  };
}

function asLastSeen(
  { machine, clientStatus, clientVersion }: MachineProgress,
  action: OperationAction,
): PlannedMachine {
  return present<PlannedMachine>({
    ...machine,
    // The caller finds out whether it is still alone on its instance.
    namedBy: action === 'install' || !machine.clientId ? 'instance' : 'client',
    ...(clientStatus === undefined ? {} : { fromStatus: clientStatus }),
    ...(clientVersion === undefined ? {} : { fromVersion: clientVersion }),
    // What ran then says nothing about now.
    work: undefined,
    whenBusy: undefined,
  });
}
