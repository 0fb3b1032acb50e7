import type { LastBackup } from '../../protection/lastBackup';

/** What's known of the backups of listed clients, by client key. A client that isn't there isn't known. */
export interface BackupFacts {
  readonly lastBackups: ReadonlyMap<string, LastBackup>;
  /** Those that should have been backed up since, if they're active. */
  readonly overdue: ReadonlySet<string>;
}

export const noBackupFacts: BackupFacts = { lastBackups: new Map(), overdue: new Set() };
