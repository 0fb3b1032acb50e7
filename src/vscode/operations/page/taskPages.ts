import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Disposable } from '../../../core/kernel/disposables';
import { Emitter, type Event } from '../../../core/kernel/events';
import { operationTitle } from '../../../core/operations/words';
import { isPageMemory } from '../../../protocol/guards';
import type { TaskPageDeps } from './taskPageDeps';
import { TaskPanel, taskWebviewOptions } from './taskPanel';

const viewType = 'cloudBackup.task';

/** The web pages of operations: at most one per operation. Disposing closes them all. */
export interface TaskPages extends Disposable {
  /** Opens the page of an operation, or brings the open one to the front; with `failures` it shows only those. */
  readonly show: (operationId: string, failures?: boolean) => void;
  /** Fills a page that was open before a reload; `memory` is what the page remembered of itself. */
  revive(panel: vscode.WebviewPanel, memory: unknown): void;
  /** Fires the id of an operation when the user opens its page. */
  readonly onDidShow: Event<string>;
}

/** Makes the pages available and keeps them up to date. */
export function registerTaskPages(deps: TaskPageDeps): TaskPages {
  const panels = new Map<string, TaskPanel>();
  const shown = new Emitter<string>();
  let disposed = false;

  const adopt = (panel: vscode.WebviewPanel, operationId: string): void => {
    const adopted = new TaskPanel(panel, operationId, deps, () => {
      if (panels.get(operationId) === adopted) panels.delete(operationId);
    });
    panels.set(operationId, adopted);
  };

  const listening = vscode.Disposable.from(
    deps.operations.onDidChange(({ id, retryOf }) => {
      panels.get(id)?.update();
      if (retryOf !== undefined) panels.get(retryOf)?.update();
    }),
    // One that goes may have tried again what another page shows.
    deps.operations.onDidRemove(() => {
      for (const panel of panels.values()) panel.update();
    }),
  );

  return {
    onDidShow: shown.event,
    show(operationId, failures = false) {
      shown.fire(operationId);
      const open = panels.get(operationId);
      if (open) {
        open.reveal();
        if (failures) open.showProblems();
        return;
      }
      const operation = deps.operations.get(operationId);
      const title = operation
        ? operationTitle(operation)
        : t({ message: 'Operation', comment: ['Title of a page before its operation is known.'] });
      const panel = vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active, {
        ...taskWebviewOptions(deps.extensionUri),
        enableFindWidget: true,
      });
      adopt(panel, operationId);
      if (failures) panels.get(operationId)?.showProblems();
    },
    revive(panel, memory) {
      // Left by something else, or the second page of one operation: there is nothing to revive.
      if (disposed || !isPageMemory(memory) || panels.has(memory.operationId)) panel.dispose();
      else adopt(panel, memory.operationId);
    },
    dispose() {
      disposed = true;
      listening.dispose();
      shown.dispose();
      for (const panel of [...panels.values()]) panel.dispose();
    },
  };
}
