import { CancelledError, throwIfCancelled } from '../kernel/cancelled';
import type { WriteWaiting } from '../kernel/waiting';
import { scaledMs } from '../service/actions';
import type { MachineIds } from '../service/api';
import { BackupError, failures, toBackupError, type CallFate } from '../service/errors';
import type { Submission } from '../service/model';
import { stopSending } from './maySend';
import type { Operation } from './operation';
import { submit, type PlannedCall } from './operationCalls';
import type { Decision } from './operationRecord';
import type { OperationRun } from './operationRun';

/** A call without a response that says it ran. */
export interface FailedCall {
  readonly failure: BackupError;
  readonly fate: CallFate;
}

/** Sends one call and records the result; `withdrawn` if the rollout was stopped before it was sent. */
export async function sendCall(
  run: OperationRun,
  call: PlannedCall,
): Promise<FailedCall | 'withdrawn' | undefined> {
  const { journal, api, alive, log } = run;
  const { action, scope } = journal.operation;
  const attempt: { withdrawn?: Withdrawal | undefined; mayBeOut: boolean } = { mayBeOut: false };
  const beforeSend = async (): Promise<void> => {
    attempt.withdrawn = await reasonToWithdraw(run);
    if (attempt.withdrawn) throw new CancelledError();
    attempt.mayBeOut = true;
  };
  try {
    const waiting = { signal: alive, beforeSend };
    const { taskId, requestId, refusals } =
      action === 'settings'
        ? await submitSettings(run, call.ids, waiting)
        : await submit[action](api, scope, call.ids, waiting);
    await journal.note({
      type: 'answer',
      call: call.id,
      machineKeys: call.machineKeys,
      requestId,
      refusals,
      ...(taskId ? { taskId } : {}),
    });
    log.write('info', `${action} accepted, machines: ${call.machineKeys.length}, request: ${requestId}`);
    return undefined;
  } catch (error) {
    const withdrawn = alive.aborted && !attempt.mayBeOut ? 'interrupted' : attempt.withdrawn;
    if (withdrawn) {
      log.write('info', `${action} was not sent: ${withdrawn}, call: ${call.id}`);
      await withdraw(run, call, withdrawn);
      if (withdrawn === 'interrupted') throw new CancelledError();
      await stopSending(run, withdrawn);
      return 'withdrawn';
    }
    throwIfCancelled(alive);
    const failure = toBackupError(error);
    const fate = fateOf(failure);
    log.write('error', `${action} failed, fate: ${fate}`, failure);
    await noteFailure(run, call, failure, fate);
    return { failure, fate };
  }
}

// In addition to the attempts of each call: hundreds of clients can exceed what the service allows.
const throttledWaits = [5, 15, 30];

/**
 * Changes the settings of the one client of a call. If the service throttles, which means that the call did not run,
 * it is sent again after 5, 15, and 30 s. Throws BackupError like any write.
 */
async function submitSettings(
  { api, clock, journal, outgoing }: OperationRun,
  { clientIds }: MachineIds,
  waiting: WriteWaiting,
): Promise<Submission> {
  const { scope, timeScale } = journal.operation;
  const [clientId] = clientIds;
  const settings = outgoing?.settings;
  if (settings === undefined || clientId === undefined) {
    throw new BackupError('internal', 'nothing to send', { fate: 'not-run' });
  }
  for (const seconds of throttledWaits) {
    try {
      const { requestId } = await api.updateClientSettings(scope, clientId, settings, waiting);
      return { requestId, refusals: [] };
    } catch (error) {
      if (!(error instanceof BackupError) || error.code !== 'throttled') throw error;
      await clock.sleep(scaledMs(seconds, timeScale), waiting);
    }
  }
  const { requestId } = await api.updateClientSettings(scope, clientId, settings, waiting);
  return { requestId, refusals: [] };
}

/**
 * Why a call is not sent although its intent is recorded: the user stopped, another window has taken over, or the
 * disk does not return what other windows decided.
 */
type Withdrawal = 'stopped' | 'interrupted' | 'storage-failed';

// Most attempts to read what other windows decided, if the disk fails or is slow.
const looks = 3;
// Pause between two attempts while the disk fails.
const readAgainMs = 1_000;

// Another window takes over after 12 s of silence, so a reading that started longer ago is outdated.
const longestLookMs = 4_000;

/**
 * Checks right before a write is sent, since getting the key might have taken a while. If this window was frozen
 * meanwhile, checks again.
 */
async function reasonToWithdraw(run: OperationRun): Promise<Withdrawal | undefined> {
  const { journal, clock, alive } = run;
  for (let look = 1; look <= looks; look++) {
    const began = { at: clock.now(), monotonic: clock.monotonic() };
    if (!(await hearOthers(run))) return alive.aborted ? 'interrupted' : 'storage-failed';
    if (!(await run.isOurs()) || alive.aborted) return 'interrupted';
    if (journal.operation.sendingStopped || run.isReadOnly()) return 'stopped';
    // Sleep stops one of the clocks; setting the time moves the other.
    const tookMs = Math.max(clock.now() - began.at, clock.monotonic() - began.monotonic);
    if (tookMs <= longestLookMs) return undefined;
  }
  return 'storage-failed';
}

/** Reads what other windows decided; false if the disk does not return it. */
async function hearOthers({ journal, clock, alive, log }: OperationRun): Promise<boolean> {
  for (let reading = 1; !alive.aborted; reading++) {
    try {
      await journal.reread();
      return true;
    } catch (error) {
      log.write('warn', 'records could not be read before a call', error);
      if (reading === looks) return false;
      await clock.sleep(readAgainMs, { signal: alive }).catch(() => undefined);
    }
  }
  return false;
}

/** Records that a call certainly was not sent. */
async function withdraw({ journal }: OperationRun, call: PlannedCall, reason: string): Promise<void> {
  await journal.note({ type: 'resolved', call: call.id, finding: 'not-run', reason });
}

/** False if the call must not be sent: the rollout was stopped, or the disk does not accept the intent. */
export async function recordIntent(
  run: OperationRun,
  { id: call, machineKeys }: PlannedCall,
): Promise<boolean> {
  const { journal, log } = run;
  try {
    return await journal.record(
      { type: 'intent', call, machineKeys, decision: decisionOf(journal.operation, machineKeys) },
      ({ sendingStopped }) => sendingStopped,
    );
  } catch (error) {
    log.write('error', 'nothing more is sent: the intent could not be recorded', error);
    // The disk might have it nevertheless.
    await journal.note({ type: 'resolved', call, finding: 'not-run', reason: 'storage-failed' });
    await journal.note({ type: 'sendingStopped', reason: 'storage-failed' });
    return false;
  }
}

/** The decision about some clients, so that a call is known by its intent alone. */
function decisionOf(operation: Operation, machineKeys: readonly string[]): Decision {
  const { id, action, settings, scope, profileName, demo, timeScale } = operation;
  const keys = new Set(machineKeys);
  const machines = operation.machines.flatMap(({ machine }) => (keys.has(machine.key) ? machine : []));
  return {
    id,
    plan: { action, ...(settings && { settings }), scope, profileName, demo, machines },
    timeScale,
  };
}

async function noteFailure(
  { journal }: OperationRun,
  { id: call, machineKeys }: PlannedCall,
  failure: BackupError,
  fate: CallFate,
): Promise<void> {
  const { code, serviceCode, requestId } = failure;
  await journal.note({
    type: 'callFailed',
    call,
    machineKeys,
    fate,
    failure: {
      code,
      message: failure.message,
      ambiguous: fate === 'ambiguous',
      ...(serviceCode === undefined ? {} : { serviceCode }),
      ...(requestId === undefined ? {} : { requestId }),
    },
  });
}

/**
 * The fate of a failed call. One that states none might have run, unless its code says that it failed before it was
 * sent.
 */
function fateOf(failure: BackupError): CallFate {
  return failure.fate ?? failures[failure.code].fate;
}

/** True if the next call would fail in the same way. */
export function meetsAllCalls({ failure, fate }: FailedCall): boolean {
  return fate !== 'ambiguous' && failures[failure.code].stopsEverything;
}
