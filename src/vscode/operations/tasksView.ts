import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CommandHandlers } from '../../core/interaction/commandHandler';
import type { Host } from '../../core/interaction/host';
import { DisposableStore, toDisposable, type Disposable } from '../../core/kernel/disposables';
import type { Event } from '../../core/kernel/events';
import { Soon } from '../../core/kernel/soon';
import { plural } from '../../core/kernel/localize';
import { finishedCount } from '../../core/operations/clearFinished';
import { ledgerMessage } from '../../core/operations/ledgerText';
import { runningStatusOf } from '../../core/operations/runningStatus';
import { UnseenFailures, type SeenState } from '../../core/operations/unseenFailures';
import type { VscodeHost } from '../host';
import type { LazyViews } from '../lazyViews';
import { createOperationCommands, type OperationCommandDeps } from './operationCommands';
import { TaskTreeProvider } from './taskTreeProvider';

/** Milliseconds within which changes are shown together. */
const togetherMs = 100;

/** The Tasks view and its commands. */
export interface TasksView extends Disposable {
  readonly commands: CommandHandlers<keyof ReturnType<typeof createOperationCommands>>;
}

export interface TasksViewDeps
  extends
    Pick<Host, 'log'>,
    Pick<VscodeHost, 'contextKeys'>,
    Omit<OperationCommandDeps, 'refOf' | 'selected' | 'selectedClients' | 'reveal' | 'waiting'> {
  readonly views: LazyViews;
  /** What the user has seen, for all windows. */
  readonly state: SeenState;
  /** Fires the id of an operation whose page was opened. */
  readonly onDidShowReport: Event<string>;
}

/**
 * Shows operations in the Tasks view, with a badge for those that failed and weren't looked at, a message where records
 * can't be read, and an item in the status bar while something runs.
 */
export function registerTasksView(deps: TasksViewDeps): TasksView {
  const { operations, clock, state } = deps;
  const { view } = deps.views.tasks;
  const owned = new DisposableStore();
  const tree = owned.add(new TaskTreeProvider(deps));
  const unseen = new UnseenFailures(operations, state, clock);
  const closing = new AbortController();
  owned.add(toDisposable(() => closing.abort()));
  const updateItem = showRunning(owned, operations);

  const updateBadge = (): void => {
    const { count } = unseen;
    if ((view.badge?.value ?? 0) === count) return;
    view.badge = count === 0 ? undefined : { value: count, tooltip: badgeTooltip(count) };
  };
  const updateMessage = (): void => {
    view.message = ledgerMessage(operations.ledger) ?? '';
  };
  const update = (): void => {
    if (view.visible) unseen.viewLookedAt();
    updateBadge();
    updateItem();
    const { olderCount, ledger } = operations;
    const list = operations.list();
    deps.contextKeys.set('cloudBackup.hasOperations', list.length > 0);
    deps.contextKeys.set('cloudBackup.hasFinished', finishedCount({ list, olderCount, ledger }) > 0);
    deps.contextKeys.set('cloudBackup.hasOlder', olderCount > 0);
  };
  const updating = owned.add(new Soon(deps, togetherMs, update));
  owned.add(operations.onDidChange(() => updating.request()));
  owned.add(operations.onDidRemove(() => updating.request()));
  owned.add(view.onDidChangeVisibility(update));
  owned.add(
    operations.onDidChangeLedger(() => {
      updateMessage();
      update();
    }),
  );
  owned.add(
    deps.onDidShowReport((operationId) => {
      unseen.operationLookedAt(operationId);
      updateBadge();
    }),
  );
  updateMessage();
  update();
  owned.add(deps.views.tasks.attach(tree));

  const commands = createOperationCommands({
    ...deps,
    refOf: (row) => tree.refOf(row),
    selected: view,
    selectedClients: deps.views.clients.view,
    reveal: async (ref, options) => {
      const row = tree.find(ref);
      if (row) await view.reveal(row, { select: true, ...options });
    },
    waiting: { signal: closing.signal },
  });
  return { commands, dispose: () => owned.dispose() };
}

/** Counts the clients of running operations in the status bar. The answer brings it up to date. */
function showRunning(owned: DisposableStore, operations: TasksViewDeps['operations']): () => void {
  const item = owned.add(
    vscode.window.createStatusBarItem('cloudBackup.running', vscode.StatusBarAlignment.Left),
  );
  item.name = t('Cloud Backup Tasks');
  item.command = 'cloudBackup.tasks.focus';
  return () => {
    const status = runningStatusOf(operations.list());
    if (!status) {
      item.hide();
      return;
    }
    const icon = status.warning ? '$(warning)' : '$(sync~spin)';
    item.text = `${icon} ${status.text}`;
    item.backgroundColor = status.warning
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    item.tooltip = status.tooltip;
    item.accessibilityInformation = { label: status.sentence };
    item.show();
  };
}

function badgeTooltip(count: number): string {
  return plural(count, {
    one: (n) => t('{0} operation completed with errors', n),
    other: (n) => t('{0} operations completed with errors', n),
  });
}
