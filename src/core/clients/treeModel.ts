import { createClientFilter } from './clientFilter';
import {
  buildClientTree,
  diffClientTrees,
  emptyTree,
  type ClientTree,
  type Grouping,
  type TreeChange,
} from './clientTree';
import { DisposableStore, type Disposable } from '../kernel/disposables';
import { Emitter, type Event } from '../kernel/events';
import type { BackupClient } from '../service/model';
import type { BackupApi } from '../service/api';
import type { Clock } from '../kernel/clock';
import type { Log } from '../kernel/log';
import type { OperationAction } from '../service/actions';
import { joinRoots, type RootPart } from './rootTree';
import type { Root, Session } from './session';

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

/** What operations know about the clients of a root, by client key, where the list may not show it. */
export interface OperationFacts {
  readonly inOperation: ReadonlySet<string>;
  readonly leftovers: ReadonlySet<string>;
  readonly unwatched: ReadonlyMap<string, OperationAction>;
}

/** Operations, as far as the tree of clients asks them. */
export interface OperationsOnClients {
  factsOf(root: Pick<Root, 'scope' | 'inventory'>): OperationFacts;
  readonly onDidChange: Event<unknown>;
}

/** Follows the roots in view, the operations that go on, and the user's choices. */
export function createTreeModel(world: {
  readonly session: Pick<Session, 'roots' | 'onDidChange'>;
  readonly operations: OperationsOnClients;
  readonly choices: TreeChoices;
  /** Says how far the service's clock, which heartbeats go by, is from this computer's. */
  readonly api: Pick<BackupApi, 'clockOffsetMs'>;
  readonly clock: Clock;
  readonly log: Log;
}): TreeModel {
  const { session, operations, choices, api, clock, log } = world;
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<TreeChange>());
  let built: ReadonlyMap<string, BuiltRoot> = new Map();
  let tree = emptyTree;

  const treeOf = ({ scope, inventory }: Root, facts: OperationFacts): ClientTree =>
    buildClientTree({
      scope,
      clients: inventory.state.clients,
      grouping: choices.grouping(),
      nowMs: clock.now() + (api.clockOffsetMs(scope) ?? 0),
      staleMinutes: choices.staleMinutes(),
      ...facts,
      isShown: createClientFilter(choices.filter()),
    });
  /** A root that is as it was keeps its tree: the other roots may paint several times a second. */
  const builtOf = (root: Root): BuiltRoot => {
    const { clients } = root.inventory.state;
    const facts = operations.factsOf(root);
    const before = built.get(root.key);
    const same = before?.clients === clients && sameFacts(before, facts);
    return same ? before : { clients, ...facts, tree: treeOf(root, facts) };
  };
  const rebuild = () => {
    const { roots } = session;
    built = new Map(roots.map((root) => [root.key, builtOf(root)]));
    const before = tree;
    tree = joinRoots(roots.map((root) => partOf(root, built.get(root.key)?.tree ?? emptyTree)));
    const change = diffClientTrees(before, tree);
    if (!change.root && change.ids.length === 0) return;
    log.write('debug', `tree changed, drawn again: ${change.root ? 'all' : String(change.ids.length)}`);
    changes.fire(change);
  };
  owned.add(session.onDidChange(rebuild));
  // An operation changes with every check of its tasks; the tree, only when a client enters or leaves one, or is gone.
  owned.add(
    operations.onDidChange(() => {
      const entered = session.roots.some((root) => {
        const before = built.get(root.key);
        return !before || !sameFacts(before, operations.factsOf(root));
      });
      if (entered) rebuild();
    }),
  );
  owned.add(
    choices.onDidChange(() => {
      built = new Map();
      rebuild();
    }),
  );
  rebuild();

  return {
    get tree() {
      return tree;
    },
    onDidChange: changes.event,
    dispose: () => owned.dispose(),
  };
}

/** The tree of a root, and what it was built from. */
interface BuiltRoot extends OperationFacts {
  readonly clients: ReadonlyMap<string, BackupClient>;
  readonly tree: ClientTree;
}

function partOf({ key, profile, scope, inventory, state }: Root, tree: ClientTree): RootPart {
  const { clients, ...listing } = inventory.state;
  const place = { scope, profileName: profile.name, demo: profile.demo === true };
  return { root: { id: key, place, state, listing }, total: clients.size, tree };
}

function sameFacts(a: OperationFacts, b: OperationFacts): boolean {
  return (
    sameKeys(a.inOperation, b.inOperation) &&
    sameKeys(a.leftovers, b.leftovers) &&
    a.unwatched.size === b.unwatched.size &&
    [...a.unwatched].every(([key, action]) => b.unwatched.get(key) === action)
  );
}

function sameKeys(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((key) => b.has(key));
}
