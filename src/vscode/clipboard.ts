import * as vscode from 'vscode';
import type { Clipboard } from '../core/interaction/host';

/** The clipboard of the computer that shows VS Code. */
export const clipboard: Clipboard = {
  write: async (text) => await vscode.env.clipboard.writeText(text),
};
