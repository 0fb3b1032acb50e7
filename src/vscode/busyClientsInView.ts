import type * as vscode from 'vscode';
import { followBusyClients } from '../core/clients/busyClients';
import { DisposableStore, type Disposable } from '../core/disposables';
import type { Inventory } from '../core/clients/inventory';
import type { Operations } from '../core/operations/operations';
import type { BackupApi, Clock, Log } from '../core/ports';
import { scopeKey } from '../core/scope';
import type { TreeElement } from './doors';

/** Follows clients that somebody else is changing, while the client view is in sight. */
export function followBusyClientsInView(world: {
  readonly view: vscode.TreeView<TreeElement>;
  readonly inventory: Inventory;
  readonly operations: Pick<Operations, 'covers'>;
  readonly api: BackupApi;
  readonly clock: Clock;
  readonly log: Log;
}): Disposable {
  const { view, inventory, operations, api, clock, log } = world;
  const owned = new DisposableStore();
  let following: { readonly key: string; readonly stop: Disposable } | undefined;

  const update = () => {
    const state = view.visible ? inventory.state : undefined;
    const key = state && scopeKey(state.scope);
    if (key === following?.key) return;
    following?.stop.dispose();
    following = undefined;
    // Not before the first list: its answer tells how fast time passes at the service.
    if (state?.phase !== 'ready') return;
    const { scope } = state;
    following = {
      key: scopeKey(scope),
      stop: followBusyClients({
        api,
        clock,
        log,
        scope,
        clients: () => inventory.state?.clients ?? new Map(),
        isCovered: (client) => operations.covers(scope, client),
        onReading: ({ clients, missingKeys }) => inventory.update(scope, clients, missingKeys),
      }),
    };
  };
  owned.add(inventory.onDidChange(update));
  owned.add(view.onDidChangeVisibility(update));
  owned.add({ dispose: () => following?.stop.dispose() });
  update();
  return owned;
}
