import type { MachineResult } from '../service/model';
import type { MachineProgress } from './operation';
import { isSentOutcome } from './outcomes';
import type { MachineFinding } from './operationRecord';

// What a recorded fact makes of one machine: the fold decides which machines it is about.

/** A change of a machine that changes nothing. */
export const nothing: Partial<MachineProgress> = {};

/** Records of an older release say `cancelled` where the user closed the notification, which stopped the sending. */
export function userStopped(reason: string): string {
  return reason === 'cancelled' ? 'stopped' : reason;
}

/** A machine whose call goes out, whatever was thought of it before. */
export function sent(machine: MachineProgress): MachineProgress {
  return { ...seenBefore(machine, undefined), outcome: 'running' };
}

/** A machine as the end of its operation leaves it. */
export function atEnd(machine: MachineProgress): MachineProgress {
  const { outcome, reason } = machine;
  if (outcome === 'waiting') return { ...machine, outcome: 'not-sent', reason: 'interrupted' };
  if (!isSentOutcome(outcome)) return machine;
  // Earlier releases took the word of a failed task for a verdict.
  const failedByTask = outcome === 'confirming' && reason !== undefined && reason !== 'not-found';
  return failedByTask
    ? { ...machine, outcome: 'failed', reason }
    : { ...machine, outcome: 'unknown', reason: 'watch-limit' };
}

/** Finds what a task says of a machine: by its ClientId, else by its instance unless that names another client there. */
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

/** A machine as a reading found it. A finding replaces the reason as a whole: a machine that is done has none. */
export function found(machine: MachineProgress, finding: MachineFinding): MachineProgress {
  return { ...seenBefore(machine, finding.name), ...seenIn(finding) };
}

/** What a task says of a machine that it goes on with. */
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

/** A machine that nobody watches any more. */
export function leave(machine: MachineProgress): MachineProgress {
  if (machine.outcome === 'waiting') return { ...machine, outcome: 'not-sent', reason: 'stopped' };
  return isSentOutcome(machine.outcome) ? { ...machine, outcome: 'unwatched' } : machine;
}
