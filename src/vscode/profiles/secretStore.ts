import type * as vscode from 'vscode';
import type { SecretStorePort } from '../../core/profiles/keys/accessKeys';

/** VS Code's secret storage. Its event also tells of other windows. */
export function createSecretStore(secrets: vscode.SecretStorage): SecretStorePort {
  return {
    get: async (name) => await secrets.get(name),
    set: async (name, value) => await secrets.store(name, value),
    delete: async (name) => await secrets.delete(name),
    onDidChange: (listener) => secrets.onDidChange(({ key }) => listener(key)),
  };
}
