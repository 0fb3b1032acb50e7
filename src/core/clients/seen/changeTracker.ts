import type { Disposable } from '../../kernel/disposables';
import type { Log } from '../../kernel/log';
import type { BackupClient } from '../../service/model';
import type { Scope } from '../../service/scope';
import type { InventoryState } from '../inventory';
import {
  changesBetween,
  seenNow,
  withSeen,
  type ClientChanges,
  type SeenClients,
  type SeenStore,
} from './seenClients';

export interface ChangeTrackerDeps {
  readonly scope: Scope;
  /** Absent: nothing is kept for the next session. */
  readonly store: Pick<SeenStore, 'read' | 'write'> | undefined;
  readonly log: Log;
  /** Called when changes are known that weren't before. */
  readonly onChange: () => void;
}

/**
 * Compares a listing with what the user last saw: what the last session in which the view was visible showed at its end,
 * or what was there when the user last said "seen". The first complete listing of a scope has nothing to be compared with.
 * What happens while the user can see it, or what clients read by ID show, as those of an operation, isn't a change.
 */
export class ChangeTracker implements Disposable {
  readonly #deps: ChangeTrackerDeps;
  readonly #loaded: Promise<void>;
  #seen: SeenClients | undefined;
  /** The last complete list that it got. */
  #listed: { readonly clients: ReadonlyMap<string, BackupClient>; readonly at: number } | undefined;
  #last: { readonly clients: ReadonlyMap<string, BackupClient>; readonly seen: SeenClients } | undefined;
  #changes: ClientChanges | undefined;
  #kept: ReadonlyMap<string, BackupClient> | undefined;
  #disposed = false;

  constructor(deps: ChangeTrackerDeps) {
    this.#deps = deps;
    this.#loaded = this.#load();
  }

  /** Undefined until a list is complete. */
  get changes(): ClientChanges | undefined {
    return this.#changes;
  }

  /** Takes over the state of the listing. What is complete and visible is what the next session compares with. */
  async follow(
    { phase, clients, listedAt, changedWhileReading }: InventoryState,
    visible: boolean,
  ): Promise<void> {
    if (phase !== 'ready' || changedWhileReading || listedAt === undefined) return;
    await this.#loaded;
    if (this.#disposed) return;
    if (this.#listed?.clients !== clients) {
      const before = this.#listed;
      this.#listed = { clients, at: listedAt };
      this.#seen ??= this.#asSeen(clients, listedAt);
      // Rows that come without another listing were read by ID.
      if (before && (visible || before.at === listedAt)) {
        this.#seen = withSeen(this.#seen, before.clients, clients);
      }
      this.#changes = changesBetween(this.#seen, clients);
      this.#deps.onChange();
    }
    if (visible && this.#kept !== clients) this.#keep();
  }

  /** From now on, changes are those to the list as it is. */
  markSeen(): void {
    if (!this.#listed) return;
    const { clients, at } = this.#listed;
    this.#seen = this.#asSeen(clients, at);
    this.#changes = changesBetween(this.#seen, clients);
    this.#keep();
    this.#deps.onChange();
  }

  dispose(): void {
    this.#disposed = true;
  }

  async #load(): Promise<void> {
    const { scope, store, log } = this.#deps;
    try {
      this.#seen = await store?.read(scope);
    } catch (error) {
      log.write('warn', 'clients seen last could not be read', error);
    }
  }

  /** The last list as what was seen: it's often needed twice. */
  #asSeen(clients: ReadonlyMap<string, BackupClient>, at: number): SeenClients {
    if (this.#last?.clients !== clients || this.#last.seen.at !== at) {
      this.#last = { clients, seen: seenNow(clients, at) };
    }
    return this.#last.seen;
  }

  #keep(): void {
    const { scope, store, log } = this.#deps;
    if (!this.#listed) return;
    const { clients, at } = this.#listed;
    this.#kept = clients;
    store?.write(scope, this.#asSeen(clients, at)).catch((error: unknown) => {
      log.write('warn', 'clients seen last could not be stored', error);
    });
  }
}
