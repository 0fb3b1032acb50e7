import * as vscode from 'vscode';

/** Opens "Get Started" of the extension, which the manifest describes. */
export async function openWalkthrough(extensionId: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extensionId}#start`, false);
}
