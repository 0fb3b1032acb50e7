import type { Disposable } from '../kernel/disposables';
import { Emitter, fireSafely } from '../kernel/events';
import { isCancelled } from '../service/errors';
import type { ClientReading } from '../clients/readClients';
import { CallBudget } from './callBudget';
import { InterruptibleSleep } from './checkTimer';
import { followOperation, type FollowDeps, type KnownOperation } from './followOperation';
import type { Operation } from './operation';
import type { OperationJournal } from './operationJournal';
import type { Outgoing } from './operationRun';
import type { Lease } from './stores';

/** The operations that this window knows, and those of them that it follows. */
export class KnownOperations implements Disposable {
  readonly #deps: FollowDeps & { readonly budget: CallBudget };
  readonly #entries = new Map<string, KnownOperation>();
  #list: readonly Operation[] | undefined;
  readonly #changes = new Emitter<Operation>();
  readonly #ends = new Emitter<Operation>();
  readonly #removals = new Emitter<string>();
  readonly #readings = new Emitter<ClientReading>();
  readonly #stops = new Emitter<{ readonly ended: boolean }>();
  readonly #disposal = new AbortController();

  readonly onDidChange = this.#changes.event;
  readonly onDidEnd = this.#ends.event;
  readonly onDidRemove = this.#removals.event;
  readonly onDidReadClients = this.#readings.event;
  /** This window no longer follows one of them: it has ended and its file is closed, or another window might have it. */
  readonly onDidStopFollowing = this.#stops.event;

  constructor(deps: FollowDeps) {
    this.#deps = { ...deps, budget: new CallBudget(deps.clock) };
  }

  /** Newest first. The same list until one of them changes: whoever looks for the holder of a client asks for it. */
  list(): readonly Operation[] {
    return (this.#list ??= [...this.#entries.values()]
      .map(({ journal }) => journal.operation)
      .sort((a, b) => b.startedAt - a.startedAt));
  }

  get(id: string): KnownOperation | undefined {
    return this.#entries.get(id);
  }

  /** Aborts when this window ends. */
  get disposal(): AbortSignal {
    return this.#disposal.signal;
  }

  /** Those that haven't ended and that this window doesn't follow. */
  unfollowed(): readonly string[] {
    return [...this.#entries]
      .filter(([, { journal, following }]) => !following && journal.operation.phase !== 'ended')
      .map(([id]) => id);
  }

  add(journal: OperationJournal): KnownOperation {
    const entry: KnownOperation = { journal, sleep: new InterruptibleSleep(), nextChecks: new Map() };
    this.#entries.set(journal.operation.id, entry);
    this.#list = undefined;
    journal.onDidChange((operation) => {
      this.#list = undefined;
      fireSafely(this.#changes, operation, this.#deps.log);
    });
    return entry;
  }

  /** Announces an operation that was read from its records. */
  announce(operation: Operation): void {
    fireSafely(this.#changes, operation, this.#deps.log);
  }

  forget(id: string): void {
    if (!this.#entries.delete(id)) return;
    this.#list = undefined;
    fireSafely(this.#removals, id, this.#deps.log);
  }

  /** Follows in the background until the end, the loss of the lease, or disposal. Makes the calls of `outgoing` first. */
  follow(entry: KnownOperation, lease: Lease, outgoing?: Outgoing): void {
    const { journal } = entry;
    const following = followOperation(this.#deps, entry, lease, outgoing, {
      onSchedule: () => {
        fireSafely(this.#changes, journal.operation, this.#deps.log);
      },
      onReading: (reading) => {
        fireSafely(this.#readings, reading, this.#deps.log);
      },
      onLose: () => {
        fireSafely(this.#stops, { ended: false }, this.#deps.log);
      },
      onEnd: () => {
        fireSafely(this.#ends, journal.operation, this.#deps.log);
      },
    });
    following.then(
      () => {
        fireSafely(this.#stops, { ended: true }, this.#deps.log);
      },
      (error: unknown) => {
        if (!isCancelled(error)) this.#deps.log.write('error', 'following an operation failed', error);
        fireSafely(this.#stops, { ended: false }, this.#deps.log);
      },
    );
  }

  dispose(): void {
    this.#disposal.abort();
    for (const { following } of this.#entries.values()) following?.dispose();
    for (const emitter of [this.#changes, this.#ends, this.#removals, this.#readings, this.#stops]) {
      emitter.dispose();
    }
  }
}
