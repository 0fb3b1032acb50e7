import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { apiVersion, type ExtensionApi } from './extensionApi';
import type { Extension } from './loadedExtension';
import { openOperationsFolder, recordsEnding } from './storage/layout';
import { createLazyView } from './vscode/lazyViews';
import { pageKinds, viewTypes } from './vscode/pages/viewTypes';

/**
 * What VS Code loads at start-up. It registers views, commands and pages, and loads the extension when one of them is
 * used, or at once when an operation was left unfinished.
 */
export function activate(context: vscode.ExtensionContext): ExtensionApi {
  let loading: Promise<Extension> | undefined;
  let loaded: Extension | undefined;
  const load = (): Promise<Extension> => (loading ??= loadExtension());
  const clients = createLazyView('cloudBackup.clients', load, { canSelectMany: true, showCollapseAll: true });
  const tasks = createLazyView('cloudBackup.tasks', async () => (await load()).showTasks());
  context.subscriptions.push(clients, tasks);

  async function loadExtension(): Promise<Extension> {
    try {
      // Imported here and not above: this line is what keeps start-up short.
      const { startExtension } = await import('./extension');
      return (loaded = await startExtension(context, { clients, tasks }));
    } catch (error) {
      loading = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(vscode.l10n.t("Cloud Backup couldn't start: {0}", reason));
      throw error;
    }
  }

  for (const command of commandsOf(context.extension.packageJSON)) {
    context.subscriptions.push(
      vscode.commands.registerCommand(command, async (...args: unknown[]) => {
        const startedAt = performance.now();
        // Progress costs a message to the window and back before anything else happens.
        const extension =
          loaded ??
          (await vscode.window.withProgress(
            { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Starting Cloud Backup') },
            load,
          ));
        return extension.run(command, args, startedAt);
      }),
    );
  }
  for (const kind of pageKinds) {
    context.subscriptions.push(
      vscode.window.registerWebviewPanelSerializer(viewTypes[kind], {
        deserializeWebviewPanel: async (panel, state) => (await load()).pages[kind].revive(panel, state),
      }),
    );
  }
  context.subscriptions.push(
    vscode.window.registerUriHandler({ handleUri: async (uri) => (await load()).openLink(uri) }),
  );
  if (hasUnfinishedOperations(context.globalStorageUri.fsPath)) {
    // The reason was shown.
    load().catch(() => undefined);
  }

  return {
    version: apiVersion,
    connectDemo: async (demo) => (await load()).api.connectDemo(demo),
    clients: async () => (await load()).api.clients(),
    operations: async () => (await load()).api.operations(),
  };
}

function commandsOf(manifest: unknown): readonly string[] {
  const { contributes } = manifest as { contributes: { commands: readonly { command: string }[] } };
  return contributes.commands.map(({ command }) => command);
}

/** One directory read: an operation that has not ended is a file in the folder of open ones. */
function hasUnfinishedOperations(globalStorage: string): boolean {
  try {
    const names = readdirSync(join(globalStorage, ...openOperationsFolder));
    return names.some((name) => name.endsWith(recordsEnding));
  } catch {
    return false;
  }
}
