import { withoutPasswords } from '../../clients/withoutPasswords';
import type { LastBackup } from '../../protection/lastBackup';
import type { ClientBackups } from './readClientBackups';
import type { ShownClient } from './shownClient';

/**
 * A client as a JSON text with everything that's known of it, for a document. Times are ISO 8601, in UTC. Contains no
 * password and no secret that `redact` knows.
 */
export function clientJson(
  { listing, node }: ShownClient,
  backups: ClientBackups,
  redact: (text: string) => string,
): string {
  const { scope, profile, inventory } = listing;
  const { createdTime, updatedTime, lastHeartBeatTime, settings, ...client } = node.client;
  const { listedAt } = inventory.state;
  const known = {
    profile: profile.name,
    accountId: scope.accountId,
    regionId: scope.regionId,
    crossAccount: scope.crossAccount,
    listedAt: listedAt === undefined ? undefined : new Date(listedAt).toISOString(),
    attention: node.attention,
    client: {
      ...client,
      createdTime: isoTime(createdTime),
      updatedTime: isoTime(updatedTime),
      lastHeartBeatTime: isoTime(lastHeartBeatTime),
      settings: settings && withoutPasswords(settings),
    },
    backups: backupsJson(backups),
  };
  return `${redact(JSON.stringify(known, null, 2))}\n`;
}

/** Everything that's known of the backups, and under `couldNotTell` what isn't and why. */
function backupsJson({ work, planned, last, lastGaps }: ClientBackups) {
  return {
    running: work.kind,
    jobs: work.kind === 'running' ? work.jobs.map((job) => ({ ...job, since: isoTime(job.since) })) : [],
    lastBackup: lastBackupJson(last),
    planned: planned.backups.map(({ createdTime, ...backup }) => ({
      ...backup,
      createdTime: isoTime(createdTime),
    })),
    essentialEdition: planned.essential ?? 'unknown',
    couldNotTell: [
      ...(work.kind === 'unknown' ? work.gaps : []),
      ...planned.gaps,
      ...lastGaps.map((gap) => ({ ...gap, of: 'lastBackup' })),
    ],
  };
}

function lastBackupJson(last: LastBackup) {
  if (last.kind === 'unknown') return last;
  return {
    ...last,
    ...(last.kind === 'at' && { at: isoTime(last.at) }),
    asOf: isoTime(last.asOf),
  };
}

/** @param seconds since 1970, which a broken reply can have out of range */
function isoTime(seconds: number | undefined): string | undefined {
  const date = new Date((seconds ?? Number.NaN) * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
