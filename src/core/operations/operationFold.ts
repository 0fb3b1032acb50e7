import type { MachineResult } from '../model';
import {
  isSentOutcome,
  taskActionOf,
  type MachineProgress,
  type Operation,
  type OperationCall,
  type Strategy,
  type Wave,
} from './operation';
import {
  readRecord,
  type AnswerRecord,
  type CallFailedRecord,
  type MachineFinding,
  type OperationRecord,
  type PlanRecord,
  type TaskRecord,
  type TrackedRecord,
  type Unreadable,
} from './operationRecord';
import { causeInTask } from './proof';
import { taskEnd } from './taskEnd';
import { wavesNow, wavesOf } from './waves';

/**
 * Rebuilds an operation from its records, in the order of the file. Lines that are malformed, of an unknown type or
 * of a newer format are passed over and told to `onSkip`. Undefined when no record says what was decided.
 */
export function foldOperation(
  records: readonly unknown[],
  onSkip?: (why: Unreadable, index: number) => void,
): Operation | undefined {
  let operation: Operation | undefined;
  for (const [index, line] of records.entries()) {
    const record = readRecord(line);
    if (typeof record === 'string') onSkip?.(record, index);
    else operation = applyRecord(operation, record);
  }
  return operation;
}

/**
 * The one place where a recorded fact changes an operation: the window that follows it, other windows and the next
 * start all see the same. A fact that does not fit (a call that is not known, a second plan) changes nothing.
 */
export function applyRecord(
  operation: Operation | undefined,
  record: OperationRecord,
): Operation | undefined {
  if (!operation) {
    if (record.type === 'operation') return begin(record);
    return record.type === 'tracked' ? beginTracked(record) : undefined;
  }
  const changed = change(operation, record);
  if (changed === operation) return operation;
  const { machines, calls } = changed;
  const phase = phaseOf(changed);
  const waves = changed.tracked ? [trackedWave(machines, phase)] : wavesNow(changed.waves, machines, calls);
  return { ...changed, phase, waves };
}

function begin(record: OperationRecord & PlanRecord): Operation {
  const { machines, strategy = everything, maxFailures = 0, retryOf, ...asWhom } = record.plan;
  return {
    ...asWhom,
    id: record.id,
    startedAt: record.at,
    timeScale: record.timeScale,
    phase: 'sending',
    sendingStopped: false,
    watchingStopped: false,
    strategy,
    maxFailures,
    ...(retryOf === undefined ? {} : { retryOf }),
    waves: wavesOf(machines, strategy).map((wave, n) => ({
      number: n + 1,
      machineKeys: wave.map(({ key }) => key),
      state: 'waiting',
    })),
    machines: machines.map((machine) => ({ machine, outcome: 'waiting' })),
    calls: [],
  };
}

/** Records of an older release say `cancelled` where the user closed the notification, which stopped the sending. */
function userStopped(reason: string): string {
  return reason === 'cancelled' ? 'stopped' : reason;
}

const everything: Strategy = { kind: 'all' };

/** A task that somebody else began: as if a call of ours had been answered, for machines that the task will name. */
function beginTracked(record: OperationRecord & TrackedRecord): Operation {
  const { id, action, scope, profileName, demo, timeScale, taskId, begunAt, at } = record;
  return {
    id,
    action,
    scope,
    profileName,
    demo,
    startedAt: at,
    timeScale,
    phase: 'watching',
    sendingStopped: true,
    watchingStopped: false,
    strategy: everything,
    maxFailures: 0,
    tracked: true,
    waves: [{ number: 1, machineKeys: [], state: 'running' }],
    machines: [],
    calls: [{ id: '1', machineKeys: [], state: 'answered', intentAt: begunAt, answeredAt: begunAt, taskId }],
  };
}

function trackedWave(machines: readonly MachineProgress[], phase: Operation['phase']): Wave {
  const state = phase === 'ended' ? 'ended' : phase === 'confirming' ? 'proving' : 'running';
  return { number: 1, machineKeys: machines.map(({ machine }) => machine.key), state };
}

function change(operation: Operation, record: OperationRecord): Operation {
  switch (record.type) {
    case 'operation':
    case 'tracked':
    case 'checkAsked':
      return operation;
    case 'intent': {
      if (callOf(operation, record.call)) return operation;
      const { call: id, machineKeys } = record;
      const call: OperationCall = { id, machineKeys, state: 'intent', intentAt: record.at };
      return settle({ ...operation, calls: [...operation.calls, call] }, call, () => ({
        outcome: 'running',
      }));
    }
    case 'answer':
      return answered(operation, record);
    case 'callFailed':
      return callFailed(operation, record);
    case 'resolved': {
      const call = callOf(operation, record.call);
      if (!call) return operation;
      const { finding } = record;
      const isCertain = finding !== 'unknown';
      const resolved = withCall(operation, {
        ...call,
        state: 'resolved',
        finding,
        ...(call.failure && { failure: { ...call.failure, ambiguous: !isCertain } }),
      });
      if (finding === 'ran') return resolved;
      return settle(resolved, call, (machine) =>
        machine.outcome !== 'running'
          ? {}
          : finding === 'not-run'
            ? { outcome: 'not-sent', reason: 'not-run' }
            : { outcome: 'unknown', reason: 'answer-lost' },
      );
    }
    case 'task':
      return taskTold(operation, record);
    case 'machines': {
      const findings = new Map(record.machines.map((finding) => [finding.key, finding]));
      return withMachines(operation, (machine) => {
        const finding = findings.get(machine.machine.key);
        if (!finding) return machine;
        // A finding replaces the reason as a whole: a machine that is done has none.
        return { ...seenBefore(machine, finding.name), ...seenIn(finding) };
      });
    }
    case 'sendingStopped':
      return withMachines({ ...operation, sendingStopped: true }, (machine) =>
        machine.outcome === 'waiting'
          ? { ...machine, outcome: 'not-sent', reason: userStopped(record.reason) }
          : machine,
      );
    case 'watchingStopped':
      return withMachines({ ...operation, sendingStopped: true, watchingStopped: true }, leave);
    case 'ended':
      return withMachines({ ...operation, endedAt: operation.endedAt ?? record.at }, (machine) =>
        machine.outcome === 'waiting'
          ? { ...machine, outcome: 'not-sent', reason: 'interrupted' }
          : isSentOutcome(machine.outcome)
            ? { ...machine, ...lastOutcome(machine) }
            : machine,
      );
  }
}

/** Of a machine without a verdict at the end: earlier releases took the word of a failed task for one. */
function lastOutcome({ outcome, reason }: MachineProgress): Pick<MachineProgress, 'outcome' | 'reason'> {
  const failedByTask = outcome === 'confirming' && reason !== undefined && reason !== 'not-found';
  return failedByTask ? { outcome: 'failed', reason } : { outcome: 'unknown', reason: 'watch-limit' };
}

function answered(operation: Operation, record: OperationRecord & AnswerRecord): Operation {
  const call = callOf(operation, record.call);
  if (!call) return operation;
  const refusals = new Map(record.refusals.map((refusal) => [refusal.instanceId, refusal.errorCode]));
  const answeredCall: OperationCall = {
    ...call,
    state: 'answered',
    answeredAt: record.at,
    requestId: record.requestId,
    ...(record.taskId === undefined ? {} : { taskId: record.taskId }),
  };
  return settle(withCall(operation, answeredCall), call, ({ machine }) => {
    // The service names an instance; where it does not know the client, what it was asked for.
    const code = refusals.get(machine.instanceId ?? '') ?? refusals.get(machine.clientId ?? '');
    if (code !== undefined) return { outcome: 'refused', reason: code };
    if (!operation.settings) return {};
    // Done at once, as far as the service says; a password is all that no list can show.
    return { outcome: Object.keys(operation.settings.values).length > 0 ? 'confirming' : 'done' };
  });
}

function callFailed(operation: Operation, record: OperationRecord & CallFailedRecord): Operation {
  const call = callOf(operation, record.call);
  if (!call) return operation;
  const { failure, fate } = record;
  const failed: OperationCall = {
    ...call,
    state: 'failed',
    answeredAt: record.at,
    failure,
    ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }),
  };
  const reason = failure.serviceCode ?? failure.code;
  return settle(withCall(operation, failed), call, () =>
    fate === 'refused'
      ? { outcome: 'refused', reason }
      : fate === 'not-run'
        ? { outcome: 'not-sent', reason }
        : {},
  );
}

function taskTold(operation: Operation, record: OperationRecord & TaskRecord): Operation {
  const known = callOf(operation, record.call);
  if (!known) return operation;
  const named = operation.tracked ? withNamed(operation, known, record.machines) : operation;
  const call = callOf(named, record.call) ?? known;
  const end = taskEnd(record);
  const task = {
    state: record.state,
    progress: record.progress,
    requestId: record.requestId,
    checkedAt: record.at,
    ...(end && { end }),
  };
  return settle(withCall(named, { ...call, task }), call, (machine) => {
    if (machine.outcome !== 'running') return {};
    const result = resultOf(machine, record.machines);
    const told = {
      ...(result?.clientStatus === undefined ? {} : { clientStatus: result.clientStatus }),
      ...(result?.errorCode ? { reason: result.errorCode } : {}),
    };
    if (end === undefined) return told;
    const cause = causeInTask(taskActionOf(operation), end, result);
    return { ...told, outcome: 'confirming', ...(cause === undefined ? {} : { reason: cause }) };
  });
}

/** Takes in the machines that a tracked task names and that were not known before. */
function withNamed(operation: Operation, call: OperationCall, results: readonly MachineResult[]): Operation {
  const machines = [...operation.machines];
  for (const result of results) {
    if (machines.some((machine) => resultOf(machine, [result]) !== undefined)) continue;
    const { instanceId, clientId } = result;
    const onEcs = operation.scope.clientType === 'ECS_CLIENT';
    const key = (onEcs ? instanceId || clientId : clientId || instanceId) ?? '';
    if (key === '' || machines.some(({ machine }) => machine.key === key)) continue;
    const ids = { ...(instanceId ? { instanceId } : {}), ...(clientId ? { clientId } : {}) };
    const namedBy = clientId && operation.action !== 'install' ? 'client' : 'instance';
    machines.push({ machine: { key, name: key, namedBy, ...ids }, outcome: 'running' });
  }
  const machineKeys = machines.map(({ machine }) => machine.key);
  return withCall({ ...operation, machines }, { ...call, machineKeys });
}

/** What a task says of a machine: by its ClientId, else by its instance unless that names another client there. */
function resultOf(
  { machine }: MachineProgress,
  results: readonly MachineResult[],
): MachineResult | undefined {
  const { instanceId, clientId, namedBy } = machine;
  return (
    results.find((result) => Boolean(result.clientId) && result.clientId === clientId) ??
    results.find(
      (result) =>
        Boolean(result.instanceId) &&
        result.instanceId === instanceId &&
        (namedBy === 'instance' || !clientId || !result.clientId),
    )
  );
}

function seenBefore(
  { machine, outcome, clientStatus, clientVersion }: MachineProgress,
  name: string | undefined,
): MachineProgress {
  return {
    machine: name === undefined ? machine : { ...machine, name },
    outcome,
    ...(clientStatus === undefined ? {} : { clientStatus }),
    ...(clientVersion === undefined ? {} : { clientVersion }),
  };
}

function seenIn(finding: MachineFinding): Omit<MachineFinding, 'key'> {
  const { outcome, reason, clientStatus, clientVersion, lastHeartBeatTime } = finding;
  return {
    outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(clientStatus === undefined ? {} : { clientStatus }),
    ...(clientVersion === undefined ? {} : { clientVersion }),
    ...(lastHeartBeatTime === undefined ? {} : { lastHeartBeatTime }),
  };
}

/** Changes the machines of one call; when the user has stopped watching, none of them is left running. */
function settle(
  operation: Operation,
  call: OperationCall,
  next: (machine: MachineProgress) => Partial<MachineProgress>,
): Operation {
  const keys = new Set(call.machineKeys);
  return withMachines(operation, (machine) => {
    if (!keys.has(machine.machine.key)) return machine;
    const changed = { ...machine, ...next(machine) };
    return operation.watchingStopped ? leave(changed) : changed;
  });
}

function leave(machine: MachineProgress): MachineProgress {
  if (machine.outcome === 'waiting') return { ...machine, outcome: 'not-sent', reason: 'stopped' };
  return isSentOutcome(machine.outcome) ? { ...machine, outcome: 'unwatched' } : machine;
}

function withMachines(operation: Operation, next: (machine: MachineProgress) => MachineProgress): Operation {
  return { ...operation, machines: operation.machines.map(next) };
}

function withCall(operation: Operation, call: OperationCall): Operation {
  return { ...operation, calls: operation.calls.map((one) => (one.id === call.id ? call : one)) };
}

function callOf(operation: Operation, id: string): OperationCall | undefined {
  return operation.calls.find((call) => call.id === id);
}

function phaseOf(operation: Operation): Operation['phase'] {
  if (operation.endedAt !== undefined) return 'ended';
  const any = (...outcomes: readonly MachineProgress['outcome'][]): boolean =>
    operation.machines.some((machine) => outcomes.includes(machine.outcome));
  if (any('waiting')) return 'sending';
  // The machines of a tracked task may not be known yet.
  if (operation.tracked && !operation.watchingStopped && !operation.calls[0]?.task?.end) return 'watching';
  return any('running') ? 'watching' : 'confirming';
}
