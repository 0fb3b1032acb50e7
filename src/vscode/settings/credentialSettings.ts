import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/kernel/disposables';
import { Emitter, type Event } from '../../core/kernel/events';
import { ownValueOf, type InspectedSetting } from '../../core/kernel/ownSetting';

const section = 'cloudBackup.credentials';
const name = 'cliConfigPath';

/** The settings about keys outside VS Code, as they are now: the user's own, never those of a folder. */
export interface CredentialSettings extends Disposable {
  /** Where the configuration of the Alibaba Cloud CLI lies; empty for its own place. */
  cliConfigPath(): string;
  readonly onDidChange: Event<void>;
}

/** Reads the settings when they are asked for, and tells of every change. */
export function readCredentialSettings(): CredentialSettings {
  const owned = new DisposableStore();
  const changes = owned.add(new Emitter<void>());
  owned.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(section)) changes.fire();
    }),
  );
  return {
    cliConfigPath() {
      const inspected: InspectedSetting | undefined = vscode.workspace
        .getConfiguration(section)
        .inspect<unknown>(name);
      const value = ownValueOf(inspected);
      return typeof value === 'string' ? value : '';
    },
    onDidChange: changes.event,
    dispose: () => owned.dispose(),
  };
}
