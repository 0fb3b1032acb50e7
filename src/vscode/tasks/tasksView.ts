import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/disposables';
import type { Translate } from '../../core/localize';
import { hasProblems } from '../../core/operations/operationFacts';
import { runningStatusOf } from '../../core/operations/runningStatus';
import type { Clock } from '../../core/ports';
import type { TreeElement } from '../doors';
import type { ListedOperations } from './taskTreeProvider';

/** When the Tasks view was last in sight (milliseconds since 1970); what failed later is not yet looked at. */
const lookedAtKey = 'cloudBackup.tasksLookedAt';

/** What stands around the Tasks view. */
export interface TasksView extends Disposable {
  /** The report of an operation was opened: its failures are looked at. */
  lookedAt(operationId: string): void;
}

/**
 * Keeps the badge of the Tasks view and its entry in the status bar in step: the badge counts operations that ended
 * with problems and were not looked at yet, the status bar counts machines while something runs.
 */
export function registerTasksView(world: {
  readonly view: vscode.TreeView<TreeElement>;
  readonly operations: ListedOperations;
  readonly state: vscode.Memento;
  readonly clock: Clock;
  readonly t: Translate;
}): TasksView {
  const { view, operations, state, clock, t } = world;
  const owned = new DisposableStore();
  const opened = new Set<string>();
  const item = owned.add(
    vscode.window.createStatusBarItem('cloudBackup.running', vscode.StatusBarAlignment.Left),
  );
  item.name = t('Cloud Backup Tasks');
  item.command = 'cloudBackup.tasks.focus';

  const updateBadge = (): void => {
    const since = state.get<number>(lookedAtKey, 0);
    const failed = operations
      .list()
      .filter((operation) => hasProblems(operation) && (operation.endedAt ?? 0) > since)
      .filter(({ id }) => !opened.has(id)).length;
    if ((view.badge?.value ?? 0) === failed) return;
    view.badge =
      failed === 0
        ? undefined
        : {
            value: failed,
            tooltip:
              failed === 1
                ? t('1 operation ended with problems')
                : t('{0} operations ended with problems', failed),
          };
  };
  const updateItem = (): void => {
    const status = runningStatusOf(operations.list(), t);
    if (!status) {
      item.hide();
      return;
    }
    item.text = status.total === 0 ? '$(sync~spin)' : `$(sync~spin) ${status.done}/${status.total}`;
    item.tooltip = status.tooltip;
    item.accessibilityInformation = { label: status.sentence };
    item.show();
  };
  const update = (): void => {
    if (view.visible) void state.update(lookedAtKey, clock.now());
    updateBadge();
    updateItem();
  };
  owned.add(operations.onDidChange(update));
  owned.add(operations.onDidRemove(update));
  owned.add(view.onDidChangeVisibility(update));
  update();
  return {
    lookedAt(operationId) {
      opened.add(operationId);
      updateBadge();
    },
    dispose: () => owned.dispose(),
  };
}
