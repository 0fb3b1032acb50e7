import type { BackupClient, MachineResult } from '../service/model';
import type { MachineProgress, OperationCall, PlannedMachine } from './operation';
import type { MachineOutcome } from './outcomes';
import { isTaskEnd, type TaskEnd } from './taskEnd';
import { actions, isFailureOf, type Action } from '../service/actions';
import { isBusy } from '../service/clientFacts';
import { compareVersions } from '../service/versions';

/**
 * Why a client failed according to its ended task; undefined if the task reports nothing against it. A completed task
 * does not mean that every client succeeded, so each is judged by its own result; one without a result shares the end
 * of its task. Either way the list decides, see `judgeReading`.
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

/** True if a task failed as a whole but reported success for this client. */
export function isReportedDone(
  action: Action,
  end: TaskEnd | undefined,
  { clientStatus, reason }: MachineProgress,
): boolean {
  return reason === end && clientStatus === actions[action].endStatus;
}

/** What one reading of the list showed about a client. */
export interface Seen {
  readonly client: BackupClient | undefined;
  /**
   * True if the service lists no such client. Both are empty if the list was not read, or changed while it was read.
   */
  readonly missing: boolean;
  /** See `NewHeartbeats.has`. */
  readonly hasNewHeartbeat: boolean;
}

/**
 * What is known of a client after a reading of the list. A client that its task reported as failed is settled by the
 * first reading that finds it and not busy: it is done if the list verifies it nevertheless, and keeps the report of
 * the task as a remark. With `last` every client is settled.
 * @param awaited true for a client that gets the whole time because its task reported success
 * @param unheard why the result could not be read, if known
 */
export function judgeReading(
  action: Action,
  { machine, outcome, reason }: MachineProgress,
  { client, missing, hasNewHeartbeat }: Seen,
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
    (action === 'uninstall' || hasNewHeartbeat) &&
    !(unasked && isAsBefore(action, machine, client)) &&
    !(failedByTask && provesTooLittle(action, machine, client));
  if (proven) return { outcome: 'done', ...(failedByTask && { reason }) };
  const failed = listedFailure(action, client);
  const isNew = failed !== undefined && machine.fromStatus !== undefined && failed !== machine.fromStatus;
  // A client that shows the result might only have to send a heartbeat.
  const mayFollow =
    action !== 'uninstall' && hasArrived(action, machine, client) && !isAsBefore(action, machine, client);
  const isSettled = missing || (client !== undefined && !isBusy(client) && !mayFollow);
  if (failedByTask && last && !isNew) {
    if (mayFollow) return { outcome: 'unconfirmed', reason: 'no-heartbeat' };
    // The list was not read, and how the task ended as a whole says too little about one client.
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

/** True for evidence that is enough after a completed task, but not after a failed one. */
function provesTooLittle(action: Action, machine: PlannedMachine, client: BackupClient | undefined): boolean {
  if (client === undefined) return true;
  // It is unknown whether the client of a foreign task was already stopped.
  return action === 'uninstall' ? machine.fromStatus === undefined : client.lastHeartBeatTime === undefined;
}

/** True if the list shows the same as before the call. */
function isAsBefore(action: Action, machine: PlannedMachine, client: BackupClient | undefined): boolean {
  return action === 'upgrade'
    ? machine.fromVersion !== undefined && client?.clientVersion === machine.fromVersion
    : machine.fromStatus !== undefined && client?.status === machine.fromStatus;
}

/**
 * True if the list shows the requested result. Upgrade: the latest version when it was planned, or a newer one.
 * Install: ACTIVATED. Uninstall: stopped, not installed, or no longer listed. It verifies an upgrade or install only
 * together with a new heartbeat.
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

// Uncertainty of the service's clock because of a slow response.
const serviceClockErrorMs = 20_000;

/**
 * Distinguishes heartbeats since a call from earlier ones. Both are by the service's clock. If that was unknown when
 * the call was made, only a heartbeat newer than the first one seen here is certainly new.
 */
export class NewHeartbeats {
  readonly #sinceMs: number | undefined;
  readonly #firstSeen = new Map<string, number>();

  constructor({ intentServiceAt, answeredServiceAt }: OperationCall) {
    const since = intentServiceAt ?? answeredServiceAt;
    this.#sinceMs = since === undefined ? undefined : since - serviceClockErrorMs;
  }

  /** True with a heartbeat since the call, or for a client without any heartbeat in the list. */
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
  // A foreign task has no plan: its target is the newest version.
  const target = targetVersion ?? (fromVersion === undefined ? maxClientVersion : undefined);
  if (target !== undefined) return compareVersions(version, target) >= 0;
  return fromVersion !== undefined && compareVersions(version, fromVersion) > 0;
}

/** The status that means that an action failed, if the list shows it; undefined otherwise. */
function listedFailure(action: Action, client: BackupClient | undefined): string | undefined {
  const failed = actions[action].failedStatus;
  return client?.status === failed ? failed : undefined;
}

/**
 * What a client shows about a call whose response was lost: it ran, everything is as before, or neither is certain.
 */
export type Trace = 'ran' | 'same' | 'unclear';

/** Looks for a trace of a call: a client that is being changed, shows the result, or newly shows the failure. */
export function traceOf(action: Action, machine: PlannedMachine, client: BackupClient | undefined): Trace {
  if (client === undefined) return action === 'install' ? 'same' : 'unclear';
  if (client.status === actions[action].busyStatus) return 'ran';
  if (hasArrived(action, machine, client) && client.status !== machine.fromStatus) return 'ran';
  // An upgraded client is ACTIVATED before and after: its version is the trace.
  if (action === 'upgrade' && hasArrived(action, machine, client)) return 'ran';
  if (machine.fromStatus === undefined || machine.fromStatus === client.status) return 'same';
  return listedFailure(action, client) === undefined ? 'unclear' : 'ran';
}

/** True if the service reports that it last changed the client before `serviceMs`, by its own clock. */
export function isUntouchedSince(client: BackupClient | undefined, serviceMs: number | undefined): boolean {
  if (client?.updatedTime === undefined || serviceMs === undefined) return false;
  return client.updatedTime * 1000 < serviceMs - serviceClockErrorMs;
}
