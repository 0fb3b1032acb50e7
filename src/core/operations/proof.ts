import type { BackupClient, MachineResult } from '../service/model';
import type { MachineProgress, OperationCall, PlannedMachine } from './operation';
import type { MachineOutcome } from './outcomes';
import { isTaskEnd, type TaskEnd } from './taskEnd';
import { actions, isFailureOf, type Action } from '../service/actions';
import { isBusy } from '../service/clientFacts';
import { compareVersions } from '../service/versions';

/**
 * Why a machine did not get there by what its ended task says; undefined where the task says nothing against it.
 * `completed` does not say that each machine succeeded, so each is judged by its own result; one without a result
 * shares the end of its task. Either way the list has the last word, see `judgeReading`.
 */
export function causeInTask(
  action: Action,
  end: TaskEnd,
  result: MachineResult | undefined,
): string | undefined {
  if (result?.errorCode) return result.errorCode;
  const status = result?.clientStatus;
  if (status !== undefined && isFailureOf(action, status)) return status;
  return end === 'completed' ? undefined : end;
}

/** True when a task failed as a whole and said of this machine nevertheless that it got there. */
export function isReportedDone(
  action: Action,
  end: TaskEnd | undefined,
  { clientStatus, reason }: MachineProgress,
): boolean {
  return reason === end && clientStatus === actions[action].endStatus;
}

/** What one reading of the list told about a machine. */
export interface Seen {
  readonly client: BackupClient | undefined;
  /** True when the service lists no such client. Both are empty when the list was not read, or moved meanwhile. */
  readonly missing: boolean;
  /** See `NewHeartbeats.has`. */
  readonly hasBeaten: boolean;
}

/**
 * What is known of a machine whose call went out, after a reading of the list. A machine that its task failed gets
 * its verdict from the first reading that finds it and not busy: it is done where the list proves it all the same, and
 * keeps the task's word as a remark. With `last` there is always a verdict.
 * @param awaited True for a machine to be given the whole time, since its task said that it got there
 * @param unheard Why nothing was heard to the end, where that is known
 */
export function judgeReading(
  action: Action,
  { machine, outcome, reason }: MachineProgress,
  { client, missing, hasBeaten }: Seen,
  {
    last,
    awaited,
    unheard,
  }: { readonly last: boolean; readonly awaited: boolean; readonly unheard?: string | undefined },
): { readonly outcome: MachineOutcome; readonly reason?: string } {
  const failedByTask = outcome === 'confirming' && reason !== undefined && reason !== 'not-found';
  const unasked = outcome === 'running' || failedByTask;
  const proven =
    (client ?? missing) &&
    hasArrived(action, machine, client) &&
    (action === 'uninstall' || hasBeaten) &&
    !(unasked && isAsBefore(action, machine, client)) &&
    !(failedByTask && provesTooLittle(action, machine, client));
  if (proven) return { outcome: 'done', ...(failedByTask && { reason }) };
  const failed = listedFailure(action, client);
  const isNew = failed !== undefined && machine.fromStatus !== undefined && failed !== machine.fromStatus;
  // One that got there may only have to send a heartbeat.
  const mayFollow =
    action !== 'uninstall' && hasArrived(action, machine, client) && !isAsBefore(action, machine, client);
  const isSettled = missing || (client !== undefined && !isBusy(client) && !mayFollow);
  if (failedByTask && last && !isNew) {
    if (mayFollow) return { outcome: 'unconfirmed', reason: 'no-heartbeat' };
    // The list was not read: how the task as a whole ended says too little of one machine.
    const unread = client === undefined && !missing;
    if (unread && isTaskEnd(reason)) return { outcome: 'unknown', reason: unheard ?? reason };
  }
  if (failedByTask && (last || isNew || (isSettled && !awaited))) return { outcome: 'failed', reason };
  if (failed !== undefined && (isNew || last)) return { outcome: 'failed', reason: failed };
  if (!last) return { outcome, ...(reason === undefined ? {} : { reason }) };
  if (outcome === 'running') {
    return { outcome: 'unknown', reason: missing ? 'not-listed' : (unheard ?? 'watch-limit') };
  }
  if (reason !== undefined) return { outcome: 'unknown', reason: missing ? 'not-listed' : reason };
  if (missing) return { outcome: 'unconfirmed', reason: 'not-listed' };
  const isSilent = client && hasArrived(action, machine, client);
  const why = client ? (isSilent ? 'no-heartbeat' : undefined) : unheard;
  return { outcome: 'unconfirmed', ...(why === undefined ? {} : { reason: why }) };
}

/** True for what is enough after a task that went well, and not after one that failed. */
function provesTooLittle(action: Action, machine: PlannedMachine, client: BackupClient | undefined): boolean {
  if (client === undefined) return true;
  // Of a task that is followed by its id, nobody knows whether the client was stopped before.
  return action === 'uninstall' ? machine.fromStatus === undefined : client.lastHeartBeatTime === undefined;
}

/** True where the list shows what it showed before the call. */
function isAsBefore(action: Action, machine: PlannedMachine, client: BackupClient | undefined): boolean {
  return action === 'upgrade'
    ? machine.fromVersion !== undefined && client?.clientVersion === machine.fromVersion
    : machine.fromStatus !== undefined && client?.status === machine.fromStatus;
}

/**
 * True where the list shows what was asked for. Upgrade: the version that was the latest when it was planned, or a
 * newer one. Install: ACTIVATED. Uninstall: stopped, not installed, or no longer listed. It proves an upgrade or
 * install together with a new heartbeat only.
 */
function hasArrived(action: Action, machine: PlannedMachine, client: BackupClient | undefined): boolean {
  switch (action) {
    case 'upgrade':
      return client !== undefined && !isBusy(client) && reached(machine, client);
    case 'install':
      return client?.status === 'ACTIVATED' && client.lastHeartBeatTime !== undefined;
    case 'uninstall':
      return client === undefined || client.status === 'STOPPED' || client.status === 'NOT_INSTALLED';
  }
}

// What a slow reply leaves in doubt about the service's clock.
const serviceClockErrorMs = 20_000;

/**
 * Tells heartbeats since a call from those before it. Both are by the service's clock; where it wasn't known when the
 * call was made, only a heartbeat that is newer than the first one seen here is certainly new.
 */
export class NewHeartbeats {
  readonly #sinceMs: number | undefined;
  readonly #firstSeen = new Map<string, number>();

  constructor({ intentServiceAt, answeredServiceAt }: OperationCall) {
    const since = intentServiceAt ?? answeredServiceAt;
    this.#sinceMs = since === undefined ? undefined : since - serviceClockErrorMs;
  }

  /** True with a heartbeat since the call, or for a client of which the list shows none at all. */
  has(machineKey: string, client: BackupClient | undefined): boolean {
    const seconds = client?.lastHeartBeatTime;
    if (seconds === undefined) return true;
    if (this.#sinceMs !== undefined) return seconds * 1000 >= this.#sinceMs;
    const first = this.#firstSeen.get(machineKey) ?? seconds;
    this.#firstSeen.set(machineKey, first);
    return seconds > first;
  }
}

function reached({ fromVersion, targetVersion }: PlannedMachine, client: BackupClient): boolean {
  const { clientVersion: version, maxClientVersion } = client;
  if (version === undefined) return false;
  // Nobody planned a task that is followed by its id: the newest version is what it was for.
  const target = targetVersion ?? (fromVersion === undefined ? maxClientVersion : undefined);
  if (target !== undefined) return compareVersions(version, target) >= 0;
  return fromVersion !== undefined && compareVersions(version, fromVersion) > 0;
}

/** The status that says that an action failed, when the list shows it; undefined otherwise. */
function listedFailure(action: Action, client: BackupClient | undefined): string | undefined {
  const failed = actions[action].failedStatus;
  return client?.status === failed ? failed : undefined;
}

/** What a client tells about a call whose answer was lost: it ran, all is as it was, or neither can be said. */
export type Trace = 'ran' | 'same' | 'unclear';

/** Looks for a trace of a call: a client that is being changed, has reached its end, or newly shows the failure. */
export function traceOf(action: Action, machine: PlannedMachine, client: BackupClient | undefined): Trace {
  if (client === undefined) return action === 'install' ? 'same' : 'unclear';
  if (client.status === actions[action].busyStatus) return 'ran';
  if (hasArrived(action, machine, client) && client.status !== machine.fromStatus) return 'ran';
  // An upgraded client is ACTIVATED before and after: its version is the trace.
  if (action === 'upgrade' && hasArrived(action, machine, client)) return 'ran';
  if (machine.fromStatus === undefined || machine.fromStatus === client.status) return 'same';
  return listedFailure(action, client) === undefined ? 'unclear' : 'ran';
}

/** True when the service says that it last changed the client before `serviceMs`, by its own clock. */
export function isUntouchedSince(client: BackupClient | undefined, serviceMs: number | undefined): boolean {
  if (client?.updatedTime === undefined || serviceMs === undefined) return false;
  return client.updatedTime * 1000 < serviceMs - serviceClockErrorMs;
}
