import type { MachineProgress, Operation, PlannedMachine } from '../../src/core/operations/operation';
import { isBusyOutcome, type MachineOutcome } from '../../src/core/operations/outcomes';
import type { Change } from './machines';
import type { Stage } from './stage';

const unknowing: ReadonlySet<MachineOutcome> = new Set<MachineOutcome>(['unknown', 'unconfirmed']);

/** Compares what an operation says of its machines with what the service did to them. */
export function judgeOutcomes(stage: Stage, operation: Operation, mustBeKnown: boolean): void {
  for (const { machine, outcome, reason } of operation.machines) {
    const changes = changesOf(stage, operation, machine);
    const about = `${operation.action} of ${machine.key} in ${operation.id}: ${outcome} (${reason ?? ''})`;
    const lie = lieIn(outcome, operation, changes);
    if (lie !== undefined) stage.evidence.violate('outcomes are true', `${about}, but ${lie}`);
    else if (mustBeKnown && unknowing.has(outcome) && !changes.own.some(({ wasThere }) => wasThere)) {
      stage.evidence.violate('outcomes are known', about);
    }
  }
}

/** What was done to a machine. */
interface Changes {
  /** By calls of this operation. */
  readonly own: readonly Change[];
  readonly all: readonly Change[];
}

/** What the service did to a machine of an operation. */
export function changesOf(
  { service, evidence }: Stage,
  operation: Operation,
  machine: PlannedMachine,
): Changes {
  const client = service.clients.find(
    ({ clientId, instanceId, isTwin }) =>
      (Boolean(machine.clientId) && clientId === machine.clientId) ||
      (!isTwin && instanceId === machine.instanceId),
  );
  const writes = new Set(
    evidence.sent.flatMap(({ arrived, call }) =>
      arrived && call?.operationId === operation.id && call.machineKeys.includes(machine.key)
        ? [arrived.number]
        : [],
    ),
  );
  const all = client?.changes ?? [];
  return { all, own: all.filter(({ write }) => writes.has(write)) };
}

/** What is untrue about an outcome; undefined when it is true or says that nobody knows. */
function lieIn(
  outcome: MachineProgress['outcome'],
  { action }: Operation,
  { own, all }: Changes,
): string | undefined {
  const arrives = (change: Change): boolean => change.errorCode === '';
  if (isBusyOutcome(outcome)) return 'it has no end';
  switch (outcome) {
    case 'done':
      return all.some((change) => change.action === action && arrives(change))
        ? undefined
        : 'it did not get there';
    case 'failed':
      if (own.length === 0) return 'nothing ran';
      return own.every((change) => arrives(change) && !change.wasThere) ? 'it got there' : undefined;
    case 'refused':
    case 'not-sent':
    case 'stopped':
      return own.length > 0 ? 'it ran' : undefined;
    default:
      return undefined;
  }
}
