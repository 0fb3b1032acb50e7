import * as vscode from 'vscode';
import type { CommandId } from '../core/interaction/commandIds';

/** Runs a command of the extension, as a menu does. */
export async function runCommand(id: CommandId, ...args: readonly unknown[]): Promise<void> {
  await vscode.commands.executeCommand(id, ...args);
}
