import type * as vscode from 'vscode';
import { readGroupBy, type GroupBy } from '../../core/clients/grouping/groupBy';
import { DisposableStore, type Disposable } from '../../core/kernel/disposables';
import { Emitter, type Event } from '../../core/kernel/events';
import type { TreeChoices } from '../../core/clients/treeModel';
import type { Setting } from '../../core/interaction/watchSetting';
import type { ContextKeys } from '../contextKeys';

const groupingKey = 'cloudBackup.grouping';
const filterKey = 'cloudBackup.filter';

/** The grouping and the filter, kept for the workspace, and the setting for stale heartbeats. */
export interface StoredTreeChoices extends TreeChoices, Disposable {
  setGroupBy(groupBy: GroupBy): void;
  setFilter(filter: string): void;
  /** Fires with the filter after it was set, when the tree is up to date. */
  readonly onDidChangeFilter: Event<string>;
}

export function createTreeChoices(
  workspaceState: vscode.Memento,
  contextKeys: ContextKeys,
  staleMinutes: Setting<number>,
): StoredTreeChoices {
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<void>());
  const filterChanges = owned.add(new Emitter<string>());
  const stored = workspaceState.get<unknown>(groupingKey);
  let groupBy = readGroupBy(stored);
  const storedFilter = workspaceState.get<unknown>(filterKey);
  let filter = typeof storedFilter === 'string' ? storedFilter : '';
  contextKeys.set('cloudBackup.filtered', filter !== '');
  owned.add(staleMinutes.onDidChange(() => changes.fire()));
  return {
    groupBy: () => groupBy,
    filter: () => filter,
    staleMinutes: () => staleMinutes.current,
    onDidChange: changes.event,
    onDidChangeFilter: filterChanges.event,
    setGroupBy(next) {
      groupBy = next;
      void workspaceState.update(groupingKey, next);
      changes.fire();
    },
    setFilter(next) {
      filter = next;
      contextKeys.set('cloudBackup.filtered', next !== '');
      void workspaceState.update(filterKey, next);
      changes.fire();
      filterChanges.fire(next);
    },
    dispose: () => owned.dispose(),
  };
}
