import { throwIfCancelled } from '../kernel/cancelled';
import { isFreeAsFarAsKnown, type RunningJob, type Work } from '../protection/work';
import { readWork } from '../protection/readWork';
import { proofSchedule, scaledMs } from '../service/actions';
import { isCancelled } from '../service/errors';
import { CheckTimer } from './checkTimer';
import { Elapsed } from './elapsed';
import { maySend, stopSending } from './maySend';
import { defaultHoldLimitMs, type Hold, type MachineProgress, type PlannedMachine } from './operation';
import type { OperationRun } from './operationRun';

/** How often it's read what runs on clients that are held back. */
const intervalSeconds = 2 * proofSchedule.intervalSeconds;
/** What is scheduled for all clients that are held back; no call has this ID. */
const scheduled = 'held';
/** A new percentage is recorded in steps of this many points. */
const percentStep = 10;
/** A limit is recorded again once the clock of the computer was set by more than this. */
const limitMovedMs = 10_000;

/** Holds clients of an operation back while a backup or restore is known to run on them. */
export class HeldBack {
  readonly #run: OperationRun;
  readonly #limitMs: number;
  /** When clients are given up, by `Clock.monotonic`; counted from when each was first held back. */
  readonly #limits = new Map<string, number>();
  /** Clients on which, according to a reading, nothing ran. */
  readonly #seenFree = new Set<string>();
  #watching: Promise<void> | undefined;

  constructor(run: OperationRun) {
    const { holdLimitMs = defaultHoldLimitMs } = run.journal.operation;
    this.#run = run;
    // Not scaled: the user read it, and the backups of the demo take their time.
    this.#limitMs = holdLimitMs;
  }

  get hasAny(): boolean {
    return this.#machines().length > 0;
  }

  /**
   * Reads what runs on clients that are about to be sent and returns the keys of those to send. The others are held back:
   * they come last, or are given up at the limit. None if the rollout was stopped meanwhile. Rejects with a cancel when
   * this window ends.
   */
  async freeOf(machines: readonly PlannedMachine[]): Promise<readonly string[]> {
    const known = machines.flatMap(({ key, work }) =>
      work?.kind === 'running' && !this.#seenFree.has(key) ? [[key, work.jobs] as const] : [],
    );
    const works = await this.#read(machines.filter(isAsked), new Map(known));
    if (!works) return [];
    const busy = new Map(
      machines.flatMap((machine) => {
        const jobs = this.#jobsOn(machine, works.get(machine.key));
        return jobs ? [[machine.key, jobs] as const] : [];
      }),
    );
    if (busy.size > 0) await this.#hold(busy);
    return machines.flatMap(({ key }) => (busy.has(key) ? [] : key));
  }

  /**
   * Resolves once a client can be sent, none is held back anymore, or the rollout is stopped. Rejects with a cancel when
   * this window ends.
   */
  async change(): Promise<void> {
    const { journal, alive } = this.#run;
    const isSame = (): boolean =>
      !alive.aborted &&
      this.hasAny &&
      !journal.operation.machines.some(({ outcome, held }) => outcome === 'waiting' && !held);
    if (isSame()) {
      await new Promise<void>((resolve) => {
        const stop = (): void => {
          if (isSame()) return;
          changes.dispose();
          alive.removeEventListener('abort', stop);
          resolve();
        };
        const changes = journal.onDidChange(stop);
        alive.addEventListener('abort', stop);
      });
    }
    throwIfCancelled(alive);
  }

  #machines(): readonly (MachineProgress & { readonly held: Hold })[] {
    return this.#run.journal.operation.machines.flatMap((machine) =>
      machine.held ? [{ ...machine, held: machine.held }] : [],
    );
  }

  /** Undefined if the rollout was stopped while it was read. */
  async #read(
    machines: readonly PlannedMachine[],
    before: ReadonlyMap<string, Hold['jobs']>,
  ): Promise<ReadonlyMap<string, Work> | undefined> {
    if (machines.length === 0) return new Map();
    const { api, clock, log, journal, alive, sending, serviceNow } = this.#run;
    const deps = { api, clock, log, serviceNow: () => serviceNow() ?? clock.now() };
    try {
      return await readWork(deps, journal.operation.scope, machines, { signal: sending }, { before });
    } catch (error) {
      throwIfCancelled(alive);
      if (isCancelled(error)) return undefined;
      throw error;
    }
  }

  /** What keeps a client from being sent. One that was known to be busy is busy until a reading shows otherwise. */
  #jobsOn({ key, work }: PlannedMachine, now: Work | undefined): Hold['jobs'] | undefined {
    if (now?.kind === 'running') return now.jobs;
    if (isFreeAsFarAsKnown(now)) this.#seenFree.add(key);
    return now?.kind === 'unknown' && work?.kind === 'running' && !this.#seenFree.has(key)
      ? work.jobs
      : undefined;
  }

  async #hold(jobsOn: ReadonlyMap<string, Hold['jobs']>): Promise<void> {
    const { journal, clock, log } = this.#run;
    const machines = [...jobsOn].map(([key, jobs]) => {
      if (!this.#limits.has(key)) this.#limits.set(key, clock.monotonic() + this.#limitMs);
      return { key, jobs, until: this.#until(key) };
    });
    log.write('info', `held back, something runs on them, machines: ${machines.length}`);
    await journal.note({ type: 'held', machines });
    this.#watching ??= this.#watch();
  }

  /** By the clock of this computer as it is now. */
  #until(key: string): number {
    const { clock } = this.#run;
    return Math.round(clock.now() + (this.#limits.get(key) ?? 0) - clock.monotonic());
  }

  /** Reads again every minute, until no client is held back. Never rejects. */
  async #watch(): Promise<void> {
    const { clock, sleep, sending, alive, journal, log, onSchedule } = this.#run;
    const { timeScale } = journal.operation;
    const intervalMs = scaledMs(intervalSeconds, timeScale);
    const timer = new CheckTimer({
      ...{ clock, sleep, signal: sending, intervalSeconds, limitSeconds: Infinity },
      elapsed: new Elapsed(this.#run, { at: clock.now() }),
      timeScale,
      onSchedule: (due) => {
        onSchedule(scheduled, due);
      },
    });
    try {
      for (timer.isLast(true); this.hasAny; timer.isLast(true)) {
        const limits = this.#machines().map(({ machine }) => this.#limits.get(machine.key) ?? 0);
        await timer.next(Math.min(intervalMs, Math.max(0, Math.min(...limits) - clock.monotonic())));
        // What another window decided might not have been heard of.
        await journal.reread().catch(() => undefined);
        if (await maySend(this.#run)) await this.#readAgain();
      }
    } catch (error) {
      if (isCancelled(error) && (alive.aborted || sending.aborted)) return;
      log.write('error', 'nothing more is sent: clients that are held back could not be followed', error);
      await stopSending(this.#run, 'internal');
    } finally {
      this.#watching = undefined;
      onSchedule(scheduled, undefined);
    }
  }

  async #readAgain(): Promise<void> {
    const { journal, clock } = this.#run;
    const waiting = this.#machines();
    const works = await this.#read(
      waiting.map(({ machine }) => machine),
      new Map(waiting.map(({ machine, held }) => [machine.key, held.jobs])),
    );
    if (!works) return;
    const released: string[] = [];
    const tooLong: string[] = [];
    const news: { readonly key: string; readonly jobs: Hold['jobs']; readonly until: number }[] = [];
    for (const { machine, held } of this.#machines()) {
      const { key } = machine;
      const work = works.get(key);
      if (isFreeAsFarAsKnown(work)) {
        this.#seenFree.add(key);
        released.push(key);
      } else if (clock.monotonic() >= (this.#limits.get(key) ?? 0)) tooLong.push(key);
      else {
        const next = { key, jobs: work?.kind === 'running' ? work.jobs : held.jobs, until: this.#until(key) };
        if (isNews(held, next)) news.push(next);
      }
    }
    if (news.length > 0) await journal.note({ type: 'held', machines: news });
    if (tooLong.length > 0) await journal.note({ type: 'heldTooLong', machineKeys: tooLong });
    if (released.length > 0) await journal.note({ type: 'released', machineKeys: released });
  }
}

/** Nothing can run on an instance without a client, and what the user included is sent in any case. */
function isAsked({ whenBusy, fromStatus }: PlannedMachine): boolean {
  return whenBusy !== 'send' && fromStatus !== 'NOT_INSTALLED';
}

function isNews(before: Pick<Hold, 'jobs' | 'until'>, now: Pick<Hold, 'jobs' | 'until'>): boolean {
  return (
    Math.abs(before.until - now.until) > limitMovedMs ||
    before.jobs.map(glimpse).join() !== now.jobs.map(glimpse).join()
  );
}

function glimpse({ jobId, status, percent }: RunningJob): string {
  return `${jobId} ${status} ${percent === undefined ? '' : Math.floor(percent / percentStep)}`;
}
