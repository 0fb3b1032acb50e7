import { t } from '@vscode/l10n';
import { AsyncLocalStorage } from 'node:async_hooks';
import * as vscode from 'vscode';
import type { Disposable } from '../core/kernel/disposables';
import { FlowPresence, type Flow } from '../core/interaction/flowPresence';

/** What is offered in a notification, and where the user is instead, as VS Code knows it. Disposing ends the looking. */
export function createPresence(): FlowPresence & Disposable {
  const review = t('Review…');
  const presence = new FlowPresence(
    new AsyncLocalStorage<Flow>(),
    () => performance.now(),
    async (what) =>
      (await vscode.window.showInformationMessage(t('Waiting for your answer: {0}', what), review)) ===
      review,
  );
  const { Keyboard, Mouse } = vscode.TextEditorSelectionChangeKind;
  const looking = vscode.window.onDidChangeTextEditorSelection(({ kind }) => {
    // Others move when a program changes the text.
    if (kind === Keyboard || kind === Mouse) presence.wentElsewhere();
  });
  return Object.assign(presence, { dispose: () => void looking.dispose() });
}
