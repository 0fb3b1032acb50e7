import { chunksOf } from '../../kernel/chunks';
import type { Waiting } from '../../kernel/waiting';
import { readOrGap, type Gap, type ReadDeps } from '../../protection/gap';
import { backedUpStatuses } from '../../protection/jobStates';
import { createNewestBackups, type LastBackup } from '../../protection/lastBackup';
import type { BackupClient } from '../../service/model';
import { mostFilterValues, type Edition, type Job, type ProtectionApi } from '../../service/protection';
import type { Scope } from '../../service/scope';

export interface LastBackupDeps extends ReadDeps {
  readonly api: Pick<ProtectionApi, 'listJobs'>;
  /** Milliseconds since 1970 by the service's clock, as far as it's known. */
  readonly serviceNow: (scope: Scope) => number;
}

/** The last backups by client key, and what couldn't be read. */
export interface LastBackupsRead {
  /** Of all clients that were asked for. */
  readonly lastBackups: ReadonlyMap<string, LastBackup>;
  readonly gaps: readonly Gap[];
}

const call = 'hbr:DescribeBackupJobs2';
const mostCalls = 200;
const mostStragglers = 49;
/** Rows may be that many seconds out of order: the service doesn't say by what it sorts. */
const disorderSeconds = 3600;
/** Nobody waits for it, but a region that doesn't answer must not keep it going. */
export const readingLimitMs = 5 * 60_000;

/**
 * Reads the last backups of clients, never one call per client. Takes them 500 at a time, and asks for the newest 99 backups
 * of those that weren't found yet, so that frequent backups of some don't take the place of others: about one call per 90
 * clients. Those without any in the standard edition are asked for in Essential Edition in the same way. At most 200 calls;
 * what they don't reach isn't known. Rejects only for a cancel.
 *
 * @param clients by key, the ones that matter most first
 */
export async function readLastBackups(
  deps: LastBackupDeps,
  scope: Scope,
  clients: ReadonlyMap<string, BackupClient>,
  waiting: Waiting,
): Promise<LastBackupsRead> {
  const asOf = Math.floor(deps.serviceNow(scope) / 1000);
  const newest = createNewestBackups(scope, clients);
  let callsLeft = mostCalls;
  /** Asks until no more than `mostLeft` of these, at most 500, aren't known. Throws `Unread`. */
  const ask = async (edition: Edition, some: readonly Asked[], mostLeft: number): Promise<AskedFor> => {
    for (let left = some; ;) {
      if (left.length <= mostLeft) return { left, without: [] };
      if (callsLeft === 0) throw new Unread({ call, why: 'cut-off' });
      callsLeft -= 1;
      const { rows, complete } = await readNewest(deps, scope, edition, left, waiting);
      if (!complete && !isNewestFirst(rows)) throw new Unread({ call, why: 'unclear' });
      newest.add(rows);
      const unfound = left.filter(([key]) => !newest.found.has(key));
      if (complete) return { left: [], without: unfound };
      // Where no row is of a client that was asked for, another call wouldn't find more.
      if (unfound.length === left.length) return { left: [], without: [] };
      left = unfound;
    }
  };
  /** Returns those that have none. Throws `Unread`. */
  const askAll = async (edition: Edition, all: readonly Asked[]): Promise<readonly Asked[]> => {
    const without: Asked[] = [];
    // A call for the last few of each 500 would say little, so these are put together.
    const few: Asked[] = [];
    for (const some of chunksOf(all, mostFilterValues)) {
      const end = await ask(edition, some, all.length > mostFilterValues ? mostStragglers : 0);
      without.push(...end.without);
      few.push(...end.left);
      // An account whose machines aren't reported would be asked about for nothing.
      if (scope.crossAccount && newest.found.size === 0) return [];
    }
    for (const some of chunksOf(few, mostFilterValues)) {
      without.push(...(await ask(edition, some, 0)).without);
    }
    return without;
  };
  const wanted = [...clients].filter(([, { instanceId }]) => instanceId);
  let none: readonly Asked[] = [];
  const gaps: Gap[] = scope.crossAccount ? [{ call, why: 'other-account' }] : [];
  try {
    none = await askAll('BASIC', await askAll('STANDARD', wanted));
  } catch (error) {
    if (!(error instanceof Unread)) throw error;
    gaps.push(error.gap);
  }
  const withoutAny = new Set(scope.crossAccount ? [] : none.map(([key]) => key));
  const lastOf = (key: string): LastBackup => {
    const backup = newest.found.get(key);
    if (backup) return { kind: 'at', asOf, ...backup };
    return withoutAny.has(key) ? { kind: 'none', asOf } : { kind: 'unknown' };
  };
  return { gaps, lastBackups: new Map([...clients.keys()].map((key) => [key, lastOf(key)])) };
}

type Asked = readonly [key: string, client: BackupClient];

interface AskedFor {
  readonly left: readonly Asked[];
  /** Those that have none. */
  readonly without: readonly Asked[];
}

/** Ends a reading; what was found before counts. */
class Unread extends Error {
  constructor(readonly gap: Gap) {
    super(gap.why);
  }
}

/** One page; `complete` where these clients have no more backups than it shows. */
async function readNewest(
  deps: LastBackupDeps,
  scope: Scope,
  edition: Edition,
  asked: readonly Asked[],
  waiting: Waiting,
): Promise<{ readonly rows: readonly Job[]; readonly complete: boolean }> {
  const instanceIds = [...new Set(asked.flatMap(([, { instanceId }]) => instanceId ?? []))];
  const query = { kind: 'backup', edition, instanceIds, statuses: backedUpStatuses } as const;
  const read = await readOrGap(
    deps,
    call,
    async (each) => {
      const reading = deps.api.listJobs(scope, query, { ...each, mostPages: 1 });
      const rows: Job[] = [];
      for (;;) {
        const page = await reading.next();
        if (page.done) return { rows, complete: page.value.complete };
        rows.push(...page.value);
      }
    },
    waiting,
    readingLimitMs,
  );
  if ('why' in read) throw new Unread(read);
  return read;
}

/** False where older rows came first: the newest might be on a later page then. */
function isNewestFirst(rows: readonly Job[]): boolean {
  let oldest = Infinity;
  for (const { createdTime = oldest } of rows) {
    if (createdTime > oldest + disorderSeconds) return false;
    oldest = Math.min(oldest, createdTime);
  }
  return true;
}
