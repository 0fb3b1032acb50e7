import * as vscode from 'vscode';
import type { Looking } from '../core/interaction/looking';
import { DisposableStore, type Disposable } from '../core/kernel/disposables';
import { Emitter } from '../core/kernel/events';

/** Whether somebody can see a view: it's visible, and the window has the focus. */
export function createLooking(
  view: Pick<vscode.TreeView<unknown>, 'visible' | 'onDidChangeVisibility'>,
): Looking & Disposable {
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<void>());
  owned.add(view.onDidChangeVisibility(() => changes.fire()));
  owned.add(vscode.window.onDidChangeWindowState(() => changes.fire()));
  return {
    get current() {
      return view.visible && vscode.window.state.focused;
    },
    onDidChange: changes.event,
    dispose: () => owned.dispose(),
  };
}
