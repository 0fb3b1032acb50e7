import type * as vscode from 'vscode';
import { createFilterStore, type FilterStore, type Kept } from '../../core/clients/filter/savedFilters';

/** Saved filters for all workspaces, recent ones for this one. */
export function createStoredFilters(
  globalState: vscode.Memento,
  workspaceState: vscode.Memento,
): FilterStore {
  const kept = (state: vscode.Memento, key: string): Kept => ({
    read: () => state.get<unknown>(key),
    write: async (value) => await state.update(key, value),
  });
  return createFilterStore(
    kept(globalState, 'cloudBackup.savedFilters'),
    kept(workspaceState, 'cloudBackup.recentFilters'),
  );
}
