import { t } from '@vscode/l10n';
import { AsyncLocalStorage } from 'node:async_hooks';
import * as vscode from 'vscode';
import type { Disposable } from '../core/kernel/disposables';
import { FlowPresence, type Flow } from '../core/interaction/flowPresence';

/** Offers questions in a notification, and notices when the user works in an editor. Disposing stops that. */
export function createPresence(): FlowPresence & Disposable {
  const review = t({ message: 'Review…', comment: ['A button that opens a question that is waiting'] });
  const presence = new FlowPresence(
    new AsyncLocalStorage<Flow>(),
    () => performance.now(),
    async (what) =>
      (await vscode.window.showInformationMessage(t('Waiting for your answer: {0}', what), review)) ===
      review,
  );
  const { Keyboard, Mouse } = vscode.TextEditorSelectionChangeKind;
  const looking = vscode.window.onDidChangeTextEditorSelection(({ kind }) => {
    // Selections also change when a program edits the text.
    if (kind === Keyboard || kind === Mouse) presence.wentElsewhere();
  });
  return Object.assign(presence, { dispose: () => void looking.dispose() });
}
