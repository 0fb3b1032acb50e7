import * as vscode from 'vscode';
import type { Icon } from '../core/kernel/icon';

/** The icon as VS Code draws it. */
export function renderIcon({ id, color }: Icon): vscode.ThemeIcon {
  return color === undefined
    ? new vscode.ThemeIcon(id)
    : new vscode.ThemeIcon(id, new vscode.ThemeColor(color));
}
