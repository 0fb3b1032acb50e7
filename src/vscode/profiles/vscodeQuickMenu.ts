import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { MenuDeed, MenuRow } from '../../core/shell/quickMenu';

interface Item extends vscode.QuickPickItem {
  readonly deed?: MenuDeed;
}

/** Shows the quick menu and does what was chosen. Nothing happens when it is closed. */
export async function showQuickMenu(rows: readonly MenuRow[]): Promise<void> {
  const items = rows.map((row): Item => {
    if (row.kind === 'heading') return { label: row.label, kind: vscode.QuickPickItemKind.Separator };
    const { label, icon, description, deed } = row;
    return {
      label,
      iconPath: new vscode.ThemeIcon(icon),
      ...(description !== undefined && { description }),
      deed,
    };
  });
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('Cloud Backup'),
    placeHolder: t('What to do'),
    matchOnDescription: true,
  });
  if (chosen?.deed?.kind === 'copy') await vscode.env.clipboard.writeText(chosen.deed.text);
  if (chosen?.deed?.kind === 'command') {
    await vscode.commands.executeCommand(chosen.deed.command, ...(chosen.deed.args ?? []));
  }
}
