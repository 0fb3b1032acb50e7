import * as vscode from 'vscode';
import type { ContextKey, ContextValue } from '../core/shell/contextKeys';

/** Sends a context key to VS Code only when its value changed. */
export class ContextKeys {
  readonly #sent = new Map<string, unknown>();

  set<Key extends ContextKey>(key: Key, value: ContextValue<Key>): void {
    if (this.#sent.get(key) === value) return;
    this.#sent.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
