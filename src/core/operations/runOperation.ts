import { CancelledError, throwIfCancelled } from '../kernel/cancelled';
import type { WriteWaiting } from '../kernel/waiting';
import { scaledMs } from '../service/actions';
import type { MachineIds } from '../service/api';
import { BackupError, failures, isCancelled, toBackupError, type CallFate } from '../service/errors';
import type { Submission } from '../service/model';
import type { Operation } from './operation';
import { isSentOutcome } from './outcomes';
import { submit, type PlannedCall } from './operationCalls';
import { followCall } from './followCall';
import { followSettings } from './followSettings';
import type { Decision } from './operationRecord';
import type { OperationRun } from './operationRun';
import { failuresIn } from './waves';

/**
 * Takes an operation to its end. The calls of `run.outgoing` go out wave by wave, within a wave one after another, and each
 * is tracked as soon as it's answered. A wave begins when every client of the one before has its outcome. Without
 * `outgoing`, as after a restart, no call is made: what wasn't sent stays unsent, since the user who agreed to it might be
 * long gone, and what was sent is tracked. Resolves when `ended` is recorded. Rejects with a cancel when `alive` aborts.
 */
export async function runOperation(run: OperationRun): Promise<void> {
  const { journal, alive, outgoing } = run;
  const following = journal.operation.calls.map((call) => follow(run, call.id));
  if (outgoing) await send(run, outgoing.calls);
  else await stopSending(run, 'interrupted');
  await Promise.all(following);
  throwIfCancelled(alive);
  if (journal.operation.action === 'settings') await followTogether(run);
  throwIfCancelled(alive);
  // After a sleep another window may have gone on, and tells the end as well.
  if (!(await run.isOurs())) throw new CancelledError();
  throwIfCancelled(alive);
  await journal.note({ type: 'ended' });
}

async function send(run: OperationRun, calls: readonly PlannedCall[]): Promise<void> {
  let following: Promise<void>[] = [];
  let wave = 1;
  let ambiguousInARow = 0;
  for (const call of calls) {
    if (call.wave !== wave) {
      await Promise.all(following);
      [following, wave] = [[], call.wave];
    }
    if (!(await maySend(run)) || !(await recordIntent(run, call))) break;
    const failed = await sendCall(run, call);
    if (failed === 'withdrawn') break;
    following.push(follow(run, call.id));
    ambiguousInARow = failed?.fate === 'ambiguous' ? ambiguousInARow + 1 : 0;
    // One lost answer is an accident, two in a row are a state.
    if (failed && (meetsAllCalls(failed) || ambiguousInARow > 1)) {
      await stopSending(run, failed.failure.serviceCode ?? failed.failure.code);
    }
  }
  await Promise.all(following);
}

/** True while calls may go out. Rejects with a cancel when this window is no longer the one to make them. */
async function maySend(run: OperationRun): Promise<boolean> {
  const { journal, alive } = run;
  throwIfCancelled(alive);
  const { sendingStopped, maxFailures, machines, calls } = journal.operation;
  if (sendingStopped) return false;
  if (maxFailures > 0 && failuresIn(machines, calls) >= maxFailures) {
    await stopSending(run, 'failure-limit');
    return false;
  }
  if (!(await run.isOurs())) throw new CancelledError();
  throwIfCancelled(alive);
  if (!run.isReadOnly()) return true;
  await stopSending(run, 'stopped');
  return false;
}

/** A call that got no answer which says that it ran. */
interface FailedCall {
  readonly failure: BackupError;
  readonly fate: CallFate;
}

/** Makes one call and records what came of it; `withdrawn` when the user stopped the sending before it went out. */
async function sendCall(run: OperationRun, call: PlannedCall): Promise<FailedCall | 'withdrawn' | undefined> {
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

// Besides the attempts of each call itself: hundreds of clients may well outrun what the service allows.
const throttledWaits = [5, 15, 30];

/**
 * Changes the settings of the one client of a call. While the service throttles, which means that the call did not run,
 * it is made again after 5, 15 and 30 s. Throws BackupError as any write.
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
 * Why a call whose intent is recorded does not go out: the user stopped, another window has taken over, or the disk does
 * not give what other windows decided.
 */
type Withdrawal = 'stopped' | 'interrupted' | 'storage-failed';

// How often a look before a call is taken while the disk fails or is slow.
const looks = 3;
// How long after each other the records are read while the disk fails.
const readAgainMs = 1_000;

// Another window takes over after 12 s of silence, so what a look began to find out longer ago says nothing of now.
const longestLookMs = 4_000;

/**
 * Looks right before the bytes of a write go out, since its key and its turn may have taken a while. A look during which
 * this window was frozen is taken again.
 */
async function reasonToWithdraw(run: OperationRun): Promise<Withdrawal | undefined> {
  const { journal, clock, alive } = run;
  for (let look = 1; look <= looks; look++) {
    const began = { at: clock.now(), monotonic: clock.monotonic() };
    if (!(await hearOthers(run))) return alive.aborted ? 'interrupted' : 'storage-failed';
    if (!(await run.isOurs()) || alive.aborted) return 'interrupted';
    if (journal.operation.sendingStopped || run.isReadOnly()) return 'stopped';
    // A computer that sleeps stops one of its clocks, a user who sets it moves the other.
    const tookMs = Math.max(clock.now() - began.at, clock.monotonic() - began.monotonic);
    if (tookMs <= longestLookMs) return undefined;
  }
  return 'storage-failed';
}

/** Takes in what other windows decided and this one has not heard of yet; false when the disk does not give it. */
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

/** Records that a call certainly did not go out after all. */
async function withdraw({ journal }: OperationRun, call: PlannedCall, reason: string): Promise<void> {
  await journal.note({ type: 'resolved', call: call.id, finding: 'not-run', reason });
}

/** False when the call must not go out: the user stopped the sending, or the disk does not take the intent. */
async function recordIntent(run: OperationRun, { id: call, machineKeys }: PlannedCall): Promise<boolean> {
  const { journal, log } = run;
  try {
    return await journal.record(
      { type: 'intent', call, machineKeys, decision: decisionOf(journal.operation, machineKeys) },
      ({ sendingStopped }) => sendingStopped,
    );
  } catch (error) {
    log.write('error', 'nothing more is sent: the intent could not be recorded', error);
    // The disk may have it all the same.
    await journal.note({ type: 'resolved', call, finding: 'not-run', reason: 'storage-failed' });
    await journal.note({ type: 'sendingStopped', reason: 'storage-failed' });
    return false;
  }
}

/** What was decided about some machines, so that a call is known by its intent alone. */
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

async function stopSending({ journal }: OperationRun, reason: string): Promise<void> {
  if (!journal.operation.machines.some(({ outcome }) => outcome === 'waiting')) return;
  await journal.note({ type: 'sendingStopped', reason });
}

async function follow(run: OperationRun, callId: string): Promise<void> {
  const { journal } = run;
  // Changes of settings are followed together, once all are sent.
  if (journal.operation.action === 'settings') return;
  const keys = new Set(journal.operation.calls.find(({ id }) => id === callId)?.machineKeys);
  try {
    await followed(run, () => followCall(run, callId), keys);
  } finally {
    run.onSchedule(callId, undefined);
  }
}

async function followTogether(run: OperationRun): Promise<void> {
  const keys = run.journal.operation.machines.map(({ machine }) => machine.key);
  await followed(run, () => followSettings(run), new Set(keys));
}

/** Ends a failure here, so that what fails to be followed does not keep the rest from its end. */
async function followed(
  { journal, alive, watching, log }: OperationRun,
  follow: () => Promise<void>,
  keys: ReadonlySet<string>,
): Promise<void> {
  try {
    await follow();
  } catch (error) {
    if (isCancelled(error) && (alive.aborted || watching.aborted)) return;
    log.write('error', 'machines could not be followed to their end', error);
    const left = openMachines(journal.operation).filter(({ machine }) => keys.has(machine.key));
    await journal.note({
      type: 'machines',
      machines: left.map(({ machine }) => ({ key: machine.key, outcome: 'unknown', reason: 'internal' })),
    });
  }
}

function openMachines({ machines }: Operation): Operation['machines'] {
  return machines.filter(({ outcome }) => isSentOutcome(outcome));
}

/** Fate of a failed call. One that states none may have run, unless its code says that it comes before the call. */
function fateOf(failure: BackupError): CallFate {
  return failure.fate ?? failures[failure.code].fate;
}

/** True when the next call would fail in the same way. */
function meetsAllCalls({ failure, fate }: FailedCall): boolean {
  return fate !== 'ambiguous' && failures[failure.code].stopsEverything;
}
