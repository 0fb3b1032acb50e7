import type { ClientStatus } from './model';

/** What a task of the service does to clients. */
export type Action = 'install' | 'upgrade' | 'uninstall';

/** What an operation does: it starts tasks, or it changes settings, which the service does at once without a task. */
export type OperationAction = Action | 'settings';

/** What the service documents about each action. */
interface ActionTraits {
  /** The request, as RAM policies and the safety policy of the CLI name it. */
  readonly ramAction: `hbr:${string}`;
  /** Most clients in one request. */
  readonly idsPerCall: number;
}

/** Of an action that runs as a task. */
interface TaskTraits extends ActionTraits {
  /** Seconds from the submission to the first query of the task, and between later queries. */
  readonly schedule: { readonly firstSeconds: number; readonly intervalSeconds: number };
  /** Of a client while the task runs, and after it failed. */
  readonly busyStatus: ClientStatus;
  readonly failedStatus: ClientStatus;
  /** Where a task says that a client succeeds, and where else it fails: as Alibaba Cloud's Terraform provider reads it. */
  readonly endStatus: ClientStatus;
  readonly otherFailures: readonly ClientStatus[];
}

/** The change actions. A new one is a row here; words and rules are records over the same keys. */
export const actions = {
  install: {
    ramAction: 'hbr:InstallBackupClients',
    idsPerCall: 20,
    schedule: { firstSeconds: 60, intervalSeconds: 30 },
    busyStatus: 'INSTALLING',
    failedStatus: 'INSTALL_FAILED',
    endStatus: 'ACTIVATED',
    otherFailures: ['DEACTIVATED', 'UNKNOWN'],
  },
  upgrade: {
    ramAction: 'hbr:UpgradeBackupClients',
    idsPerCall: 100,
    // Not documented; the same as for an uninstall.
    schedule: { firstSeconds: 30, intervalSeconds: 30 },
    busyStatus: 'UPGRADING',
    failedStatus: 'UPGRADE_FAILED',
    endStatus: 'ACTIVATED',
    otherFailures: [],
  },
  uninstall: {
    ramAction: 'hbr:UninstallBackupClients',
    idsPerCall: 20,
    schedule: { firstSeconds: 30, intervalSeconds: 30 },
    busyStatus: 'UNINSTALLING',
    failedStatus: 'UNINSTALL_FAILED',
    endStatus: 'NOT_INSTALLED',
    otherFailures: ['UNKNOWN'],
  },
  settings: { ramAction: 'hbr:UpdateClientSettings', idsPerCall: 1 },
} as const satisfies Readonly<Record<Action, TaskTraits>> & Readonly<Record<'settings', ActionTraits>>;

/** The actions that run as a task, in the order of the table. */
export const taskActions = Object.keys(actions).filter(
  (name): name is Action => name in actions && name !== 'settings',
);

/** A request that changes clients, as RAM policies and the safety policy of the CLI name it. */
export type ChangeCall = (typeof actions)[OperationAction]['ramAction'];

/** True for a status that a task of this action leaves a client in when it fails. */
export function isFailureOf(action: Action, status: string): boolean {
  const { failedStatus, otherFailures } = actions[action];
  return status === failedStatus || otherFailures.some((failure) => failure === status);
}

/** Seconds. The service ends a task after 15 minutes; we wait a little longer, so that its own `expired` comes first. */
export const watchLimitSeconds = 17 * 60;

/** Seconds between two queries, however often "Check Now" is pressed. */
export const shortestIntervalSeconds = 2;

/** Seconds: how affected clients are read again after a task, until the list verifies what the task reported. */
export const proofSchedule = { intervalSeconds: 30, limitSeconds: 5 * 60 } as const;

/** Milliseconds to wait, divided by the time scale that a loopback endpoint announced (1 elsewhere). */
export function scaledMs(seconds: number, timeScale: number): number {
  return (seconds * 1000) / timeScale;
}
