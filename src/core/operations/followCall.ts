import { throwIfCancelled } from '../kernel/cancelled';
import { Elapsed, type Moment } from './elapsed';
import { taskActionOf, type MachineProgress, type OperationCall } from './operation';
import { isSentOutcome } from './outcomes';
import type { MachineFinding } from './operationRecord';
import type { CheckTimer } from './checkTimer';
import { readingTimer, readMachines, type OperationRun } from './operationRun';
import { isReportedDone, isUntouchedSince, judgeReading, NewHeartbeats, traceOf } from './proof';
import { nameOf } from '../service/clientFacts';
import { clientOf, type ClientReading } from '../clients/readClients';
import { proofSchedule, scaledMs, watchLimitSeconds } from '../service/actions';
import { reasonOfTrouble, troubleOf } from './trouble';
import { watchTask } from './watchTask';

/**
 * Follows one call until each of its clients has an outcome, from wherever its records end: looks for the result of a
 * call whose response was lost, tracks the task, and verifies in the client list what the task reported. Rejects only
 * with a cancel.
 */
export async function followCall(run: OperationRun, callId: string): Promise<void> {
  throwIfCancelled(run.watching);
  const call = callOf(run, callId);
  if (call.state === 'intent' || (call.state === 'failed' && call.failure?.ambiguous)) {
    await resolve(run, call);
  }
  if (call.taskId !== undefined && !call.task?.end) await watch(run, call, call.taskId);
  const { state, finding, task, taskId } = callOf(run, callId);
  if (task?.end) {
    const checked = { at: task.checkedAt, serviceAt: task.checkedServiceAt };
    await proveUntil(run, callId, readingTimer(run, callId, checked, proofSchedule.limitSeconds));
  } else if (taskId !== undefined) {
    // The task reached the time limit without an end. One reading of the list decides.
    await proveUntil(run, callId, readingTimer(run, callId, { at: run.clock.now() }, 0));
  } else if (finding === 'ran' || state === 'answered') {
    // No task is known, so only the clients themselves can be checked.
    await proveUntil(
      run,
      callId,
      readingTimer(run, callId, submitted(callOf(run, callId)), watchLimitSeconds),
    );
  }
}

async function watch(run: OperationRun, call: OperationCall, taskId: string): Promise<void> {
  const { journal } = run;
  const { scope, timeScale } = journal.operation;
  const action = taskActionOf(journal.operation);
  const news = watchTask(run, {
    action,
    scope,
    taskId,
    timeScale,
    submitted: submitted(call),
    checked: call.task && { at: call.task.checkedAt, serviceAt: call.task.checkedServiceAt },
    sleep: run.sleep,
    signal: run.watching,
    mayFollow: run.isOurs,
    onFailure: async (failure) => {
      journal.setTrouble('task', troubleOf(failure));
      // Reading the list needs another permission.
      return failure.code === 'permission-denied' ? await judgeByList() : 'silent';
    },
    onSchedule: (due) => {
      run.onSchedule(call.id, due);
    },
  });
  const heartbeats = new NewHeartbeats(call);
  /** Without a task, a client is done as soon as the list verifies it. */
  const judgeByList = async (): Promise<'done' | 'heard' | 'silent'> => {
    const open = openMachines(run, call.id);
    if (open.length === 0) return 'silent';
    const reading = await readMachines(run, call.id, open);
    if (!reading) return 'silent';
    await judge(run, call.id, reading, { last: false, awaited: new Set(), heartbeats });
    return openMachines(run, call.id).length === 0 ? 'done' : 'heard';
  };
  let last = '';
  for await (const { state, progress, machines, requestId } of news) {
    journal.setTrouble('task', undefined);
    const answer = JSON.stringify([state, progress, machines]);
    if (answer === last) journal.touch(call.id, requestId);
    else await journal.note({ type: 'task', call: call.id, state, progress, machines, requestId });
    last = answer;
  }
}

/**
 * Finds out by reading what became of a call whose response was lost. The call is never repeated. It ran if a client
 * is being changed or shows the result. It did not run if all clients are unchanged a minute later. After a restart
 * that minute has passed, so only clients that the service has not touched since count as unchanged.
 */
async function resolve(run: OperationRun, call: OperationCall): Promise<void> {
  const { journal, clock } = run;
  const { timeScale } = journal.operation;
  const action = taskActionOf(journal.operation);
  const settleMs = scaledMs(2 * proofSchedule.intervalSeconds, timeScale);
  const sent = { at: call.intentAt, serviceAt: call.intentServiceAt };
  const age = new Elapsed(run, sent);
  const timer = readingTimer(run, call.id, sent, watchLimitSeconds);
  let first: { readonly at: number; readonly isEarly: boolean } | undefined;
  for (;;) {
    const reading = await readMachines(run, call.id, machinesOf(run, call.id));
    if (reading) {
      first ??= { at: clock.monotonic(), isEarly: age.longestMs(run.outgoing !== undefined) <= settleMs };
      const machines = machinesOf(run, call.id).map(({ machine }) => ({
        machine,
        client: clientOf(machine, reading.clients),
      }));
      const traces = machines.map(({ machine, client }) => traceOf(action, machine, client));
      if (traces.includes('ran')) return note('ran');
      const same = traces.every((trace) => trace === 'same');
      const untouched = machines.every(({ client }) => isUntouchedSince(client, call.intentServiceAt));
      if (same && !first.isEarly && untouched) return note('not-run');
      if (clock.monotonic() >= first.at + settleMs) {
        if (same && first.isEarly) return note('not-run');
        if (!first.isEarly) return note('unknown');
      }
    }
    if (timer.isLast(reading !== undefined)) return note('unknown');
    await timer.next();
  }

  async function note(finding: 'ran' | 'not-run' | 'unknown'): Promise<void> {
    run.log.write('info', `an answer was lost, found by reading: ${finding}, call: ${call.id}`);
    const { trouble } = journal.operation;
    const why = finding === 'unknown' && trouble && { reason: reasonOfTrouble(trouble) };
    await journal.note({ type: 'resolved', call: call.id, finding, ...why });
  }
}

/**
 * Reads the clients of a call by ID, now and then every 30 s, until the list settles each one or the timer gives up.
 * Then the clients that are left get their last outcome.
 */
async function proveUntil(run: OperationRun, callId: string, timer: CheckTimer): Promise<void> {
  const action = taskActionOf(run.journal.operation);
  const { task } = callOf(run, callId);
  const awaited = new Set(
    machinesOf(run, callId)
      .filter((machine) => isReportedDone(action, task?.end, machine))
      .map(({ machine }) => machine.key),
  );
  const heartbeats = new NewHeartbeats(callOf(run, callId));
  while (openMachines(run, callId).length > 0) {
    const reading = await readMachines(run, callId, openMachines(run, callId));
    const last = timer.isLast(reading !== undefined);
    await judge(run, callId, reading, { last, awaited, heartbeats });
    if (last || openMachines(run, callId).length === 0) return;
    await timer.next();
  }
}

/** Records what a reading, or with `last` the lack of one, means for each client without an outcome. */
async function judge(
  run: OperationRun,
  callId: string,
  reading: ClientReading | undefined,
  {
    last,
    awaited,
    heartbeats,
  }: {
    readonly last: boolean;
    readonly awaited: ReadonlySet<string>;
    readonly heartbeats: NewHeartbeats;
  },
): Promise<void> {
  const { foreign, trouble } = run.journal.operation;
  const unheard = trouble && reasonOfTrouble(trouble);
  const action = taskActionOf(run.journal.operation);
  const findings = openMachines(run, callId).flatMap((progress) => {
    const { machine } = progress;
    const client = reading && clientOf(machine, reading.clients);
    const missing = reading?.missingKeys.includes(machine.key) ?? false;
    const seen = { client, missing, hasNewHeartbeat: heartbeats.has(machine.key, client) };
    const verdict = judgeReading(action, progress, seen, {
      ...{ last, unheard },
      awaited: awaited.has(machine.key),
    });
    const beat = verdict.outcome === 'done' ? client?.lastHeartBeatTime : undefined;
    const finding: MachineFinding = {
      key: machine.key,
      ...(client ? { clientStatus: client.status } : {}),
      ...(client?.clientVersion === undefined ? {} : { clientVersion: client.clientVersion }),
      ...(client && foreign ? { name: nameOf(client) } : {}),
      ...(beat === undefined ? {} : { lastHeartBeatTime: beat }),
      ...verdict,
    };
    return isNews(progress, finding) ? [finding] : [];
  });
  if (findings.length > 0) await run.journal.note({ type: 'machines', machines: findings });
}

function isNews(before: MachineProgress, finding: MachineFinding): boolean {
  return (
    finding.outcome !== before.outcome ||
    (finding.name !== undefined && finding.name !== before.machine.name) ||
    (finding.clientStatus !== undefined && finding.clientStatus !== before.clientStatus) ||
    (finding.clientVersion !== undefined && finding.clientVersion !== before.clientVersion)
  );
}

/** When the service accepted a call, if known. */
function submitted({ intentAt, intentServiceAt, answeredAt, answeredServiceAt }: OperationCall): Moment {
  return { at: answeredAt ?? intentAt, serviceAt: answeredServiceAt ?? intentServiceAt };
}

function callOf(run: OperationRun, callId: string): OperationCall {
  const call = run.journal.operation.calls.find(({ id }) => id === callId);
  if (!call) throw new Error(`no such call: ${callId}`);
  return call;
}

function machinesOf(run: OperationRun, callId: string): readonly MachineProgress[] {
  const keys = new Set(callOf(run, callId).machineKeys);
  return run.journal.operation.machines.filter(({ machine }) => keys.has(machine.key));
}

function openMachines(run: OperationRun, callId: string): readonly MachineProgress[] {
  return machinesOf(run, callId).filter(({ outcome }) => isSentOutcome(outcome));
}
