import type * as vscode from 'vscode';
import type { Grouping } from '../../core/clients/clientTree';
import { DisposableStore, type Disposable } from '../../core/kernel/disposables';
import { Emitter } from '../../core/kernel/events';
import type { TreeChoices } from '../../core/clients/treeModel';
import type { Setting } from '../../core/interaction/watchSetting';
import type { ContextKeys } from '../contextKeys';

const groupingKey = 'cloudBackup.grouping';
const filterKey = 'cloudBackup.filter';

/** The grouping and the filter, kept for the workspace, and the setting for stale heartbeats. */
export interface StoredTreeChoices extends TreeChoices, Disposable {
  setGrouping(grouping: Grouping): void;
  setFilter(filter: string): void;
}

export function createTreeChoices(
  workspaceState: vscode.Memento,
  contextKeys: ContextKeys,
  staleMinutes: Setting<number>,
): StoredTreeChoices {
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<void>());
  const stored = workspaceState.get<unknown>(groupingKey);
  let grouping: Grouping = stored === 'zone' ? 'zone' : 'status';
  contextKeys.set(groupingKey, grouping);
  const storedFilter = workspaceState.get<unknown>(filterKey);
  let filter = typeof storedFilter === 'string' ? storedFilter : '';
  contextKeys.set('cloudBackup.filtered', filter !== '');
  owned.add(staleMinutes.onDidChange(() => changes.fire()));
  return {
    grouping: () => grouping,
    filter: () => filter,
    staleMinutes: () => staleMinutes.current,
    onDidChange: changes.event,
    setGrouping(next) {
      grouping = next;
      contextKeys.set(groupingKey, next);
      void workspaceState.update(groupingKey, next);
      changes.fire();
    },
    setFilter(next) {
      filter = next;
      contextKeys.set('cloudBackup.filtered', next !== '');
      void workspaceState.update(filterKey, next);
      changes.fire();
    },
    dispose: () => owned.dispose(),
  };
}
