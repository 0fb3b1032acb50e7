import { throwIfCancelled } from '../kernel/cancelled';
import type { Disposable } from '../kernel/disposables';
import { BackupError, isCancelled } from '../service/errors';
import type { Event } from '../kernel/events';
import type { Tracked } from './followOperation';
import { KnownOperations, type KnownOperationsWorld } from './knownOperations';
import { BusyMachines, type Beginning } from './busyMachines';
import { idSpaceOf } from '../service/scope';
import { MachineTaken, type Holder } from './machineTaken';
import type { ClientSettingsChange } from '../service/model';
import type { Operation, Plan } from './operation';
import { callsOf } from './operationCalls';
import { canWatchAgain } from './operationFacts';
import { OperationJournal } from './operationJournal';
import { operationIdAt, type LedgerState } from './ledger';
import type { OperationFact, PlanRecord, TrackedRecord } from './operationRecord';
import { firstFacts, followsTask, type TrackRequest } from './trackTask';
import type { Lease } from './stores';
import type { ClientReading, MachineRef } from '../clients/readClients';
import type { Scope } from '../service/scope';
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
  /**
   * Takes `stopWatching` back: its tasks are followed again, from this window. Throws BackupError `busy-elsewhere` while
   * another window has it, `storage-failed` when the disk does not take the decision.
   */
  watchAgain(id: string): Promise<void>;
  /** Looks now instead of at the next interval, at most every 2 s. */
  checkNow(id: string): Promise<void>;
  /** Looks now at what waits in this window because of the key of a profile, which may have changed. */
  keyChanged(profileId: string): void;
  /** Milliseconds since 1970; undefined when nothing is planned or another window follows it. */
  nextCheckAt(id: string): number | undefined;
  /** The operation that goes on and has this machine, through whichever profile it was started. */
  holderOf(scope: Scope, machine: Pick<MachineRef, 'instanceId' | 'clientId'>): Holder | undefined;
  /**
   * Reads the records and takes up what no living window follows. Call once, at the start. Never rejects for what the disk
   * fails with: `ledger` says so, and it is tried again every few seconds.
   */
  resume(): Promise<void>;
  /** What there is to say of the records as a whole. */
  readonly ledger: LedgerState;
  readonly onDidChangeLedger: Event<void>;
  /** How many ended operations are on the disk and not in `list()`. */
  readonly olderCount: number;
  /** Reads the next 50 of them; each is told by `onDidChange`. */
  loadOlder(): Promise<void>;
  /** Forgets an operation that has ended, on the disk as well. */
  remove(id: string): Promise<void>;
  /** Forgets every operation that has ended, also those not in `list()`, and damaged records that were set aside. */
  clearFinished(): Promise<void>;
}

export interface OperationsWorld extends KnownOperationsWorld {
  /** Something that never repeats, of letters, digits and hyphens. */
  readonly newId: () => string;
}

/** What an operation begins with on the disk. */
type FirstFacts = readonly [PlanRecord | TrackedRecord, ...(readonly OperationFact[])];

/** Starts nothing by itself: `resume()` and `start()` do. Disposing stops all following and gives the leases back. */
export function createOperations(world: OperationsWorld): Operations {
  return new RecordedOperations(world);
}

class RecordedOperations implements Operations {
  readonly #world: OperationsWorld;
  readonly #known: KnownOperations;
  readonly #busy: BusyMachines;
  readonly #otherWindows: Disposable;

  readonly onDidChange: Event<Operation>;
  readonly onDidEnd: Event<Operation>;
  readonly onDidRemove: Event<string>;
  readonly onDidReadClients: Event<ClientReading>;
  readonly onDidChangeLedger: Event<void>;

  constructor(world: OperationsWorld) {
    this.#world = world;
    const known = new KnownOperations(world);
    this.#known = known;
    this.#busy = new BusyMachines(() => this.list(), world.clock);
    this.onDidChange = known.onDidChange;
    this.onDidEnd = known.onDidEnd;
    this.onDidRemove = known.onDidRemove;
    this.onDidReadClients = known.onDidReadClients;
    this.onDidChangeLedger = known.onDidChangeLedger;
    this.#otherWindows = world.records.onDidChange((id) => {
      if (!this.#busy.isBeginning(id)) void known.takeIn(id);
    });
  }

  list(): readonly Operation[] {
    return this.#known.list();
  }

  get(id: string): Operation | undefined {
    return this.#known.get(id)?.journal.operation;
  }

  get ledger(): LedgerState {
    return this.#known.ledgerState;
  }

  get olderCount(): number {
    return this.#known.ledger.olderCount;
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
    const waiting = { signal: this.#known.disposal };
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

  async watchAgain(id: string): Promise<void> {
    const tracked = this.#known.get(id);
    if (!tracked || !canWatchAgain(tracked.journal.operation)) return;
    const { leases, records } = this.#world;
    const lease = await leases.take(id);
    if (!lease) throw turnMissed();
    try {
      // Open first: where this window dies now, the next start finds nothing that goes on, and closes it.
      await records.reopen(id);
      const resumed = await tracked.journal.record(
        { type: 'watchingResumed' },
        (operation) => !canWatchAgain(operation),
      );
      throwIfCancelled(this.#known.disposal);
      if (resumed) this.#known.follow(tracked, lease, false);
      else lease.dispose();
    } catch (error) {
      lease.dispose();
      if (error instanceof BackupError || isCancelled(error)) throw error;
      throw new BackupError('storage-failed', 'the decision could not be recorded', { cause: error });
    }
  }

  async checkNow(id: string): Promise<void> {
    const tracked = this.#known.get(id);
    if (!tracked || tracked.journal.operation.phase === 'ended') return;
    if (tracked.following) tracked.nap.wake();
    else await tracked.journal.record({ type: 'checkAsked' });
  }

  keyChanged(profileId: string): void {
    for (const { id, scope, trouble } of this.#known.list()) {
      if (trouble && scope.profileId === profileId) this.#known.get(id)?.nap.wake();
    }
  }

  nextCheckAt(id: string): number | undefined {
    const planned = this.#known.get(id)?.nextChecks.values() ?? [];
    const soonest = Math.min(...planned);
    const { clock } = this.#world;
    return Number.isFinite(soonest) ? clock.now() + soonest - clock.monotonic() : undefined;
  }

  holderOf(scope: Scope, machine: Pick<MachineRef, 'instanceId' | 'clientId'>): Holder | undefined {
    return this.#busy.holderOf(scope, machine);
  }

  resume(): Promise<void> {
    return this.#known.resume();
  }

  loadOlder(): Promise<void> {
    return this.#known.loadOlder();
  }

  async remove(id: string): Promise<void> {
    const operation = this.get(id);
    if (!operation || operation.phase !== 'ended') return;
    await this.#world.records.remove(id);
    this.#known.forget(id);
  }

  async clearFinished(): Promise<void> {
    await this.#known.ledger.removeOlder();
    for (const { id, phase } of this.list()) if (phase === 'ended') await this.remove(id);
    this.#known.tellLedger();
  }

  dispose(): void {
    this.#otherWindows.dispose();
    this.#known.dispose();
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
      const turn = await takeStartTurn(this.#world, idSpaceOf(scope), { signal: this.#known.disposal });
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
      this.#known.follow(tracked, lease, facts[0].type === 'operation');
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
      throwIfCancelled(this.#known.disposal);
      return { tracked: this.#known.track(journal), lease };
    } catch (error) {
      lease.dispose();
      throw error;
    }
  }

  /** Takes in operations that other windows began and this one did not hear of yet. Throws what the disk fails with. */
  async #catchUp(): Promise<void> {
    const { open } = await this.#world.records.list();
    const unheard = open.filter((id) => !this.#known.get(id) && !this.#busy.isBeginning(id));
    await Promise.all(unheard.map((id) => this.#known.read(id)));
  }

  /** Throws `MachineTaken` when another operation has a machine of the plan, as the disk knows it now. */
  async #refuseTaken({ scope, machines }: Plan, own: string): Promise<void> {
    const reread = new Set<string>();
    for (const machine of machines) {
      for (;;) {
        const holder = this.#busy.holderOf(scope, machine, own);
        if (!holder) break;
        const tracked = this.#known.get(holder.id);
        if (!tracked || tracked.following || reread.has(holder.id)) {
          throw new MachineTaken(machine.name, holder);
        }
        reread.add(holder.id);
        if (!(await tracked.journal.reread())) this.#known.forget(holder.id);
      }
    }
  }

  /** What the user decided holds in the following window even when the disk fails, so there it is only noted. */
  async #decide(id: string, fact: Parameters<OperationJournal['note']>[0]): Promise<void> {
    const tracked = this.#known.get(id);
    if (tracked?.following) await tracked.journal.note(fact);
    else await tracked?.journal.record(fact);
  }
}
