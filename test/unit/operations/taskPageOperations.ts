import type { MachineProgress, Operation, OperationCall } from '../../../src/core/operations/operation';
import { aScope } from '../../support/builders';

export const startedAt = Date.UTC(2026, 0, 2, 3, 4, 5);

/** An upgrade of the machines given, one minute after it was begun. */
export function anOperation(parts: Partial<Operation> = {}): Operation {
  return {
    id: 'op-1',
    action: 'upgrade',
    scope: aScope(),
    profileName: 'Production',
    demo: false,
    startedAt,
    timeScale: 1,
    phase: 'watching',
    sendingStopped: false,
    watchingStopped: false,
    strategy: { kind: 'all' },
    maxFailures: 0,
    waves: [],
    machines: [aMachine(), aMachine({}, 'db-02')],
    calls: [aCall()],
    ...parts,
  };
}

export function aMachine(parts: Partial<MachineProgress> = {}, name = 'web-01'): MachineProgress {
  return {
    machine: {
      key: `k-${name}`,
      instanceId: `i-${name}`,
      namedBy: 'instance',
      name,
      fromVersion: '2.4.1',
      targetVersion: '2.4.5',
    },
    outcome: 'running',
    ...parts,
  };
}

export function aCall(parts: Partial<OperationCall> = {}): OperationCall {
  return {
    id: 'call-1',
    machineKeys: ['k-web-01', 'k-db-02'],
    state: 'answered',
    intentAt: startedAt,
    answeredAt: startedAt + 100,
    requestId: 'REQ-1',
    taskId: 't-1',
    ...parts,
  };
}

export function aTask(
  parts: Partial<NonNullable<OperationCall['task']>> = {},
): OperationCall['task'] & object {
  return { state: 'created', progress: 40, requestId: 'REQ-2', checkedAt: startedAt, ...parts };
}
