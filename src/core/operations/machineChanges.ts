import { present } from '../kernel/objects';
import type { MachineResult } from '../service/model';
import type { MachineProgress } from './operation';
import { isSentOutcome } from './outcomes';
import type { MachineFinding } from './operationRecord';

// What a recorded fact means for one client. The fold decides which clients it is about.

/** A change of a machine that changes nothing. */
export const nothing: Partial<MachineProgress> = {};

/** Older releases recorded `cancelled` if the user closed the notification, which stopped the rollout. */
export function userStopped(reason: string): string {
  return reason === 'cancelled' ? 'stopped' : reason;
}

/** A client that isn't started, because of `reason`. */
export function notStarted(reason: string): Pick<MachineProgress, 'outcome' | 'reason'> {
  return { outcome: reason === 'stopped' ? 'stopped' : 'not-sent', reason };
}

/** A client whose call goes out, whatever was known of it before. */
export function sent(machine: MachineProgress): MachineProgress {
  return { ...seenBefore(machine, undefined), outcome: 'running' };
}

/** A client as the end of its operation leaves it. */
export function atEnd(machine: MachineProgress): MachineProgress {
  const { outcome, reason } = machine;
  if (outcome === 'waiting') return { ...machine, ...notStarted('interrupted') };
  if (!isSentOutcome(outcome)) return machine;
  // Earlier releases took a failed task as the outcome.
  const failedByTask = outcome === 'confirming' && reason !== undefined && reason !== 'not-found';
  return failedByTask
    ? { ...machine, outcome: 'failed', reason }
    : { ...machine, outcome: 'unknown', reason: 'watch-limit' };
}

/**
 * Finds what a task reports about a client: by its ClientId, otherwise by its instance, unless that names another
 * client there.
 */
export function resultsById(
  results: readonly MachineResult[],
): (machine: MachineProgress) => MachineResult | undefined {
  const byClient = new Map<string, MachineResult>();
  const byInstance = new Map<string, MachineResult>();
  const nameless = new Map<string, MachineResult>();
  for (const result of [...results].reverse()) {
    const { instanceId, clientId } = result;
    if (clientId) byClient.set(clientId, result);
    if (instanceId) byInstance.set(instanceId, result);
    if (instanceId && !clientId) nameless.set(instanceId, result);
  }
  return ({ machine: { clientId = '', instanceId = '', namedBy } }) =>
    byClient.get(clientId) ??
    (namedBy === 'instance' || clientId === '' ? byInstance : nameless).get(instanceId);
}

/** A client as a reading found it. The finding replaces the reason too: a client that is done has none. */
export function found(machine: MachineProgress, finding: MachineFinding): MachineProgress {
  return { ...seenBefore(machine, finding.name), ...seenIn(finding) };
}

/** What a running task reports about a client. */
export function seen(clientStatus: string | undefined, reason: string | undefined): Partial<MachineProgress> {
  return { ...(clientStatus === undefined ? {} : { clientStatus }), ...(reason ? { reason } : {}) };
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

/** A client after the user stopped tracking. */
export function leave(machine: MachineProgress): MachineProgress {
  if (machine.outcome === 'waiting') return { ...machine, ...notStarted('stopped') };
  return isSentOutcome(machine.outcome) ? { ...machine, outcome: 'unwatched' } : machine;
}

/** A client that is no longer held back. */
export function released(machine: MachineProgress): MachineProgress {
  return present<MachineProgress>({ ...machine, held: undefined });
}

/**
 * A client after a change, with what's recorded of its being held back. Whatever takes it out of `waiting` ends that too.
 * @param at milliseconds since 1970
 */
export function keepHold(before: MachineProgress, after: MachineProgress, at: number): MachineProgress {
  const { held, wasHeld } = before;
  // Almost all changes are of others, and there are many.
  if (!held && !wasHeld && !after.held) return after;
  if (after.held && after.outcome === 'waiting') return wasHeld ? { ...after, wasHeld } : after;
  const free = released(after);
  if (!held) return wasHeld ? { ...free, wasHeld } : free;
  const ms = (wasHeld?.ms ?? 0) + Math.max(0, at - held.since);
  return { ...free, wasHeld: { jobs: held.jobs, ms } };
}
