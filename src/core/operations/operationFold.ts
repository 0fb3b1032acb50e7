import type { MachineResult } from '../service/model';
import { answeredWhen, begunAt, intentWhen } from './callTimes';
import type { Moment } from './elapsed';
import {
  taskActionOf,
  type MachineProgress,
  type Operation,
  type OperationCall,
  type PlannedMachine,
} from './operation';
import type {
  AnswerRecord,
  CallFailedRecord,
  Decision,
  IntentRecord,
  MachinesRecord,
  OperationRecord,
  ResolvedRecord,
  TaskRecord,
  HeldRecord,
} from './operationRecord';
import { readRecord, type Unreadable } from './operationRecord';
import { taskEnd } from './taskEnd';
import { damagedHead, plannedHead, foreignHead, type Head } from './operationHead';
import {
  atEnd,
  found,
  keepHold,
  leave,
  nothing,
  notStarted,
  released,
  resultsById,
  seen,
  sent,
  userStopped,
} from './machineChanges';
import { causeInTask } from './proof';
import { OperationState } from './operationState';
import { withCanary, withoutHeld, withReleased } from './waves';

/**
 * Rebuilds an operation from its records, in the order of the file. Skips lines that are malformed, of an unknown
 * type, or of a newer format, and reports them to `onSkip`. Undefined if no record says what was decided.
 */
export function foldOperation(
  records: readonly unknown[],
  onSkip?: (why: Unreadable, index: number) => void,
): Operation | undefined {
  const fold = new OperationFold();
  for (const [index, line] of records.entries()) {
    const record = readRecord(line);
    if (typeof record === 'string') onSkip?.(record, index);
    else fold.apply(record);
  }
  return fold.operation;
}

type Change = (machine: MachineProgress) => MachineProgress;

/**
 * The one place where a recorded fact changes an operation, so that the window that follows it, other windows, and
 * the next start all see the same. A fact that does not fit (an unknown call, a second plan) changes nothing.
 * Applying a fact, and reading `operation` after it, takes time in proportion to the clients that the fact names, apart
 * from one copy of the list of clients.
 */
export class OperationFold {
  readonly #state: OperationState;
  /** When the fact was recorded that is being applied; milliseconds since 1970. */
  #at = 0;

  constructor(state = new OperationState()) {
    this.#state = state;
  }

  /** The operation as it is now: the same object until a fact changes it. Undefined before the first record. */
  get operation(): Operation | undefined {
    return this.#state.operation;
  }

  /** A copy that can be changed on its own. */
  copy(): OperationFold {
    return new OperationFold(this.#state.copy());
  }

  apply(record: OperationRecord): void {
    this.#at = record.at;
    const { head } = this.#state;
    if (!head) {
      this.#begin(record);
      return;
    }
    switch (record.type) {
      case 'operation':
      case 'tracked':
      case 'checkAsked':
        return;
      case 'intent': {
        if (this.#state.call(record.call)) return;
        if (head.damaged) this.#addMachines(record.decision);
        else if (head.sendingStopped) {
          this.#withdrawn(record);
          return;
        }
        this.#intended(record);
        return;
      }
      case 'answer':
        this.#answered(record);
        return;
      case 'callFailed':
        this.#callFailed(record);
        return;
      case 'resolved':
        this.#resolved(record);
        return;
      case 'task':
        this.#taskChecked(head, record);
        return;
      case 'machines':
        this.#found(record);
        return;
      case 'held':
        this.#held(head, record);
        return;
      case 'released':
        this.#released(head, record.machineKeys);
        return;
      case 'heldTooLong':
        for (const key of this.#waiting(record.machineKeys)) {
          this.#change(key, (machine) => ({ ...machine, ...notStarted('job-running') }));
        }
        return;
      case 'canary':
        for (const key of this.#waiting([record.machineKey])) {
          this.#state.setHead({ ...head, waves: withCanary(head.waves, key) });
        }
        return;
      case 'sendingStopped':
        this.#state.setHead({ ...head, sendingStopped: true });
        this.#changeAll((machine) =>
          machine.outcome === 'waiting' ? { ...machine, ...notStarted(userStopped(record.reason)) } : machine,
        );
        return;
      case 'watchingStopped':
        this.#state.setHead({ ...head, sendingStopped: true, watchingStopped: true });
        this.#changeAll(leave);
        return;
      case 'watchingResumed':
        this.#resumeWatching(head);
        return;
      case 'ended':
        this.#state.setHead({ ...head, endedAt: head.endedAt ?? record.at });
        this.#changeAll(atEnd);
        return;
    }
  }

  #begin(record: OperationRecord): void {
    if (record.type === 'operation') {
      this.#state.setHead(plannedHead(record));
      this.#addMachines(record);
    } else if (record.type === 'tracked') {
      // As if one of our calls had been answered, for clients that the task will name.
      const { taskId } = record;
      this.#state.setHead(foreignHead(record));
      const begun = begunAt(record);
      const times = { ...intentWhen(begun), ...answeredWhen(begun) };
      this.#state.setCall({ id: '1', machineKeys: [], state: 'answered', ...times, taskId });
    } else if (record.type === 'intent' && record.decision) {
      this.#state.setHead(damagedHead(record.decision, record.at));
      this.#addMachines(record.decision);
      this.#intended(record);
    }
  }

  /** Resumes where tracking was stopped. What was not started by then stays that way. */
  #resumeWatching({ endedAt, ...head }: Head): void {
    if (!head.watchingStopped || endedAt === undefined) return;
    this.#state.setHead({ ...head, watchingStopped: false });
    const reported = new Set(
      this.#state.calls.flatMap(({ task, machineKeys }) =>
        task?.end !== undefined || head.settings ? machineKeys : [],
      ),
    );
    this.#changeAll((machine) =>
      machine.outcome === 'unwatched'
        ? { ...machine, outcome: reported.has(machine.machine.key) ? 'confirming' : 'running' }
        : machine,
    );
  }

  #addMachines(decision: Decision | undefined): void {
    for (const machine of decision?.plan.machines ?? []) this.#state.addMachine(machine, 'waiting');
  }

  #intended(record: Pick<IntentRecord, 'call' | 'machineKeys'> & Moment): void {
    const { call: id, machineKeys } = record;
    this.#changeCall({ id, machineKeys, state: 'intent', ...intentWhen(record) }, sent);
  }

  /** A call checks for a stop right before it is sent, so a call whose intent comes after the stop was not sent. */
  #withdrawn(record: OperationRecord & IntentRecord): void {
    const { call: id, machineKeys } = record;
    this.#state.setCall({ id, machineKeys, state: 'resolved', finding: 'not-run', ...intentWhen(record) });
  }

  /** The call of a response. It was sent, even if its intent is damaged or counted as not sent. */
  #callOf(record: OperationRecord & (AnswerRecord | CallFailedRecord)): OperationCall | undefined {
    const { call, machineKeys, at, serviceAt } = record;
    const known = this.#state.call(call);
    if (machineKeys && (!known || known.finding === 'not-run')) {
      this.#intended({ call, machineKeys, at, serviceAt });
    }
    return this.#state.call(call);
  }

  #answered(record: OperationRecord & AnswerRecord): void {
    const call = this.#callOf(record);
    if (!call) return;
    const refusals = new Map(record.refusals.map((refusal) => [refusal.instanceId, refusal.errorCode]));
    const answered: OperationCall = {
      ...call,
      state: 'answered',
      ...answeredWhen(record),
      requestId: record.requestId,
      ...(record.taskId === undefined ? {} : { taskId: record.taskId }),
    };
    this.#settle(answered, ({ machine }) => {
      // The service names an instance or, if it does not know the client, the ID that it was asked for.
      const code = refusals.get(machine.instanceId ?? '') ?? refusals.get(machine.clientId ?? '');
      if (code !== undefined) return { outcome: 'refused', reason: code };
      const settings = this.#state.head?.settings;
      if (!settings) return nothing;
      // Done immediately, according to the service. Only a password is something that no list can show.
      return { outcome: Object.keys(settings.values).length > 0 ? 'confirming' : 'done' };
    });
  }

  #callFailed(record: OperationRecord & CallFailedRecord): void {
    const call = this.#callOf(record);
    if (!call) return;
    const { failure, fate } = record;
    const failed: OperationCall = {
      ...call,
      state: 'failed',
      ...answeredWhen(record),
      failure,
      ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }),
    };
    const reason = failure.serviceCode ?? failure.code;
    this.#settle(failed, () =>
      fate === 'refused' ? { outcome: 'refused', reason } : fate === 'not-run' ? notStarted(reason) : nothing,
    );
  }

  #resolved({ call: id, finding, reason }: OperationRecord & ResolvedRecord): void {
    const call = this.#state.call(id);
    if (!call) return;
    const failure = call.failure && { failure: { ...call.failure, ambiguous: finding === 'unknown' } };
    // A call that certainly was not sent has no task that the user could have stopped tracking.
    const isOpen = ({ outcome }: MachineProgress): boolean =>
      outcome === 'running' || (finding === 'not-run' && reason !== undefined && outcome === 'unwatched');
    this.#settle({ ...call, state: 'resolved', finding, ...failure }, (machine) => {
      if (finding === 'ran' || !isOpen(machine)) return nothing;
      return finding === 'not-run'
        ? notStarted(reason ?? 'not-run')
        : { outcome: 'unknown', reason: reason ?? 'answer-lost' };
    });
  }

  #taskChecked(head: Head, record: OperationRecord & TaskRecord): void {
    const known = this.#state.call(record.call);
    if (!known) return;
    const call = head.foreign ? this.#withNamed(head, known, record.machines) : known;
    const end = taskEnd(record);
    const task = {
      state: record.state,
      progress: record.progress,
      requestId: record.requestId,
      checkedAt: record.at,
      ...(record.serviceAt !== undefined && { checkedServiceAt: record.serviceAt }),
      ...(end && { end }),
    };
    const resultOf = resultsById(record.machines);
    this.#settle({ ...call, task }, (machine) => {
      if (machine.outcome !== 'running') return nothing;
      const result = resultOf(machine);
      const { clientStatus = machine.clientStatus, errorCode: reason } = result ?? {};
      const news = clientStatus === machine.clientStatus && !reason ? nothing : seen(clientStatus, reason);
      if (end === undefined) return news;
      const cause = causeInTask(taskActionOf(head), end, result);
      return { ...news, outcome: 'confirming', ...(cause === undefined ? {} : { reason: cause }) };
    });
  }

  /** Adds the clients that a foreign task names and that were unknown. */
  #withNamed(head: Head, call: OperationCall, results: readonly MachineResult[]): OperationCall {
    const clients = new Set<string | undefined>();
    const instances = new Map<string | undefined, 'any client' | 'one client'>();
    const remember = ({ clientId, instanceId, namedBy }: PlannedMachine): void => {
      if (clientId) clients.add(clientId);
      if (instanceId)
        instances.set(instanceId, namedBy === 'client' && clientId ? 'one client' : 'any client');
    };
    for (const { machine } of this.#state.machines) remember(machine);
    for (const { instanceId, clientId } of results) {
      const known = instances.get(instanceId);
      if (clients.has(clientId) || known === 'any client' || (known && !clientId)) continue;
      const onEcs = head.scope.clientType === 'ECS_CLIENT';
      const key = (onEcs ? instanceId || clientId : clientId || instanceId) ?? '';
      if (key === '' || this.#state.machine(key)) continue;
      const named = { ...(instanceId ? { instanceId } : {}), ...(clientId ? { clientId } : {}) };
      const namedBy = clientId && head.action !== 'install' ? 'client' : 'instance';
      const machine: PlannedMachine = { key, name: key, namedBy, ...named };
      this.#state.addMachine(machine, 'running');
      remember(machine);
    }
    return { ...call, machineKeys: this.#state.machines.map(({ machine }) => machine.key) };
  }

  #held(head: Head, { machines, at }: OperationRecord & HeldRecord): void {
    const keys = this.#waiting(machines.map(({ key }) => key));
    if (keys.length === 0) return;
    for (const { key, jobs, until } of machines) {
      this.#change(key, (machine) =>
        machine.outcome === 'waiting'
          ? { ...machine, held: { jobs, since: machine.held?.since ?? at, until } }
          : machine,
      );
    }
    this.#state.setHead({ ...head, waves: withoutHeld(head.waves, new Set(keys)) });
  }

  #released(head: Head, machineKeys: readonly string[]): void {
    const keys = this.#waiting(machineKeys).filter((key) => this.#state.machine(key)?.held);
    for (const key of keys) this.#change(key, released);
    this.#state.setHead({
      ...head,
      waves: withReleased(head.waves, keys, head.strategy, {
        zoneOf: (key) => this.#state.machine(key)?.machine.zoneId,
        sent: new Set(this.#state.calls.flatMap((call) => call.machineKeys)),
      }),
    });
  }

  /** Those of the clients that no call has named and that can still be sent. */
  #waiting(keys: readonly string[]): readonly string[] {
    return keys.filter((key) => this.#state.machine(key)?.outcome === 'waiting');
  }

  #found({ machines }: OperationRecord & MachinesRecord): void {
    for (const finding of machines) {
      this.#change(finding.key, (machine) => found(machine, finding));
    }
  }

  /** Changes a call, and its clients by what `next` returns for each. */
  #settle(call: OperationCall, next: (machine: MachineProgress) => Partial<MachineProgress>): void {
    this.#changeCall(call, (machine) => {
      const change = next(machine);
      return change === nothing ? machine : { ...machine, ...change };
    });
  }

  /** After the user stopped tracking, or the operation ended, no client is left running. */
  #changeCall(call: OperationCall, change: Change): void {
    this.#state.setCall(call);
    const { watchingStopped = false, endedAt } = this.#state.head ?? {};
    for (const key of call.machineKeys) {
      this.#change(key, (machine) => {
        const changed = change(machine);
        return watchingStopped ? leave(changed) : endedAt === undefined ? changed : atEnd(changed);
      });
    }
  }

  #change(key: string, change: Change): void {
    this.#state.changeMachine(key, (machine) => keepHold(machine, change(machine), this.#at));
  }

  #changeAll(change: Change): void {
    for (const { machine } of this.#state.machines) this.#change(machine.key, change);
  }
}
