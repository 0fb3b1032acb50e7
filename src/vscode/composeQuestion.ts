import * as vscode from 'vscode';
import type { ComposeQuestion, ComposeRow, ComposeStep } from '../core/interaction/interaction';

type Row<T> = Extract<ComposeRow<T>, { readonly kind: 'row' }>;

interface Item<T> extends vscode.QuickPickItem {
  readonly row: ComposeRow<T>;
}

/** Shows a text in a quick pick, with rows that change it or use it. */
export function askCompose<T>(question: ComposeQuestion<T>): Promise<T | undefined> {
  const list = vscode.window.createQuickPick<Item<T>>();
  list.title = question.title;
  list.placeholder = question.placeholder;
  list.value = question.text;
  list.keepScrollPosition = true;
  const draw = (): void => {
    list.items = question.rows(list.value).map(itemOf);
  };
  return new Promise((resolve) => {
    const take = (step: ComposeStep<T>): void => {
      if ('answer' in step) {
        resolve(step.answer);
        list.hide();
        return;
      }
      list.value = step.text;
      draw();
      // Enter means the first row again, which uses what was chosen.
      const [first] = list.items;
      if (first) list.activeItems = [first];
      question.onChosen(step.text);
    };
    list.onDidChangeValue(draw);
    list.onDidAccept(() => {
      const [item] = list.selectedItems;
      // The text at the moment of Enter counts: VS Code shows a row for some moments after the text has changed.
      const row = item && rowWithId(question.rows(list.value), item);
      if (row) take(row.step);
    });
    list.onDidTriggerItemButton(({ item: { row } }) => {
      if (row.kind === 'row' && row.button) take(row.button.step);
    });
    list.onDidHide(() => {
      resolve(undefined);
      list.dispose();
    });
    draw();
    list.show();
  });
}

function rowWithId<T>(rows: readonly ComposeRow<T>[], { row: chosen }: Item<T>): Row<T> | undefined {
  return rows.find(
    (row): row is Row<T> => row.kind === 'row' && chosen.kind === 'row' && row.id === chosen.id,
  );
}

function itemOf<T>(row: ComposeRow<T>): Item<T> {
  const { label } = row;
  if (row.kind === 'heading') return { row, label, kind: vscode.QuickPickItemKind.Separator };
  const { description, icon, button } = row;
  return {
    row,
    label,
    alwaysShow: true,
    ...(description !== undefined && { description }),
    ...(icon !== undefined && { iconPath: new vscode.ThemeIcon(icon) }),
    ...(button && { buttons: [{ iconPath: new vscode.ThemeIcon(button.icon), tooltip: button.label }] }),
  };
}
