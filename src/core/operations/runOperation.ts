import { CancelledError, throwIfCancelled } from '../kernel/cancelled';
import { isCancelled } from '../service/errors';
import { followCall } from './followCall';
import { followSettings } from './followSettings';
import { HeldBack } from './holdBusy';
import { maySend, stopSending } from './maySend';
import type { Operation, PlannedMachine } from './operation';
import { callsOf } from './operationCalls';
import type { Outgoing, OperationRun } from './operationRun';
import { isSentOutcome } from './outcomes';
import { meetsAllCalls, recordIntent, sendCall } from './sendCall';

/**
 * Takes an operation to its end. The calls of `run.outgoing` go out wave by wave, within a wave one after another, and each
 * is tracked as soon as it's answered. A wave begins when every client of the one before has its outcome, with those of
 * its clients on which nothing is known to run; the others are held back and come last. Without `outgoing`, as after a
 * restart, no call is made: what wasn't sent stays unsent, since the user who agreed to it might be long gone, and what
 * was sent is tracked. Resolves when `ended` is recorded. Rejects with a cancel when `alive` aborts.
 */
export async function runOperation(run: OperationRun): Promise<void> {
  const { journal, alive, outgoing } = run;
  const following = journal.operation.calls.map((call) => follow(run, call.id));
  if (outgoing) await send(run, outgoing);
  else await stopSending(run, 'interrupted');
  await Promise.all(following);
  throwIfCancelled(alive);
  if (journal.operation.action === 'settings') await followTogether(run);
  throwIfCancelled(alive);
  // After a sleep, another window might have taken over, and reports the end too.
  if (!(await run.isOurs())) throw new CancelledError();
  throwIfCancelled(alive);
  await journal.note({ type: 'ended' });
}

async function send(run: OperationRun, outgoing: Outgoing): Promise<void> {
  const { journal } = run;
  const heldBack = new HeldBack(run);
  let ambiguousInARow = 0;
  for (;;) {
    const wave = await nextWave(run, heldBack);
    if (wave.length === 0) return;
    const following: Promise<void>[] = [];
    const { action, calls } = journal.operation;
    for (const call of callsOf(action, wave, idsNow(journal.operation, outgoing), calls.length)) {
      if (!(await maySend(run)) || !(await recordIntent(run, call))) break;
      const failed = await sendCall(run, call);
      if (failed === 'withdrawn') break;
      following.push(follow(run, call.id));
      ambiguousInARow = failed?.fate === 'ambiguous' ? ambiguousInARow + 1 : 0;
      // One lost response might be a glitch; two in a row mean that the service is down.
      if (failed && (meetsAllCalls(failed) || ambiguousInARow > 1)) {
        await stopSending(run, failed.failure.serviceCode ?? failed.failure.code);
      }
    }
    await Promise.all(following);
  }
}

/** Keys of the clients to send now: those of the next wave on which nothing is known to run. None once all are sent. */
async function nextWave(run: OperationRun, heldBack: HeldBack): Promise<readonly string[]> {
  const { journal } = run;
  while (!journal.operation.sendingStopped) {
    const { waves, strategy, calls, action } = journal.operation;
    const waiting = new Map(waitingIn(journal.operation).map((machine) => [machine.key, machine]));
    const wave = waves
      .map(({ machineKeys }) => machineKeys.flatMap((key) => waiting.get(key) ?? []))
      .find(({ length }) => length > 0);
    if (!wave) {
      if (!heldBack.hasAny) return [];
      // It might take hours until the last ones are sent.
      if (action === 'settings') await followTogether(run);
      await heldBack.change();
      continue;
    }
    if (!(await maySend(run))) return [];
    const [first, ...others] = await heldBack.freeOf(wave);
    if (first === undefined) continue;
    if (strategy.kind !== 'canary' || calls.length > 0 || others.length === 0) return [first, ...others];
    // The client that was to go first is held back.
    await journal.note({ type: 'canary', machineKey: first });
    return [first];
  }
  return [];
}

/**
 * A client that was held back is sent up to hours after the list was read, when another client may have come to its
 * instance: its own ID means no other.
 */
function idsNow({ action, machines }: Operation, { ids }: Outgoing): Outgoing['ids'] {
  if (action === 'install') return ids;
  const held = machines.flatMap(({ machine: { key, clientId }, wasHeld }) =>
    wasHeld && clientId ? [[key, { instanceIds: [], clientIds: [clientId] }] as const] : [],
  );
  return new Map([...ids, ...held]);
}

function waitingIn({ machines }: Operation): readonly PlannedMachine[] {
  return machines.flatMap(({ machine, outcome, held }) => (outcome === 'waiting' && !held ? machine : []));
}

async function follow(run: OperationRun, callId: string): Promise<void> {
  const { journal } = run;
  // Settings are followed together, once all calls are sent.
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

/** Keeps one failure to follow from ending the rest. */
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
