import { throwIfCancelled } from '../cancelled';
import type { Disposable } from '../disposables';
import { BackupError, isCancelled } from '../errors';
import { Emitter, type Event } from '../events';
import { closeRecords, followOperation, type FollowingWorld, type Tracked } from './followOperation';
import { Nap } from './nap';
import { BusyMachines, idSpaceOf, MachineTaken, type Beginning, type Holder } from './busyMachines';
import type { ClientSettingsChange } from '../model';
import type { Operation, Plan } from './operation';
import { callsOf } from './operationCalls';
import { OperationJournal } from './operationJournal';
import { Ledger, operationIdAt, type Retention } from './ledger';
import type { OperationFact, PlanRecord, TrackedRecord } from './operationRecord';
import { firstFacts, followsTask, type TrackRequest } from './trackTask';
import type { Lease, LeaseStore } from '../ports';
import type { ClientReading, MachineRef } from '../clients/readClients';
import type { Scope } from '../scope';
import { takeStartTurn, turnMissed } from './startTurn';

/** Installs, upgrades and uninstalls from the decision to the proof, also over restarts and several windows. */
export interface Operations extends Disposable {
  /** An operation began or changed, here or in another window, or its next check was planned anew. */
  readonly onDidChange: Event<Operation>;
  /** An operation ended that this window followed: exactly one window tells the user. */
  readonly onDidEnd: Event<Operation>;
  readonly onDidRemove: Event<string>;
  /** Clients were read by id, so that rows elsewhere can be brought up to date. */
  readonly onDidReadClients: Event<ClientReading>;
  /** Open operations and the latest ended ones; newest first. `loadOlder` reads further back. */
  list(): readonly Operation[];
  get(id: string): Operation | undefined;
  /**
   * Records the plan, then sends its calls wave by wave and follows them. A plan of settings comes with what is sent,
   * which is not recorded where it holds the password at the proxy. Resolves once the plan is recorded, which
   * one window at a time does in a region. Throws BackupError `invalid-input` for a plan that cannot be sent,
   * `MachineTaken` when one of the machines is in an operation that goes on, `busy-elsewhere` when another window does
   * not end its start within 20 s, `storage-failed` when the disk does not give the records of other windows or does
   * not take the plan; nothing was sent then.
   */
  start(plan: Plan, settings?: ClientSettingsChange): Promise<Operation>;
  /**
   * Follows a task that somebody else began, to the proof of its machines. One that is followed already, through
   * whichever profile, is answered as it is: a task is one of its region. Throws BackupError `not-found` when the service does not know the task, `invalid-input` when its name does
   * not tell what it does and the request neither, `busy-elsewhere` while the same task is being looked up,
   * `storage-failed`, and what the query fails with; nothing is followed then.
   */
  track(request: TrackRequest): Promise<Operation>;
  /** No further call goes out; what was sent is followed. Also from a window that does not follow. */
  stopSending(id: string): Promise<void>;
  /** As `stopSending`, and its tasks are no longer followed; remembered. The service goes on with them. */
  stopWatching(id: string): Promise<void>;
  /** Looks now instead of at the next interval, at most every 2 s. */
  checkNow(id: string): Promise<void>;
  /** Milliseconds since 1970; undefined when nothing is planned or another window follows it. */
  nextCheckAt(id: string): number | undefined;
  /** The operation that goes on and has this machine, through whichever profile it was started. */
  holderOf(scope: Scope, machine: Pick<MachineRef, 'instanceId' | 'clientId'>): Holder | undefined;
  /** Reads the records and takes up what no living window follows. Call once, at the start. */
  resume(): Promise<void>;
  /** How many ended operations are on the disk and not in `list()`. */
  readonly olderCount: number;
  /** Reads the next 50 of them; each is told by `onDidChange`. */
  loadOlder(): Promise<void>;
  /** Forgets an operation that has ended, on the disk as well. */
  remove(id: string): Promise<void>;
  /** Forgets every operation that has ended, also those not in `list()`. */
  clearFinished(): Promise<void>;
}

export interface OperationsWorld extends FollowingWorld {
  readonly leases: LeaseStore;
  /** Something that never repeats, of letters, digits and hyphens. */
  readonly newId: () => string;
  /** Absent: 90 days. */
  readonly retention?: Retention;
}

/** What an operation begins with on the disk. */
type FirstFacts = readonly [PlanRecord | TrackedRecord, ...(readonly OperationFact[])];

// How soon an operation of a window that died is taken over, after its lease has run out.
const takeOverEveryMs = 5_000;

/** Starts nothing by itself: `resume()` and `start()` do. Disposing stops all following and gives the leases back. */
export function createOperations(world: OperationsWorld): Operations {
  return new RecordedOperations(world);
}

class RecordedOperations implements Operations {
  readonly #world: OperationsWorld;
  readonly #ledger: Ledger;
  readonly #tracked = new Map<string, Tracked>();
  readonly #busy: BusyMachines;
  readonly #changes = new Emitter<Operation>();
  readonly #ends = new Emitter<Operation>();
  readonly #removals = new Emitter<string>();
  readonly #readings = new Emitter<ClientReading>();
  readonly #disposal = new AbortController();
  readonly #otherWindows: Disposable;
  #seeking = false;

  readonly onDidChange = this.#changes.event;
  readonly onDidEnd = this.#ends.event;
  readonly onDidRemove = this.#removals.event;
  readonly onDidReadClients = this.#readings.event;

  constructor(world: OperationsWorld) {
    this.#world = world;
    this.#busy = new BusyMachines(() => this.list(), world.clock);
    this.#ledger = new Ledger(world.records, world.clock, world.log, world.retention);
    this.#otherWindows = world.records.onDidChange((id) => {
      this.#background(this.#takeIn(id));
    });
  }

  list(): readonly Operation[] {
    return [...this.#tracked.values()]
      .map(({ journal }) => journal.operation)
      .sort((a, b) => b.startedAt - a.startedAt);
  }

  get(id: string): Operation | undefined {
    return this.#tracked.get(id)?.journal.operation;
  }

  get olderCount(): number {
    return this.#ledger.olderCount;
  }

  async start(plan: Plan, settings?: ClientSettingsChange): Promise<Operation> {
    const { action, scope, machines, strategy, profileName } = plan;
    callsOf(action, machines, strategy);
    const timeScale = this.#world.api.timeScale(scope);
    return this.#begin(
      { action, scope, machines, profileName },
      (id) => Promise.resolve([{ type: 'operation', id, plan, timeScale }]),
      async (id) => {
        await this.#refuseTaken(plan, id);
        return undefined;
      },
      settings,
    );
  }

  async track(request: TrackRequest): Promise<Operation> {
    const { scope, taskId, action, profileName } = request;
    const same = () => this.list().find((one) => followsTask(one, scope, taskId));
    const known = same();
    if (known) return known;
    if (this.#busy.isLookedUp(scope, taskId)) throw turnMissed();
    const waiting = { signal: this.#disposal.signal };
    return this.#begin(
      { action, scope, machines: [], profileName, taskId },
      (id) => firstFacts(this.#world, id, request, waiting),
      () => Promise.resolve(same()),
    );
  }

  async stopSending(id: string): Promise<void> {
    const operation = this.get(id);
    if (!operation || operation.sendingStopped || operation.phase === 'ended') return;
    await this.#decide(id, { type: 'sendingStopped', reason: 'stopped' });
  }

  async stopWatching(id: string): Promise<void> {
    const operation = this.get(id);
    if (!operation || operation.watchingStopped || operation.phase === 'ended') return;
    await this.#decide(id, { type: 'watchingStopped' });
  }

  async checkNow(id: string): Promise<void> {
    const tracked = this.#tracked.get(id);
    if (!tracked || tracked.journal.operation.phase === 'ended') return;
    if (tracked.following) tracked.nap.wake();
    else await tracked.journal.record({ type: 'checkAsked' });
  }

  nextCheckAt(id: string): number | undefined {
    const planned = this.#tracked.get(id)?.nextChecks.values() ?? [];
    const soonest = Math.min(...planned);
    return Number.isFinite(soonest) ? soonest : undefined;
  }

  holderOf(scope: Scope, machine: Pick<MachineRef, 'instanceId' | 'clientId'>): Holder | undefined {
    return this.#busy.holderOf(scope, machine);
  }

  async resume(): Promise<void> {
    const { open, latest } = await this.#ledger.open();
    await Promise.all([...latest, ...open].map((id) => this.#load(id)));
    await this.#takeUp(open);
    this.#seek();
  }

  async loadOlder(): Promise<void> {
    await Promise.all(this.#ledger.nextOlder().map((id) => this.#load(id)));
  }

  async remove(id: string): Promise<void> {
    const operation = this.get(id);
    if (!operation || operation.phase !== 'ended') return;
    await this.#world.records.remove(id);
    this.#forget(id);
  }

  async clearFinished(): Promise<void> {
    await this.#ledger.removeOlder();
    for (const { id, phase } of this.list()) if (phase === 'ended') await this.remove(id);
  }

  dispose(): void {
    this.#disposal.abort();
    this.#otherWindows.dispose();
    for (const { following } of this.#tracked.values()) following?.dispose();
    for (const emitter of [this.#changes, this.#ends, this.#removals, this.#readings]) emitter.dispose();
  }

  /**
   * Records what an operation begins with under a lease of its own, and follows it from there; one with a plan is sent.
   * Between a look at what other windows recorded and the own record no other window starts one in the region.
   * `instead` is asked after that look: it answers an operation that makes this one needless, or throws.
   */
  async #begin(
    beginning: Omit<Beginning, 'startedAt'>,
    factsOf: (id: string) => Promise<FirstFacts>,
    instead: (id: string) => Promise<Operation | undefined>,
    settings?: ClientSettingsChange,
  ): Promise<Operation> {
    const { clock, newId } = this.#world;
    const { scope, machines } = beginning;
    const startedAt = clock.now();
    const id = operationIdAt(startedAt, newId());
    for (const machine of machines) {
      const rival = this.#busy.beginningOf(scope, machine);
      if (rival) throw new MachineTaken(machine.name, rival);
    }
    this.#busy.begin(id, { ...beginning, startedAt });
    try {
      const facts = await factsOf(id);
      const turn = await takeStartTurn(this.#world, idSpaceOf(scope), { signal: this.#disposal.signal });
      let tracked: Tracked;
      let lease: Lease;
      try {
        await this.#catchUp();
        const other = await instead(id);
        if (other) return other;
        ({ tracked, lease } = await this.#record(id, facts, turn));
      } finally {
        turn.dispose();
      }
      tracked.settings = settings;
      this.#follow(tracked, lease, facts[0].type === 'operation');
      this.#tell(this.#changes, tracked.journal.operation);
      return tracked.journal.operation;
    } catch (error) {
      if (error instanceof BackupError || isCancelled(error)) throw error;
      throw new BackupError('storage-failed', 'the plan could not be recorded', {
        cause: error,
        fate: 'not-run',
      });
    } finally {
      this.#busy.recorded(id);
    }
  }

  /** Answers what is to be followed, with its lease; without that nothing of it is sent. */
  async #record(
    id: string,
    [first, ...further]: FirstFacts,
    turn: Lease,
  ): Promise<{ readonly tracked: Tracked; readonly lease: Lease }> {
    const lease = await this.#world.leases.take(id);
    if (!lease) throw turnMissed();
    try {
      const journal = await OperationJournal.begin(this.#world, first);
      if (!(await turn.isHeld())) {
        // This computer slept, or its disk did: another window may have looked and not seen the record.
        await this.#world.records.remove(id);
        throw turnMissed();
      }
      for (const fact of further) await journal.note(fact);
      throwIfCancelled(this.#disposal.signal);
      return { tracked: this.#track(journal), lease };
    } catch (error) {
      lease.dispose();
      throw error;
    }
  }

  /** Takes in operations that other windows began and this one did not hear of yet. Throws what the disk fails with. */
  async #catchUp(): Promise<void> {
    const { open } = await this.#world.records.list();
    const unheard = open.filter((id) => !this.#tracked.has(id) && !this.#busy.isBeginning(id));
    await Promise.all(unheard.map((id) => this.#read(id)));
  }

  /** Throws `MachineTaken` when another operation has a machine of the plan, as the disk knows it now. */
  async #refuseTaken({ scope, machines }: Plan, own: string): Promise<void> {
    const reread = new Set<string>();
    for (const machine of machines) {
      for (;;) {
        const holder = this.#busy.holderOf(scope, machine, own);
        if (!holder) break;
        const tracked = this.#tracked.get(holder.id);
        if (!tracked || tracked.following || reread.has(holder.id)) {
          throw new MachineTaken(machine.name, holder);
        }
        reread.add(holder.id);
        if (!(await tracked.journal.reread())) this.#forget(holder.id);
      }
    }
  }

  /** What the user decided holds in the following window even when the disk fails, so there it is only noted. */
  async #decide(id: string, fact: Parameters<OperationJournal['note']>[0]): Promise<void> {
    const tracked = this.#tracked.get(id);
    if (tracked?.following) await tracked.journal.note(fact);
    else await tracked?.journal.record(fact);
  }

  #track(journal: OperationJournal): Tracked {
    const tracked: Tracked = { journal, nap: new Nap(), nextChecks: new Map() };
    this.#tracked.set(journal.operation.id, tracked);
    journal.onDidChange((operation) => {
      this.#tell(this.#changes, operation);
    });
    return tracked;
  }

  #forget(id: string): void {
    if (this.#tracked.delete(id)) this.#tell(this.#removals, id);
  }

  /** Sends or follows in the background until the end, the loss of the lease or disposal. */
  #follow(tracked: Tracked, lease: Lease, sends: boolean): void {
    const { journal } = tracked;
    this.#background(
      followOperation(this.#world, tracked, lease, sends, {
        onSchedule: () => {
          this.#tell(this.#changes, journal.operation);
        },
        onReading: (reading) => {
          this.#tell(this.#readings, reading);
        },
        onLose: () => {
          this.#seek();
        },
      }).then(async () => {
        this.#tell(this.#ends, journal.operation);
        for (const id of await this.#ledger.sweep()) this.#forget(id);
      }),
    );
  }

  /** Another window wrote: to an operation that is known here, or to a new one. */
  async #takeIn(id: string): Promise<void> {
    if (this.#busy.isBeginning(id)) return;
    const tracked = this.#tracked.get(id);
    if (!tracked) {
      await this.#load(id);
    } else {
      const { asked } = tracked.journal;
      const exists = await tracked.journal.reread();
      if (!exists && !tracked.following) this.#forget(id);
      if (tracked.journal.asked > asked) tracked.nap.wake();
    }
    this.#seek();
  }

  async #load(id: string): Promise<void> {
    try {
      await this.#read(id);
    } catch (error) {
      this.#world.log.write('error', `records could not be read, operation: ${id}`, error);
    }
  }

  async #read(id: string): Promise<void> {
    const lines = await this.#world.records.read(id);
    if (this.#ledger.isNewer(id, lines)) return;
    const journal = OperationJournal.open(this.#world, id, lines);
    if (!journal || this.#tracked.has(id) || this.#disposal.signal.aborted) return;
    this.#track(journal);
    this.#tell(this.#changes, journal.operation);
  }

  /** Looks every few seconds for operations that no living window follows, as long as there is one to look for. */
  #seek(): void {
    if (this.#seeking || this.#disposal.signal.aborted) return;
    this.#seeking = true;
    const seek = async (): Promise<void> => {
      try {
        for (let open = this.#unfollowed(); open.length > 0; open = this.#unfollowed()) {
          await this.#world.clock.sleep(takeOverEveryMs, { signal: this.#disposal.signal });
          await this.#takeUp(open);
        }
      } finally {
        this.#seeking = false;
      }
    };
    this.#background(seek());
  }

  #unfollowed(): readonly string[] {
    return [...this.#tracked]
      .filter(([, { journal, following }]) => !following && journal.operation.phase !== 'ended')
      .map(([id]) => id);
  }

  /** Follows each operation whose lease is free. */
  async #takeUp(ids: readonly string[]): Promise<void> {
    const { leases, log } = this.#world;
    for (const id of ids) {
      try {
        const lease = await leases.take(id);
        if (!lease) continue;
        const tracked = this.#tracked.get(id);
        const exists = tracked ? await tracked.journal.reread() : false;
        if (this.#disposal.signal.aborted || tracked?.following) {
          lease.dispose();
        } else if (!tracked || !exists) {
          if ((await this.#ledger.discard(id)) === 'removed') this.#forget(id);
          lease.dispose();
        } else if (tracked.journal.operation.phase === 'ended') {
          // Its window died between the last record and closing the file.
          await closeRecords(this.#world, id);
          lease.dispose();
        } else {
          log.write('info', `followed on here, operation: ${id}`);
          this.#follow(tracked, lease, false);
        }
      } catch (error) {
        log.write('error', `operation could not be taken up: ${id}`, error);
      }
    }
  }

  /** A listener's fault must not stop an operation. */
  #tell<T>(emitter: Emitter<T>, value: T): void {
    try {
      emitter.fire(value);
    } catch (error) {
      this.#world.log.write('error', 'a listener of operations failed', error);
    }
  }

  #background(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!isCancelled(error)) this.#world.log.write('error', 'following an operation failed', error);
    });
  }
}
