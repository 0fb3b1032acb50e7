import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/kernel/disposables';
import type { Operation } from '../../core/operations/operation';
import { ledgerMessage } from '../../core/operations/ledgerText';
import { hasProblems } from '../../core/operations/operationFacts';
import type { Operations } from '../../core/operations/operations';
import { runningStatusOf } from '../../core/operations/runningStatus';
import type { Clock } from '../../core/kernel/clock';
import type { TreeElement } from '../../core/interaction/treeElement';
import type { ListedOperations } from './taskTreeProvider';

/** When the Tasks view was last in sight (milliseconds since 1970); what failed later is not yet looked at. */
const lookedAtKey = 'cloudBackup.tasksLookedAt';
/** Ids of operations whose report was opened since then. */
const openedKey = 'cloudBackup.reportsOpened';

/** What stands around the Tasks view. */
export interface TasksView extends Disposable {
  /** The report of an operation was opened: its failures are looked at. */
  lookedAt(operationId: string): void;
}

/**
 * Keeps the badge of the Tasks view, the message above its rows and its entry in the status bar in step: the badge counts
 * operations that ended with problems and were not looked at yet, the message says what keeps records from being read,
 * the status bar counts machines while something runs.
 */
export function registerTasksView(world: {
  readonly view: vscode.TreeView<TreeElement>;
  readonly operations: ListedOperations & Pick<Operations, 'ledger' | 'onDidChangeLedger'>;
  readonly state: vscode.Memento;
  readonly clock: Clock;
}): TasksView {
  const { view, operations, state, clock } = world;
  const owned = new DisposableStore();
  const item = owned.add(
    vscode.window.createStatusBarItem('cloudBackup.running', vscode.StatusBarAlignment.Left),
  );
  item.name = t('Cloud Backup Tasks');
  item.command = 'cloudBackup.tasks.focus';

  /** Operations that have not ended, or did so after the view was last in sight. */
  const notYetSeen = (): readonly Operation[] => {
    const since = state.get<number>(lookedAtKey, 0);
    return operations.list().filter(({ endedAt }) => endedAt === undefined || endedAt > since);
  };
  const opened = (): readonly string[] => state.get<readonly string[]>(openedKey, []);
  const updateBadge = (): void => {
    const known = new Set(opened());
    const failed = notYetSeen().filter(
      (operation) => hasProblems(operation) && !known.has(operation.id),
    ).length;
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
    const status = runningStatusOf(operations.list());
    if (!status) {
      item.hide();
      return;
    }
    const icon = status.warning ? '$(warning)' : '$(sync~spin)';
    item.text = status.total === 0 ? icon : `${icon} ${status.done}/${status.total}`;
    item.backgroundColor = status.warning
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    item.tooltip = status.tooltip;
    item.accessibilityInformation = { label: status.sentence };
    item.show();
  };
  const updateMessage = (): void => {
    view.message = ledgerMessage(operations.ledger) ?? '';
  };
  const update = (): void => {
    if (view.visible) void state.update(lookedAtKey, clock.now());
    updateBadge();
    updateItem();
  };
  owned.add(operations.onDidChange(update));
  owned.add(operations.onDidRemove(update));
  owned.add(view.onDidChangeVisibility(update));
  owned.add(operations.onDidChangeLedger(updateMessage));
  updateMessage();
  update();
  return {
    lookedAt(operationId) {
      const kept = notYetSeen().map(({ id }) => id);
      const ids = new Set([...opened(), operationId]);
      // The others no longer count: they were seen, or are gone.
      void state.update(
        openedKey,
        kept.filter((id) => ids.has(id)),
      );
      updateBadge();
    },
    dispose: () => owned.dispose(),
  };
}
