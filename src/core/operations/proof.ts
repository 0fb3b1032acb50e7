import type { BackupClient, MachineResult } from '../model';
import type { MachineOutcome, PlannedMachine } from './operation';
import type { Action } from '../schedules';
import { isBusy } from '../clients/clientFacts';
import { compareVersions } from '../clients/versions';

/** Where a machine ends up, and where it fails, per action: as the vendor's own Terraform provider reads a task. */
const ends: Readonly<Record<Action, { readonly target: string; readonly failures: readonly string[] }>> = {
  install: { target: 'ACTIVATED', failures: ['INSTALL_FAILED', 'DEACTIVATED', 'UNKNOWN'] },
  upgrade: { target: 'ACTIVATED', failures: ['UPGRADE_FAILED'] },
  uninstall: { target: 'NOT_INSTALLED', failures: ['UNINSTALL_FAILED', 'UNKNOWN'] },
};

const busyStatus: Readonly<Record<Action, string>> = {
  install: 'INSTALLING',
  upgrade: 'UPGRADING',
  uninstall: 'UNINSTALLING',
};

/** How a task ended. `failed` is progress -1; `not-found` a task that the service does not know. */
export type TaskEnd = 'completed' | 'expired' | 'cancelled' | 'failed' | 'not-found';

/** How the task ended; undefined while it goes on, also in a state that is not documented. */
export function taskEnd(task: { readonly state: string; readonly progress: number }): TaskEnd | undefined {
  if (task.state === 'not-found') return 'not-found';
  if (task.progress === -1) return 'failed';
  return task.state === 'completed' || task.state === 'expired' || task.state === 'cancelled'
    ? task.state
    : undefined;
}

/**
 * What an ended task means for one machine. `completed` does not say that every machine succeeded, so each is judged
 * by its own result; one that the task does not speak of, or that reached its target in a task that failed as a
 * whole, is left to the list (`confirming`, with the task's end as the reason it will fail for).
 */
export function judgeResult(
  action: Action,
  end: TaskEnd,
  result: MachineResult | undefined,
): { readonly outcome: MachineOutcome; readonly reason?: string } {
  const { target, failures } = ends[action];
  if (result?.errorCode) return { outcome: 'failed', reason: result.errorCode };
  const status = result?.clientStatus;
  if (status !== undefined && failures.includes(status)) return { outcome: 'failed', reason: status };
  if (end === 'completed') return { outcome: 'confirming' };
  if (end === 'not-found' || status === target) return { outcome: 'confirming', reason: end };
  return { outcome: 'failed', reason: end };
}

/**
 * True when the list proves what was asked for. Upgrade: the version that was the latest when it was planned, or a
 * newer one. Install: ACTIVATED. Both with a heartbeat since `sinceMs` (milliseconds since 1970); an upgraded client
 * for which the list has no heartbeat at all is taken by its version. Uninstall: stopped, not installed, or no longer
 * listed.
 */
export function isProven(
  action: Action,
  machine: PlannedMachine,
  client: BackupClient | undefined,
  sinceMs: number,
): boolean {
  return hasArrived(action, machine, client) && (action === 'uninstall' || hasBeaten(client, sinceMs));
}

/** As `isProven`, without a look at the heartbeat. */
export function hasArrived(
  action: Action,
  machine: PlannedMachine,
  client: BackupClient | undefined,
): boolean {
  switch (action) {
    case 'upgrade':
      return client !== undefined && !isBusy(client) && reached(machine, client);
    case 'install':
      return client?.status === 'ACTIVATED' && client.lastHeartBeatTime !== undefined;
    case 'uninstall':
      return client === undefined || client.status === 'STOPPED' || client.status === 'NOT_INSTALLED';
  }
}

function hasBeaten(client: BackupClient | undefined, sinceMs: number): boolean {
  return client?.lastHeartBeatTime === undefined || client.lastHeartBeatTime * 1000 >= sinceMs;
}

function reached({ fromVersion, targetVersion }: PlannedMachine, client: BackupClient): boolean {
  const { clientVersion: version, maxClientVersion } = client;
  if (version === undefined) return false;
  // Nobody planned a task that is followed by its id: the newest version is what it was for.
  const target = targetVersion ?? (fromVersion === undefined ? maxClientVersion : undefined);
  if (target !== undefined) return compareVersions(version, target) >= 0;
  return fromVersion !== undefined && compareVersions(version, fromVersion) > 0;
}

/** The status that says an action failed, when the list shows it; undefined otherwise. */
export function listedFailure(action: Action, client: BackupClient | undefined): string | undefined {
  const failed = { install: 'INSTALL_FAILED', upgrade: 'UPGRADE_FAILED', uninstall: 'UNINSTALL_FAILED' }[
    action
  ];
  return client?.status === failed ? failed : undefined;
}

/** What a client tells about a call whose answer was lost: it ran, all is as it was, or neither can be said. */
export type Trace = 'ran' | 'same' | 'unclear';

/** Looks for a trace of a call: a client that is being changed, has reached its end, or newly shows the failure. */
export function traceOf(action: Action, machine: PlannedMachine, client: BackupClient | undefined): Trace {
  if (client === undefined) return action === 'install' ? 'same' : 'unclear';
  if (client.status === busyStatus[action]) return 'ran';
  if (hasArrived(action, machine, client) && client.status !== machine.fromStatus) return 'ran';
  // An upgraded client is ACTIVATED before and after: its version is the trace.
  if (action === 'upgrade' && hasArrived(action, machine, client)) return 'ran';
  if (machine.fromStatus === undefined || machine.fromStatus === client.status) return 'same';
  return listedFailure(action, client) === undefined ? 'unclear' : 'ran';
}

/** True when the service says that it last changed the client before `ms` (since 1970). */
export function isUntouchedSince(client: BackupClient | undefined, ms: number): boolean {
  return client?.updatedTime !== undefined && client.updatedTime * 1000 < ms;
}
