import type { Disposable } from '../disposables';
import { BackupError, isCancelled } from '../errors';
import { Emitter, type Event } from '../events';
import { closeRecords, followOperation, type FollowingWorld, type Tracked } from './followOperation';
import { Nap } from './nap';
import type { Operation, Plan } from './operation';
import { callsOf } from './operationCalls';
import { OperationJournal } from './operationJournal';
import { readRecord } from './operationRecord';
import type { Lease, LeaseStore } from '../ports';
import type { ClientReading, MachineRef } from '../clients/readClients';
import { scopeKey, type Scope } from '../scope';

/** Installs and upgrades from the decision to the proof, also over restarts and several windows. */
export interface Operations extends Disposable {
  /** An operation began or changed, here or in another window, or its next check was planned anew. */
  readonly onDidChange: Event<Operation>;
  /** An operation ended that this window followed: exactly one window tells the user. */
  readonly onDidEnd: Event<Operation>;
  readonly onDidRemove: Event<string>;
  /** Clients were read by id, so that rows elsewhere can be brought up to date. */
  readonly onDidReadClients: Event<ClientReading>;
  /** Open operations and the latest ended ones; newest first. */
  list(): readonly Operation[];
  get(id: string): Operation | undefined;
  /**
   * Records the plan, then sends its calls one after another and follows them; resolves once the plan is recorded.
   * Throws BackupError `invalid-input` for a plan that cannot be sent, `busy-elsewhere` when one of the machines is in
   * an operation that goes on, `storage-failed` when the disk does not take the plan; nothing was sent then.
   */
  start(plan: Plan): Promise<Operation>;
  /** No further call goes out; what was sent is followed. Also from a window that does not follow. */
  stopSending(id: string): Promise<void>;
  /** As `stopSending`, and its tasks are no longer followed; remembered. The service goes on with them. */
  stopWatching(id: string): Promise<void>;
  /** Looks now instead of at the next interval, at most every 2 s. */
  checkNow(id: string): Promise<void>;
  /** Milliseconds since 1970; undefined when nothing is planned or another window follows it. */
  nextCheckAt(id: string): number | undefined;
  /** True while an operation that goes on has this machine. */
  covers(scope: Scope, machine: Pick<MachineRef, 'instanceId' | 'clientId'>): boolean;
  /** Reads the records and takes up what no living window follows. Call once, at the start. */
  resume(): Promise<void>;
  /** Forgets an operation that has ended, on the disk as well. */
  remove(id: string): Promise<void>;
}

export interface OperationsWorld extends FollowingWorld {
  readonly leases: LeaseStore;
  /** Something that never repeats, of letters, digits and hyphens. */
  readonly newId: () => string;
}

// How many ended operations are read at the start: more than anybody scrolls through.
const historyLength = 50;
// How soon an operation of a window that died is taken over, after its lease has run out.
const takeOverEveryMs = 5_000;

/** Starts nothing by itself: `resume()` and `start()` do. Disposing stops all following and gives the leases back. */
export function createOperations(world: OperationsWorld): Operations {
  return new RecordedOperations(world);
}

class RecordedOperations implements Operations {
  readonly #world: OperationsWorld;
  readonly #tracked = new Map<string, Tracked>();
  /** Ids and machines between the decision and its record. */
  readonly #beginning = new Map<string, Plan>();
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

  async start(plan: Plan): Promise<Operation> {
    const { api, records, leases, clock, log, newId } = this.#world;
    if (plan.action === 'uninstall') throw new BackupError('invalid-input', 'uninstalling is not offered');
    callsOf(plan.action, plan.scope, plan.machines);
    const taken = plan.machines.find((machine) => this.covers(plan.scope, machine));
    if (taken) {
      throw new BackupError('busy-elsewhere', `a machine is in an operation already, machine: ${taken.key}`);
    }
    const id = `${new Date(clock.now()).toISOString().replaceAll(/[:.]/g, '')}-${newId()}`;
    this.#beginning.set(id, plan);
    try {
      const lease = await leases.take(id);
      if (!lease)
        throw new BackupError('busy-elsewhere', `the operation has a lease already, operation: ${id}`);
      try {
        const timeScale = api.timeScale(plan.scope);
        const journal = await OperationJournal.begin(records, clock, log, {
          type: 'operation',
          id,
          plan,
          timeScale,
        });
        const tracked = this.#track(journal);
        this.#follow(tracked, lease, true);
        this.#tell(this.#changes, journal.operation);
        return journal.operation;
      } catch (error) {
        lease.dispose();
        throw error;
      }
    } catch (error) {
      if (error instanceof BackupError) throw error;
      throw new BackupError('storage-failed', 'the plan could not be recorded', {
        cause: error,
        fate: 'not-run',
      });
    } finally {
      this.#beginning.delete(id);
    }
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

  covers(scope: Scope, machine: Pick<MachineRef, 'instanceId' | 'clientId'>): boolean {
    const isSame = (other: Pick<MachineRef, 'instanceId' | 'clientId'>): boolean =>
      (Boolean(other.clientId) && other.clientId === machine.clientId) ||
      (Boolean(other.instanceId) && other.instanceId === machine.instanceId);
    const wanted = scopeKey(scope);
    for (const plan of this.#beginning.values()) {
      if (scopeKey(plan.scope) === wanted && plan.machines.some(isSame)) return true;
    }
    for (const { journal } of this.#tracked.values()) {
      const { phase, scope: of, machines } = journal.operation;
      if (phase === 'ended' || scopeKey(of) !== wanted) continue;
      if (machines.some(({ machine: other, outcome }) => isBusyOutcome(outcome) && isSame(other)))
        return true;
    }
    return false;
  }

  async resume(): Promise<void> {
    const { open, closed } = await this.#world.records.list();
    await Promise.all([...closed.slice(-historyLength), ...open].map((id) => this.#load(id)));
    await this.#takeUp(open);
    this.#seek();
  }

  async remove(id: string): Promise<void> {
    const operation = this.get(id);
    if (!operation || operation.phase !== 'ended') return;
    await this.#world.records.remove(id);
    this.#forget(id);
  }

  dispose(): void {
    this.#disposal.abort();
    this.#otherWindows.dispose();
    for (const { following } of this.#tracked.values()) following?.dispose();
    for (const emitter of [this.#changes, this.#ends, this.#removals, this.#readings]) emitter.dispose();
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
      }).then(() => {
        this.#tell(this.#ends, journal.operation);
      }),
    );
  }

  /** Another window wrote: to an operation that is known here, or to a new one. */
  async #takeIn(id: string): Promise<void> {
    if (this.#beginning.has(id)) return;
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
    const { records, clock, log } = this.#world;
    try {
      const journal = await OperationJournal.open(records, clock, log, id);
      if (!journal || this.#tracked.has(id) || this.#disposal.signal.aborted) return;
      this.#track(journal);
      this.#tell(this.#changes, journal.operation);
    } catch (error) {
      log.write('error', `records could not be read, operation: ${id}`, error);
    }
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
          await this.#discard(id);
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

  /**
   * Removes a file without a plan: its window died while it wrote the first line, before anything was sent. One that a
   * newer release wrote is left to that release.
   */
  async #discard(id: string): Promise<void> {
    const lines = await this.#world.records.read(id);
    if (lines.some((line) => readRecord(line) === 'newer')) return;
    await this.#world.records.remove(id);
    this.#forget(id);
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

function isBusyOutcome(outcome: Operation['machines'][number]['outcome']): boolean {
  return outcome === 'waiting' || outcome === 'running' || outcome === 'confirming';
}
