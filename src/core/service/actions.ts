/** When a task is asked about. Seconds, as the service documents them. */
export interface Schedule {
  /** From the submission to the first query. */
  readonly firstSeconds: number;
  /** Between later queries. */
  readonly intervalSeconds: number;
}

/** What a task of the service does to clients. */
export type Action = 'install' | 'upgrade' | 'uninstall';

/** What an operation does: it starts tasks, or it changes settings, which the service does at once without a task. */
export type OperationAction = Action | 'settings';

/** Install: documented since 2024. Uninstall: documented. Upgrade: nothing stated, taken as uninstall. */
export const schedules: Readonly<Record<Action, Schedule>> = {
  install: { firstSeconds: 60, intervalSeconds: 30 },
  upgrade: { firstSeconds: 30, intervalSeconds: 30 },
  uninstall: { firstSeconds: 30, intervalSeconds: 30 },
};

/** The service ends a task after 15 minutes; we watch a little longer, so that its own `expired` comes first. */
export const watchLimitSeconds = 17 * 60;

/** "Refresh Now" may be pressed in a row; the service is not asked more often than this. */
export const shortestIntervalSeconds = 2;

/** How affected clients are read again after a task, until the list proves what the task said. */
export const proofSchedule = { intervalSeconds: 30, limitSeconds: 5 * 60 } as const;

/** Ids one call takes at most (documented). */
export const idsPerCall: Readonly<Record<OperationAction, number>> = {
  install: 20,
  upgrade: 100,
  uninstall: 20,
  settings: 1,
};

/**
 * Milliseconds to wait, divided by the time scale that a loopback endpoint announced (1 elsewhere).
 */
export function scaledMs(seconds: number, timeScale: number): number {
  return (seconds * 1000) / timeScale;
}

/** A call that changes machines, named as RAM and the safety policy of the CLI name it. */
export type ChangeCall =
  | 'hbr:InstallBackupClients'
  | 'hbr:UpgradeBackupClients'
  | 'hbr:UninstallBackupClients'
  | 'hbr:UpdateClientSettings';

/** The call of each action, as RAM and the CLI's safety policy name it (documented). */
export const changeCalls = {
  install: 'hbr:InstallBackupClients',
  upgrade: 'hbr:UpgradeBackupClients',
  uninstall: 'hbr:UninstallBackupClients',
  settings: 'hbr:UpdateClientSettings',
} as const satisfies Readonly<Record<OperationAction, ChangeCall>>;
