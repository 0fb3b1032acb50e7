import type { Clock } from '../kernel/clock';
import type { Operation } from './operation';
import { hasProblems } from './operationFacts';

/** What the user has seen of the Tasks view, kept for all windows. */
export interface SeenState {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** When the Tasks view was last visible (milliseconds since 1970). */
const lookedAtKey = 'cloudBackup.tasksLookedAt';
/** Ids of operations whose page was opened since then. */
const openedKey = 'cloudBackup.reportsOpened';

/**
 * Counts operations that completed with errors and weren't looked at: the Tasks view wasn't visible afterwards, and
 * their page wasn't opened.
 */
export class UnseenFailures {
  readonly #operations: { list(): readonly Operation[] };
  readonly #state: SeenState;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(operations: { list(): readonly Operation[] }, state: SeenState, clock: Pick<Clock, 'now'>) {
    this.#operations = operations;
    this.#state = state;
    this.#clock = clock;
  }

  get count(): number {
    const opened = new Set(this.#opened());
    return this.#unseen().filter((operation) => hasProblems(operation) && !opened.has(operation.id)).length;
  }

  /** The Tasks view is visible now: everything that has ended is seen. */
  viewLookedAt(): void {
    void this.#state.update(lookedAtKey, this.#clock.now());
  }

  /** The page of an operation was opened. */
  operationLookedAt(operationId: string): void {
    const ids = new Set([...this.#opened(), operationId]);
    // Ids of operations that were seen in the view, or are gone, needn't be kept.
    const kept = this.#unseen().flatMap(({ id }) => (ids.has(id) ? [id] : []));
    void this.#state.update(openedKey, kept);
  }

  /** Operations that haven't ended, or did so after the view was last visible. */
  #unseen(): readonly Operation[] {
    const stored = this.#state.get(lookedAtKey);
    const since = typeof stored === 'number' ? stored : 0;
    return this.#operations.list().filter(({ endedAt }) => endedAt === undefined || endedAt > since);
  }

  #opened(): readonly string[] {
    const stored = this.#state.get(openedKey);
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : [];
  }
}
