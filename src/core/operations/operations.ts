import { throwIfCancelled } from '../kernel/cancelled';
import type { Disposable } from '../kernel/disposables';
import { BackupError, isCancelled } from '../service/errors';
import type { Event } from '../kernel/events';
import { KnownOperations } from './knownOperations';
import { TakeOver, type TakeOverDeps } from './takeOver';
import { BusyMachines, type Beginning, type HolderLookup } from './busyMachines';
import { idSpaceOf } from '../service/scope';
import { MachineTaken } from './machineTaken';
import type { ClientSettingsChange } from '../service/model';
import type { Operation, Plan } from './operation';
import { idsByKey } from './operationCalls';
import { canResumeTracking } from './operationFacts';
import { OperationJournal } from './operationJournal';
import { operationIdAt, type LedgerState } from './ledger';
import type { OperationFact, PlanRecord, ForeignRecord } from './operationRecord';
import { firstFacts, followsTask, type TrackRequest } from './trackTask';
import type { Outgoing } from './operationRun';
import type { Lease } from './stores';
import type { ClientReading } from '../clients/readClients';
import type { Scope } from '../service/scope';
import { takeStartTurn, turnMissed } from './startTurn';

/** Everything that changes clients, from the decision to the verified result, across restarts and several windows. */
export interface Operations extends Disposable {
  /** An operation was started or changed, here or in another window, or its next check was rescheduled. */
  readonly onDidChange: Event<Operation>;
  /** An operation ended that this window followed. Fires in exactly one window. */
  readonly onDidEnd: Event<Operation>;
  readonly onDidRemove: Event<string>;
  /** Clients were read by ID, so rows elsewhere can be updated. */
  readonly onDidReadClients: Event<ClientReading>;
  /** Running operations and the latest that ended, newest first. `loadOlder` reads more. */
  list(): readonly Operation[];
  get(id: string): Operation | undefined;
  /**
   * Records the plan, then sends its calls wave by wave and follows them. A plan of settings comes with what is sent,
   * which is not recorded because it might contain the proxy password. Resolves once the plan is recorded, which one
   * window at a time does in a region. Throws BackupError `invalid-input` for a plan that cannot be sent,
   * `MachineTaken` if a client is in a running operation, `busy-elsewhere` if another window does not finish starting
   * within 20 s, `storage-failed` if the records of other windows cannot be read or the plan cannot be written;
   * nothing was sent then.
   */
  start(plan: Plan, settings?: ClientSettingsChange): Promise<Operation>;
  /**
   * Tracks a task that was started elsewhere until its clients are verified. Returns the running operation if the
   * task is already tracked, through any profile of the region. Throws BackupError `not-found` if the service does
   * not know the task, `invalid-input` if neither its name nor the request says what it does, `busy-elsewhere` while
   * the same task is being looked up, `storage-failed`, and what the query fails with; nothing is tracked then.
   */
  track(request: TrackRequest): Promise<Operation>;
  /**
   * Stops an operation, also from a window that doesn't follow it. Nothing happens where it has ended or was stopped
   * alike. Rejects with what the disk fails with, unless this window follows the operation: then it's stopped
   * nevertheless, and written later.
   */
  stop(id: string, what: StopReason): Promise<void>;
  /**
   * Takes `stop(id, 'tracking')` back: its tasks are tracked again, from this window. Throws BackupError `busy-elsewhere`
   * while another window has it, `storage-failed` when the disk does not take the decision.
   */
  resumeTracking(id: string): Promise<void>;
  /** Checks now instead of at the next interval, at most every 2 s. */
  checkNow(id: string): Promise<void>;
  /** Checks now what this window waits for because of the key of a profile, which might have changed. */
  keyChanged(profileId: string): void;
  /** Milliseconds since 1970; undefined if no check is scheduled or another window follows the operation. */
  nextCheckAt(id: string): number | undefined;
  /** Answers which running operation has a client of the scope, as of now, whichever profile started it. */
  holdersIn(scope: Scope): HolderLookup;
  /**
   * Reads the records and follows what no living window follows. Call it once, at the start. Never rejects for what
   * the disk fails with: `ledger` reports it, and it is tried again every few seconds.
   */
  resume(): Promise<void>;
  /** Resolves once `resume` has read the operations that run, before it reads those that have ended. Never rejects. */
  readonly runningRead: Promise<void>;
  /** State of the records as a whole. */
  readonly ledger: LedgerState;
  readonly onDidChangeLedger: Event<void>;
  /** How many ended operations are on disk and not in `list()`. */
  readonly olderCount: number;
  /** Reads the next 50 of them and fires `onDidChange` for each. */
  loadOlder(): Promise<void>;
  /** Removes an operation that has ended, from disk too. */
  remove(id: string): Promise<void>;
  /** Removes every operation that has ended, those not in `list()` too, and damaged records that were set aside. */
  clearFinished(): Promise<void>;
}

/**
 * What is stopped. `rollout`: no further request is sent, and what was sent is tracked. `tracking`: as `rollout`, and the
 * tasks are no longer tracked, although the service carries on with them.
 */
export type StopReason = 'rollout' | 'tracking';

export interface OperationsDeps extends TakeOverDeps {
  /** Returns a unique text of letters, digits, and hyphens. */
  readonly newId: () => string;
}

/** Does nothing until `resume()` or `start()`. Disposing stops following and releases the leases. */
export function createOperations(deps: OperationsDeps): Operations {
  return new RecordedOperations(deps);
}

class RecordedOperations implements Operations {
  readonly #deps: OperationsDeps;
  readonly #known: KnownOperations;
  readonly #takeOver: TakeOver;
  readonly #busy: BusyMachines;
  readonly #otherWindows: Disposable;

  readonly onDidChange: Event<Operation>;
  readonly onDidEnd: Event<Operation>;
  readonly onDidRemove: Event<string>;
  readonly onDidReadClients: Event<ClientReading>;
  readonly onDidChangeLedger: Event<void>;

  constructor(deps: OperationsDeps) {
    this.#deps = deps;
    const known = new KnownOperations(deps);
    const takeOver = new TakeOver(deps, known);
    this.#known = known;
    this.#takeOver = takeOver;
    this.#busy = new BusyMachines(() => this.list(), deps.clock);
    this.onDidChange = known.onDidChange;
    this.onDidEnd = known.onDidEnd;
    this.onDidRemove = known.onDidRemove;
    this.onDidReadClients = known.onDidReadClients;
    this.onDidChangeLedger = takeOver.onDidChangeLedger;
    this.#otherWindows = deps.records.onDidChange((id) => {
      if (!this.#busy.isBeginning(id)) void takeOver.applyExternalChange(id);
    });
  }

  list(): readonly Operation[] {
    return this.#known.list();
  }

  get(id: string): Operation | undefined {
    return this.#known.get(id)?.journal.operation;
  }

  get ledger(): LedgerState {
    return this.#takeOver.ledgerState;
  }

  get olderCount(): number {
    return this.#takeOver.olderCount;
  }

  async start(plan: Plan, settings?: ClientSettingsChange): Promise<Operation> {
    const { action, scope, machines, profileName } = plan;
    const ids = idsByKey(action, machines);
    const timeScale = this.#deps.api.timeScale(scope);
    return this.#begin({ action, scope, machines, profileName }, (id) =>
      this.#inStartTurn(scope, async (turn) => {
        await this.#refuseTaken(plan, id);
        return this.#record(turn, [{ type: 'operation', id, plan, timeScale }], { ids, settings });
      }),
    );
  }

  async track(request: TrackRequest): Promise<Operation> {
    const { scope, taskId, action, profileName } = request;
    const same = () => this.list().find((one) => followsTask(one, scope, taskId));
    const known = same();
    if (known) return known;
    if (this.#busy.isLookedUp(scope, taskId)) throw turnMissed();
    return this.#begin({ action, scope, machines: [], profileName, taskId }, async (id) => {
      const facts = await firstFacts(this.#deps, id, request, { signal: this.#known.disposal });
      return this.#inStartTurn(scope, async (turn) => same() ?? this.#record(turn, facts));
    });
  }

  async stop(id: string, what: StopReason): Promise<void> {
    const operation = this.get(id);
    if (!operation || operation.phase === 'ended') return;
    if (what === 'rollout' ? operation.sendingStopped : operation.watchingStopped) return;
    const fact: OperationFact =
      what === 'rollout' ? { type: 'sendingStopped', reason: 'stopped' } : { type: 'watchingStopped' };
    const entry = this.#known.get(id);
    // What the user decided holds in the following window even when the disk fails, so there it is only noted.
    if (entry?.following) await entry.journal.note(fact);
    else await entry?.journal.record(fact);
  }

  async resumeTracking(id: string): Promise<void> {
    const entry = this.#known.get(id);
    if (!entry || !canResumeTracking(entry.journal.operation)) return;
    const { leases, records } = this.#deps;
    const lease = await leases.take(id);
    if (!lease) throw turnMissed();
    try {
      // Open first: if this window dies now, the next start finds nothing running, and closes it.
      await records.reopen(id);
      const resumed = await entry.journal.record(
        { type: 'watchingResumed' },
        (operation) => !canResumeTracking(operation),
      );
      throwIfCancelled(this.#known.disposal);
      if (resumed) this.#known.follow(entry, lease);
      else lease.dispose();
    } catch (error) {
      lease.dispose();
      if (error instanceof BackupError || isCancelled(error)) throw error;
      throw new BackupError('storage-failed', 'the decision could not be recorded', { cause: error });
    }
  }

  async checkNow(id: string): Promise<void> {
    const entry = this.#known.get(id);
    if (!entry || entry.journal.operation.phase === 'ended') return;
    if (entry.following) entry.sleep.wake();
    else await entry.journal.record({ type: 'checkAsked' });
  }

  keyChanged(profileId: string): void {
    for (const { id, scope, trouble } of this.#known.list()) {
      if (trouble && scope.profileId === profileId) this.#known.get(id)?.sleep.wake();
    }
  }

  nextCheckAt(id: string): number | undefined {
    const planned = this.#known.get(id)?.nextChecks.values() ?? [];
    const soonest = Math.min(...planned);
    const { clock } = this.#deps;
    return Number.isFinite(soonest) ? clock.now() + soonest - clock.monotonic() : undefined;
  }

  holdersIn(scope: Scope): HolderLookup {
    return this.#busy.holdersIn(scope);
  }

  resume(): Promise<void> {
    return this.#takeOver.resume();
  }

  get runningRead(): Promise<void> {
    return this.#takeOver.runningRead;
  }

  loadOlder(): Promise<void> {
    return this.#takeOver.loadOlder();
  }

  async remove(id: string): Promise<void> {
    const operation = this.get(id);
    if (!operation || operation.phase !== 'ended') return;
    await this.#deps.records.remove(id);
    this.#takeOver.forget(id);
  }

  async clearFinished(): Promise<void> {
    await this.#takeOver.removeOlder();
    for (const { id, phase } of this.list()) if (phase === 'ended') await this.remove(id);
  }

  dispose(): void {
    this.#otherWindows.dispose();
    this.#known.dispose();
    this.#takeOver.dispose();
  }

  /**
   * Gives an operation its ID, and keeps its machines and its task from others in this window while `begin` records it.
   * Throws `MachineTaken`, and `storage-failed` for what the disk fails with.
   */
  async #begin(
    beginning: Omit<Beginning, 'startedAt'>,
    begin: (id: string) => Promise<Operation>,
  ): Promise<Operation> {
    const { clock, newId } = this.#deps;
    const { scope, machines } = beginning;
    const startedAt = clock.now();
    const id = operationIdAt(startedAt, newId());
    const rivalOf = this.#busy.beginningsIn(scope);
    for (const machine of machines) {
      const rival = rivalOf(machine);
      if (rival) throw new MachineTaken(machine.name, rival);
    }
    this.#busy.begin(id, { ...beginning, startedAt });
    try {
      return await begin(id);
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

  /**
   * Runs `begin` while no other window starts an operation in the region, and after reading what the others recorded.
   * Throws what the disk fails with.
   */
  async #inStartTurn<T>(scope: Scope, begin: (turn: Lease) => Promise<T>): Promise<T> {
    const turn = await takeStartTurn(this.#deps, idSpaceOf(scope), { signal: this.#known.disposal });
    try {
      const { open } = await this.#deps.records.list();
      const unknown = open.filter((id) => !this.#known.get(id) && !this.#busy.isBeginning(id));
      await Promise.all(unknown.map((id) => this.#takeOver.read(id)));
      return await begin(turn);
    } finally {
      turn.dispose();
    }
  }

  /** Records what an operation begins with, under a lease of its own, and follows it from there. */
  async #record(
    turn: Lease,
    [first, ...further]: readonly [PlanRecord | ForeignRecord, ...(readonly OperationFact[])],
    outgoing?: Outgoing,
  ): Promise<Operation> {
    const { id } = first;
    const lease = await this.#deps.leases.take(id);
    if (!lease) throw turnMissed();
    try {
      const journal = await OperationJournal.begin(this.#deps, first);
      if (!(await turn.isHeld())) {
        // This computer or its disk stalled: another window might have read the records without this one.
        await this.#deps.records.remove(id);
        throw turnMissed();
      }
      for (const fact of further) await journal.note(fact);
      throwIfCancelled(this.#known.disposal);
      this.#known.follow(this.#known.add(journal), lease, outgoing);
      return journal.operation;
    } catch (error) {
      lease.dispose();
      throw error;
    }
  }

  /** Throws `MachineTaken` if another operation has a client of the plan, according to the disk. */
  async #refuseTaken({ scope, machines }: Plan, own: string): Promise<void> {
    const reread = new Set<string>();
    let holderOf = this.#busy.holdersIn(scope, own);
    for (const machine of machines) {
      for (;;) {
        const holder = holderOf(machine);
        if (!holder) break;
        const entry = this.#known.get(holder.id);
        if (!entry || entry.following || reread.has(holder.id)) {
          throw new MachineTaken(machine.name, holder);
        }
        reread.add(holder.id);
        if (!(await entry.journal.reread())) this.#takeOver.forget(holder.id);
        holderOf = this.#busy.holdersIn(scope, own);
      }
    }
  }
}
