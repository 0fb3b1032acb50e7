import { createClientFilter } from './clientFilter';
import {
  buildClientTree,
  diffClientTrees,
  emptyTree,
  type ClientTree,
  type Grouping,
  type TreeChange,
} from './clientTree';
import { DisposableStore, type Disposable } from '../disposables';
import { Emitter, type Event } from '../events';
import type { Inventory } from './inventory';
import type { Operation } from '../operations/operation';
import type { Clock, Log } from '../ports';
import { scopeKey, type Scope } from '../scope';

/** What the user chose about the tree. */
export interface TreeChoices {
  grouping(): Grouping;
  /** Words that a client has to contain to be shown; empty shows all. */
  filter(): string;
  /** Minutes of silence after which an active client needs attention; 0 switches the check off. */
  staleMinutes(): number;
  /** Fires when one of them changed. */
  readonly onDidChange: Event<void>;
}

/** The tree as it stands, and what has to be drawn again when it changes. */
export interface TreeModel extends Disposable {
  readonly tree: ClientTree;
  /** Fires only when something that is shown changed. */
  readonly onDidChange: Event<TreeChange>;
}

/** Follows the inventory, the operations that go on, and the user's choices. */
export function createTreeModel(world: {
  readonly inventory: Pick<Inventory, 'state' | 'onDidChange'>;
  readonly operations: { list(): readonly Operation[]; readonly onDidChange: Event<unknown> };
  readonly choices: TreeChoices;
  readonly clock: Clock;
  readonly log: Log;
}): TreeModel {
  const { inventory, operations, choices, clock, log } = world;
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<TreeChange>());
  let tree = emptyTree;

  let covered = '';
  const coveredNow = (): string =>
    inventory.state ? [...keysInOperation(operations.list(), inventory.state.scope)].join() : '';

  const build = (): ClientTree => {
    const { state } = inventory;
    covered = coveredNow();
    if (!state) return emptyTree;
    return buildClientTree({
      scope: state.scope,
      clients: state.clients,
      grouping: choices.grouping(),
      nowMs: clock.now(),
      staleMinutes: choices.staleMinutes(),
      inOperation: keysInOperation(operations.list(), state.scope),
      isShown: createClientFilter(choices.filter()),
    });
  };
  const rebuild = () => {
    const before = tree;
    tree = build();
    const change = diffClientTrees(before, tree);
    if (!change.root && change.ids.length === 0) return;
    log.write('debug', `tree changed, drawn again: ${change.root ? 'all' : String(change.ids.length)}`);
    changes.fire(change);
  };
  owned.add(inventory.onDidChange(rebuild));
  // An operation changes with every check of its tasks; the tree, only when a client enters or leaves one.
  owned.add(
    operations.onDidChange(() => {
      if (coveredNow() !== covered) rebuild();
    }),
  );
  owned.add(choices.onDidChange(rebuild));
  rebuild();

  return {
    get tree() {
      return tree;
    },
    onDidChange: changes.event,
    dispose: () => owned.dispose(),
  };
}

/** Clients of the scope that an operation has sent a call for and not seen the end of. */
function keysInOperation(operations: readonly Operation[], scope: Scope): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const operation of operations) {
    if (operation.phase === 'ended' || scopeKey(operation.scope) !== scopeKey(scope)) continue;
    for (const { machine, outcome } of operation.machines) {
      if (outcome === 'waiting' || outcome === 'running' || outcome === 'confirming') keys.add(machine.key);
    }
  }
  return keys;
}
