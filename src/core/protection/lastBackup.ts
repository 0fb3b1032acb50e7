import type { Job } from '../service/protection';
import type { Scope } from '../service/scope';
import { backedUpStatuses } from './jobStates';
import type { PlannedBackup } from './plannedBackups';
import { parseSchedule } from './schedule';
import { isOfAccount, type Machine } from './work';

/** A backup that can be restored. */
export interface CompletedBackup {
  /** UNIX seconds, as all times here. */
  readonly at: number;
  /** True where some of the files failed. */
  readonly partial: boolean;
}

/**
 * The newest backup of a machine: when it completed, that none was found, or that it isn't known. `asOf` is when that was
 * read, by the service's clock. `unknown` is never taken for `none`.
 */
export type LastBackup =
  | ({ readonly kind: 'at'; readonly asOf: number } & CompletedBackup)
  | { readonly kind: 'none'; readonly asOf: number }
  | { readonly kind: 'unknown' };

/** Collects the newest backup of each machine from jobs, which may come in any order. */
export interface NewestBackups {
  /** Takes the rows that are completed backups of these machines; all others are ignored. */
  add(rows: readonly Job[]): void;
  /** By key of the machine. */
  readonly found: ReadonlyMap<string, CompletedBackup>;
}

/**
 * A job belongs to the machine with its client ID, and if none has it, to those on its instance: a reinstall changes the
 * client ID. Jobs of another account don't count; in a cross-account scope, only those that name its account do.
 */
export function createNewestBackups(
  scope: Scope,
  machines: Iterable<readonly [key: string, machine: Machine]>,
): NewestBackups {
  const byClient = new Map<string, string[]>();
  const byInstance = new Map<string, string[]>();
  for (const [key, { clientId, instanceId }] of machines) {
    if (clientId) addTo(byClient, clientId, key);
    if (instanceId) addTo(byInstance, instanceId, key);
  }
  const found = new Map<string, CompletedBackup>();
  return {
    found,
    add(rows) {
      for (const job of rows) {
        const backup = completedBackup(job);
        if (!backup || !isOfAccount(job, scope)) continue;
        const keys = byClient.get(job.clientId ?? '') ?? byInstance.get(job.instanceId ?? '') ?? [];
        for (const key of keys) {
          const before = found.get(key);
          if (!before || before.at < backup.at) found.set(key, backup);
        }
      }
    },
  };
}

/** Undefined for a restore, and for a job that goes on or failed. */
function completedBackup(job: Job): CompletedBackup | undefined {
  const status = backedUpStatuses.find((one) => one === job.status);
  const at = job.completeTime ?? job.updatedTime ?? job.startTime ?? job.createdTime;
  if (job.kind !== 'backup' || status === undefined || at === undefined) return undefined;
  return { at, partial: status === 'PARTIAL_COMPLETE' };
}

/** Hours that a machine may go without a backup where neither the user nor a schedule says. */
export const usualBackupHours = 48;

/** How long a machine may go without a backup. */
export interface BackupLimit {
  readonly seconds: number;
  /** UNIX seconds: when backups began, 0 if that isn't known. The first is expected within the limit after that. */
  readonly since: number;
}

/**
 * The limits of a machine that's protected: the hours of the user; else twice the interval of each of its plans, which
 * counts from when that plan could first run; else 48 hours where no schedule is known. None where no backup is expected
 * because all of its plans are suspended, or where what's expected isn't known because no schedule is understood, such as
 * one of months.
 *
 * @param backups plans and policies of the machine, as far as they're known
 * @param hours of the setting; 0 for automatic
 */
export function backupLimitsOf(backups: readonly PlannedBackup[], hours: number): readonly BackupLimit[] {
  const active = backups.filter(({ disabled }) => !disabled);
  if (backups.length > 0 && active.length === 0) return [];
  const parsed = active.map(({ schedules, createdTime = 0 }) => {
    const known = schedules.flatMap((text) => parseSchedule(text) ?? []);
    // A plan never runs before its schedule starts.
    const begun = known.length === 0 ? 0 : Math.min(...known.map(({ start }) => start));
    return { known, since: Math.max(createdTime, begun) };
  });
  const since = parsed.length === 0 ? 0 : Math.min(...parsed.map((one) => one.since));
  if (hours > 0) return [{ seconds: hours * 3600, since }];
  const limits = parsed.flatMap((one) =>
    one.known.map(({ start, interval }) => ({ seconds: 2 * interval, since: Math.max(one.since, start) })),
  );
  if (limits.length > 0) return limits;
  const isScheduled = active.some(({ schedules }) => schedules.length > 0);
  return isScheduled ? [] : [{ seconds: usualBackupHours * 3600, since }];
}

/** Whether a machine has gone without a backup for longer than one of its limits, judged by when that was read. */
export function isOverdue(last: LastBackup, limits: readonly BackupLimit[]): boolean {
  return limits.some(({ seconds, since }) => {
    if (last.kind === 'unknown' || last.asOf - since <= seconds) return false;
    return last.kind === 'none' || last.asOf - last.at > seconds;
  });
}

function addTo(map: Map<string, string[]>, id: string, key: string): void {
  const same = map.get(id);
  if (same) same.push(key);
  else map.set(id, [key]);
}
