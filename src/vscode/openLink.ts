import * as vscode from 'vscode';

/** Opens an address in the browser. VS Code asks first where its settings want that. */
export async function openLink(address: string): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(address, true));
}
