import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Extension } from './extension';
import { apiVersion, type ExtensionApi } from './extensionApi';
import { openOperationsFolder, recordsEnding } from './storage/layout';
import { LazyTree, type Doors } from './vscode/doors';

/**
 * What VS Code loads at start-up. It opens the doors (views, commands, pages) and loads the extension when somebody goes
 * through one, or at once when an operation was left unfinished.
 */
export function activate(context: vscode.ExtensionContext): ExtensionApi {
  let loading: Promise<Extension> | undefined;
  const load = (): Promise<Extension> => (loading ??= loadExtension());
  const clients: Doors['clients'] = new LazyTree(load);
  const tasks: Doors['tasks'] = new LazyTree(load);
  const clientsView = vscode.window.createTreeView('cloudBackup.clients', {
    treeDataProvider: clients,
    canSelectMany: true,
    showCollapseAll: true,
  });
  const tasksView = vscode.window.createTreeView('cloudBackup.tasks', { treeDataProvider: tasks });
  context.subscriptions.push(clientsView, tasksView);

  async function loadExtension(): Promise<Extension> {
    try {
      // Imported here and not above: this line is what keeps start-up short.
      const { startExtension } = await import('./extension');
      return await startExtension(context, { clients, clientsView, tasks, tasksView });
    } catch (error) {
      loading = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(vscode.l10n.t('Cloud Backup could not start: {0}', reason));
      throw error;
    }
  }

  for (const command of commandsOf(context.extension.packageJSON)) {
    context.subscriptions.push(
      vscode.commands.registerCommand(command, async (...args: unknown[]) => {
        const startedAt = performance.now();
        const extension = await vscode.window.withProgress(
          { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Starting Cloud Backup') },
          load,
        );
        return extension.run(command, args, startedAt);
      }),
    );
  }
  context.subscriptions.push(
    vscode.window.registerWebviewPanelSerializer('cloudBackup.task', {
      deserializeWebviewPanel: async (panel, state) => (await load()).revivePage(panel, state),
    }),
  );
  if (hasUnfinishedOperations(context.globalStorageUri.fsPath)) {
    // Why it could not start was shown.
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
