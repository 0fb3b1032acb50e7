import { throwIfCancelled } from '../cancelled';
import { isSentOutcome, taskActionOf, type MachineProgress, type OperationCall } from './operation';
import type { MachineFinding } from './operationRecord';
import type { OperationRun } from './operationRun';
import { Patience } from './patience';
import { hasBeaten, isReportedDone, isUntouchedSince, judgeReading, traceOf } from './proof';
import { nameOf } from '../clients/clientFacts';
import { clientOf, type ClientReading } from '../clients/readClients';
import { pause, read } from './readings';
import { proofSchedule, scaledMs, watchLimitSeconds } from '../schedules';
import { watchTask } from './watchTask';

// A minute of grace: our clock and the service's differ.
const clocksDifferMs = 60_000;

/**
 * Follows one call to the end of each of its machines, from wherever its records leave off: an answer that is not
 * known is looked for, a task is watched, and what the task says is proven by the list. Rejects only with a cancel.
 */
export async function followCall(run: OperationRun, callId: string): Promise<void> {
  throwIfCancelled(run.watching);
  const call = callOf(run, callId);
  if (call.state === 'intent' || (call.state === 'failed' && call.failure?.ambiguous)) {
    await resolve(run, call);
  }
  if (call.taskId !== undefined && !call.task?.end) await watch(run, call, call.taskId);
  const { state, finding, task, taskId, intentAt, answeredAt } = callOf(run, callId);
  const scale = run.journal.operation.timeScale;
  if (task?.end) {
    await proveUntil(run, callId, task.checkedAt + scaledMs(proofSchedule.limitSeconds, scale));
  } else if (taskId !== undefined) {
    // Watching came to its limit without an end: one reading has the last word.
    await proveUntil(run, callId, run.clock.now());
  } else if (finding === 'ran' || state === 'answered') {
    // No task is known: the machines themselves are all there is to watch.
    const submittedAt = answeredAt ?? intentAt;
    await proveUntil(run, callId, submittedAt + scaledMs(watchLimitSeconds, scale));
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
    submittedAt: call.answeredAt ?? call.intentAt,
    checkedAt: call.task?.checkedAt,
    nap: run.nap,
    signal: run.watching,
    mayFollow: run.mayFollow,
    onSchedule: (at) => {
      run.onSchedule(call.id, at);
    },
  });
  let told = '';
  for await (const { state, progress, machines, requestId } of news) {
    const telling = JSON.stringify([state, progress, machines]);
    if (telling === told) journal.touch(call.id, requestId);
    else await journal.note({ type: 'task', call: call.id, state, progress, machines, requestId });
    told = telling;
  }
}

/**
 * Finds out by reading what became of a call whose answer is not known; it is never repeated. A machine that is being
 * changed or has reached its end: it ran. All as they were a minute later: it did not. After a restart that minute is
 * long over, and only clients that the service has not touched since tell as much.
 */
async function resolve(run: OperationRun, call: OperationCall): Promise<void> {
  const { journal, clock } = run;
  const { timeScale } = journal.operation;
  const action = taskActionOf(journal.operation);
  const settleMs = scaledMs(2 * proofSchedule.intervalSeconds, timeScale);
  const patience = new Patience(clock, call.intentAt + scaledMs(watchLimitSeconds, timeScale));
  let firstReadAt: number | undefined;
  for (;;) {
    const reading = await read(run, call.id, machinesOf(run, call.id));
    if (reading) {
      const now = clock.now();
      firstReadAt ??= now;
      const machines = machinesOf(run, call.id).map(({ machine }) => ({
        machine,
        client: clientOf(machine, reading.clients),
      }));
      const traces = machines.map(({ machine, client }) => traceOf(action, machine, client));
      if (traces.includes('ran')) return note('ran');
      const same = traces.every((trace) => trace === 'same');
      const fromTheStart = firstReadAt <= call.intentAt + settleMs;
      const untouched = machines.every(({ client }) =>
        isUntouchedSince(client, call.intentAt - clocksDifferMs),
      );
      if (same && !fromTheStart && untouched) return note('not-run');
      if (now >= firstReadAt + settleMs) {
        if (same && fromTheStart) return note('not-run');
        if (!fromTheStart) return note('unknown');
      }
    }
    if (patience.isOver(reading !== undefined)) return note('unknown');
    await pause(run, call.id, patience);
  }

  async function note(finding: 'ran' | 'not-run' | 'unknown'): Promise<void> {
    run.log.write('info', `an answer was lost, found by reading: ${finding}, call: ${call.id}`);
    await journal.note({ type: 'resolved', call: call.id, finding });
  }
}

/**
 * Reads the machines of a call by id, at once and then every 30 s, until the list proves or disproves each one or
 * `endsAt` (milliseconds since 1970) has passed; what is open then is given its last outcome.
 */
async function proveUntil(run: OperationRun, callId: string, endsAt: number): Promise<void> {
  const action = taskActionOf(run.journal.operation);
  const { task } = callOf(run, callId);
  const awaited = new Set(
    machinesOf(run, callId)
      .filter((machine) => isReportedDone(action, task?.end, machine))
      .map(({ machine }) => machine.key),
  );
  const patience = new Patience(run.clock, endsAt);
  while (openMachines(run, callId).length > 0) {
    const reading = await read(run, callId, openMachines(run, callId));
    const last = patience.isOver(reading !== undefined);
    await judge(run, callId, reading, { last, awaited });
    if (last || openMachines(run, callId).length === 0) return;
    await pause(run, callId, patience);
  }
}

/** Records what a reading, or with `last` the lack of one, means for each machine that is still open. */
async function judge(
  run: OperationRun,
  callId: string,
  reading: ClientReading | undefined,
  { last, awaited }: { readonly last: boolean; readonly awaited: ReadonlySet<string> },
): Promise<void> {
  const { tracked } = run.journal.operation;
  const action = taskActionOf(run.journal.operation);
  const sinceMs = callOf(run, callId).intentAt - clocksDifferMs;
  const findings = openMachines(run, callId).flatMap((progress) => {
    const { machine } = progress;
    const client = reading && clientOf(machine, reading.clients);
    const missing = reading?.missingKeys.includes(machine.key) ?? false;
    const seen = { client, missing, hasBeaten: hasBeaten(client, sinceMs) };
    const verdict = judgeReading(action, progress, seen, { last, awaited: awaited.has(machine.key) });
    const beat = verdict.outcome === 'done' ? client?.lastHeartBeatTime : undefined;
    const finding: MachineFinding = {
      key: machine.key,
      ...(client ? { clientStatus: client.status } : {}),
      ...(client?.clientVersion === undefined ? {} : { clientVersion: client.clientVersion }),
      ...(client && tracked ? { name: nameOf(client) } : {}),
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
