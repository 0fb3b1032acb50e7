import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { MenuAction, MenuRow } from '../../core/shell/quickMenu';

interface Item extends vscode.QuickPickItem {
  readonly action?: MenuAction;
}

/** Shows the quick menu and does what was chosen. Nothing happens when it is closed. */
export async function showQuickMenu(rows: readonly MenuRow[]): Promise<void> {
  const items = rows.map((row): Item => {
    if (row.kind === 'heading') return { label: row.label, kind: vscode.QuickPickItemKind.Separator };
    const { label, icon, description, action } = row;
    return {
      label,
      iconPath: new vscode.ThemeIcon(icon),
      ...(description !== undefined && { description }),
      action,
    };
  });
  const chosen = await vscode.window.showQuickPick(items, {
    title: t({ message: 'Cloud Backup', comment: ['The name of the product'] }),
    placeHolder: t('Select an action'),
    matchOnDescription: true,
  });
  if (chosen?.action?.kind === 'copy') await vscode.env.clipboard.writeText(chosen.action.text);
  if (chosen?.action?.kind === 'command') {
    await vscode.commands.executeCommand(chosen.action.command, ...(chosen.action.args ?? []));
  }
}
