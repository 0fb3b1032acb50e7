import { throwIfCancelled } from '../kernel/cancelled';
import type { Disposable } from '../kernel/disposables';
import { BackupError, isCancelled } from '../service/errors';
import type { Event } from '../kernel/events';
import { KnownOperations } from './knownOperations';
import { TakeOver, type TakeOverDeps } from './takeOver';
import { BusyMachines, type Beginning } from './busyMachines';
import { idSpaceOf } from '../service/scope';
import { MachineTaken, type Holder } from './machineTaken';
import type { ClientSettingsChange } from '../service/model';
import type { Operation, Plan } from './operation';
import { callsOf } from './operationCalls';
import { canResumeTracking } from './operationFacts';
import { OperationJournal } from './operationJournal';
import { operationIdAt, type LedgerState } from './ledger';
import type { OperationFact, PlanRecord, ForeignRecord } from './operationRecord';
import { firstFacts, followsTask, type TrackRequest } from './trackTask';
import type { Outgoing } from './operationRun';
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

/**
 * What is stopped. `rollout`: no further request is sent, and what was sent is tracked. `tracking`: as `rollout`, and the
 * tasks are no longer tracked, although the service carries on with them.
 */
export type StopReason = 'rollout' | 'tracking';

export interface OperationsDeps extends TakeOverDeps {
  /** Something that never repeats, of letters, digits and hyphens. */
  readonly newId: () => string;
}

/** Starts nothing by itself: `resume()` and `start()` do. Disposing stops all following and gives the leases back. */
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
    const { action, scope, machines, strategy, profileName } = plan;
    const calls = callsOf(action, machines, strategy);
    const timeScale = this.#deps.api.timeScale(scope);
    return this.#begin({ action, scope, machines, profileName }, (id) =>
      this.#inStartTurn(scope, async (turn) => {
        await this.#refuseTaken(plan, id);
        return this.#record(turn, [{ type: 'operation', id, plan, timeScale }], { calls, settings });
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
      // Open first: where this window dies now, the next start finds nothing that goes on, and closes it.
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

  holderOf(scope: Scope, machine: Pick<MachineRef, 'instanceId' | 'clientId'>): Holder | undefined {
    return this.#busy.holderOf(scope, machine);
  }

  resume(): Promise<void> {
    return this.#takeOver.resume();
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
    for (const machine of machines) {
      const rival = this.#busy.beginningOf(scope, machine);
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
        // This computer slept, or its disk did: another window may have looked and not seen the record.
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

  /** Throws `MachineTaken` when another operation has a machine of the plan, as the disk knows it now. */
  async #refuseTaken({ scope, machines }: Plan, own: string): Promise<void> {
    const reread = new Set<string>();
    for (const machine of machines) {
      for (;;) {
        const holder = this.#busy.holderOf(scope, machine, own);
        if (!holder) break;
        const entry = this.#known.get(holder.id);
        if (!entry || entry.following || reread.has(holder.id)) {
          throw new MachineTaken(machine.name, holder);
        }
        reread.add(holder.id);
        if (!(await entry.journal.reread())) this.#takeOver.forget(holder.id);
      }
    }
  }
}
