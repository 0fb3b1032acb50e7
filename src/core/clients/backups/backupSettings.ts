/** What the user chose about last backups. */
export interface BackupSettings {
  /** False: nothing is read, and nothing is known. */
  readonly read: boolean;
  /** Hours without a backup before a client needs attention; 0 for twice the interval of its plan, or 48. */
  readonly overdueHours: number;
}

/** A year. */
const mostHours = 8760;

/** The settings below `cloudBackup.clients`, whatever was written there. */
export function backupSettingsOf(valueOf: (name: string) => unknown): BackupSettings {
  const hours = valueOf('overdueBackupHours');
  return {
    read: valueOf('readLastBackups') !== false,
    overdueHours: typeof hours === 'number' && hours > 0 ? Math.min(hours, mostHours) : 0,
  };
}
