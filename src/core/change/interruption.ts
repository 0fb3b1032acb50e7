import type { ClientNode } from '../clients/clientTree';
import type { Strategy } from '../operations/operation';
import { nextRunOf, type PlannedBackup, type PlannedBackupsOf } from '../protection/plannedBackups';
import type { RunningWork, Work } from '../protection/work';
import { isInstalled } from '../service/clientFacts';
import type { CheckFacts } from './precheck';

type Keyed = Pick<ClientNode, 'key' | 'client'>;

/**
 * What is done with the clients on which a backup or restore runs: `wait` until it has ended, `leave-out`, or `include`
 * them as if nothing ran.
 */
export type WhenBusy = 'wait' | 'leave-out' | 'include';

/** A client on which a backup or restore runs. */
export interface BusyClient extends Keyed {
  readonly work: RunningWork;
}

/** A client with a backup that starts before a change of it would have ended. */
export interface SoonClient extends Keyed {
  /** UNIX seconds. */
  readonly at: number;
}

/** A backup plan or policy that stops with an uninstall, and the clients that it backs up. */
export interface StoppedBackup {
  readonly backup: PlannedBackup;
  readonly clients: readonly Keyed[];
}

/** The service ends a task after this many seconds (documented), so a later backup doesn't meet the change. */
const soonSeconds = 15 * 60;

/** What is known to run on a client; undefined where nothing does, or nobody knows. */
export function runningOn({ key }: Keyed, { works }: Pick<CheckFacts, 'works'>): RunningWork | undefined {
  const work = works.get(key);
  return work?.kind === 'running' ? work : undefined;
}

export function busyAmong(clients: readonly Keyed[], checks: CheckFacts): readonly BusyClient[] {
  return clients.flatMap((keyed) => {
    const work = runningOn(keyed, checks);
    return work ? [{ ...keyed, work }] : [];
  });
}

/** What a plan records of a client's work. `send`: the user includes it although something runs. */
export function recordedWork(
  work: Work | undefined,
  whenBusy: WhenBusy,
): { readonly work?: Work; readonly whenBusy?: 'send' } {
  return {
    ...(work && { work }),
    ...(work?.kind === 'running' && whenBusy === 'include' && { whenBusy: 'send' }),
  };
}

/** What backs a client up, as far as that was read. */
export function plannedOf(
  { client }: Keyed,
  { planned }: Pick<CheckFacts, 'planned'>,
): PlannedBackupsOf | undefined {
  return isInstalled(client) ? planned?.of(client) : undefined;
}

/** Those that aren't busy and are backed up within a quarter of an hour. `now`: UNIX seconds by the service's clock. */
export function soonAmong(clients: readonly Keyed[], checks: CheckFacts, now: number): readonly SoonClient[] {
  return clients.flatMap((keyed) => {
    const at = nextRunAt(keyed, checks, now);
    return at - now <= soonSeconds && !runningOn(keyed, checks) ? [{ ...keyed, at }] : [];
  });
}

/** Plans and policies of these clients, each once, in the order of the clients. */
export function stoppedBackups(
  clients: readonly Keyed[],
  checks: Pick<CheckFacts, 'planned'>,
): readonly StoppedBackup[] {
  const stopped = new Map<string, { readonly backup: PlannedBackup; readonly clients: Keyed[] }>();
  for (const keyed of clients) {
    for (const backup of plannedOf(keyed, checks)?.backups ?? []) {
      const id = `${backup.id} ${String(backup.disabled)}`;
      const same = stopped.get(id);
      if (same) same.clients.push(keyed);
      else stopped.set(id, { backup, clients: [keyed] });
    }
  }
  return [...stopped.values()];
}

/**
 * Clients in the order in which they join waves: as they come, except that those with a backup that starts soon come after
 * the others, and busy ones last. The first of a canary is the one with the most time until its next backup. An order of
 * one wave stays as it is. Pure.
 */
export function inOrderOfRuns<C extends Keyed>(
  clients: readonly C[],
  {
    checks,
    soon,
    now,
  }: { readonly checks: CheckFacts; readonly soon: readonly SoonClient[]; readonly now: number },
  { kind }: Strategy,
): readonly C[] {
  if (kind === 'all' || !checks.planned) return clients;
  const soonKeys = new Set(soon.map(({ key }) => key));
  const rank = (keyed: C): number => (runningOn(keyed, checks) ? 2 : soonKeys.has(keyed.key) ? 1 : 0);
  const sorted = [...clients].sort((a, b) => rank(a) - rank(b));
  const [first] = sorted;
  if (kind !== 'canary' || !first) return sorted;
  const canary = sorted
    .filter((keyed) => rank(keyed) === rank(first))
    .reduce((best, keyed) => (nextRunAt(keyed, checks, now) > nextRunAt(best, checks, now) ? keyed : best));
  return [canary, ...sorted.filter((keyed) => keyed !== canary)];
}

/** UNIX seconds; `Infinity` for never and for what isn't known, which no warning is about. */
function nextRunAt(keyed: Keyed, checks: Pick<CheckFacts, 'planned'>, now: number): number {
  const planned = plannedOf(keyed, checks);
  const next = planned && nextRunOf(planned, now);
  return next?.kind === 'at' ? next.at : Infinity;
}
