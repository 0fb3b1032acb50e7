import * as vscode from 'vscode';
import type { ContextKey, ContextValue } from '../core/shell/contextKeys';

/** Sends a context key to VS Code only when its value changed. */
export class ContextKeys {
  readonly #sent = new Map<string, string>();

  set<Key extends ContextKey>(key: Key, value: ContextValue<Key>): void {
    const text = JSON.stringify(value);
    if (this.#sent.get(key) === text) return;
    this.#sent.set(key, text);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
