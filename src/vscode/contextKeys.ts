import * as vscode from 'vscode';
import type { ViewState } from '../core/clients/viewState';

/** Every key that a `when` clause of the manifest may ask for, with its values. */
interface ContextValues {
  /** Why the client tree is empty, for its welcome text. */
  'cloudBackup.state': ViewState | 'filteredOut';
  'cloudBackup.signedIn': boolean;
  'cloudBackup.hasProfiles': boolean;
  'cloudBackup.demo': boolean;
  'cloudBackup.grouping': 'status' | 'zone';
  /** True while a filter hides clients that do not match it. */
  'cloudBackup.filtered': boolean;
  'cloudBackup.readOnly': boolean;
  /** True when a client of the selection can be installed: a mixed selection then offers it. */
  'cloudBackup.selectionInstallable': boolean;
}

/** Sends a context key to VS Code only when its value changed. */
export class ContextKeys {
  readonly #sent = new Map<string, unknown>();

  set<K extends keyof ContextValues>(key: K, value: ContextValues[K]): void {
    if (this.#sent.get(key) === value) return;
    this.#sent.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
