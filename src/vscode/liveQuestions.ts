import * as vscode from 'vscode';
import type { LiveQuestion, PickRow, LiveRows } from '../core/interaction/interaction';
import { LivePick, type DrawnRow, type PickReaction } from '../core/interaction/livePick';
import type { Clock } from '../core/kernel/clock';
import { alignedIcons, nameStep } from './quickInputs';

interface Item<T> extends vscode.QuickPickItem {
  readonly row: PickRow<T>;
}

/** Shows a {@link LivePick} as a quick pick of VS Code. */
export function askManyLive<T, B>(
  question: LiveQuestion<T, B>,
  live: LiveRows<T>,
  clock: Pick<Clock, 'monotonic'>,
): Promise<readonly T[] | B | undefined> {
  const list = vscode.window.createQuickPick<Item<T>>();
  list.placeholder = question.placeholder;
  list.canSelectMany = true;
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.keepScrollPosition = true;
  // Reading the plan in an editor, or a slow check, must not lose the ticks.
  list.ignoreFocusOut = true;
  const buttons = (question.buttons ?? []).map(({ label, icon, run }) => ({
    iconPath: new vscode.ThemeIcon(icon),
    tooltip: label,
    run,
  }));
  list.buttons = buttons;

  const pick = new LivePick(question, live, clock);
  const showTicks = (): void => {
    list.selectedItems = list.items.filter(({ row }) => pick.isTicked(row));
  };
  const draw = (): void => {
    const items = alignedIcons(pick.draw(list.value).map(itemOf));
    list.busy = live.running();
    list.items = items;
    showTicks();
  };
  const react = (reaction: PickReaction): void => {
    if (reaction === 'clear') list.value = '';
    if (reaction === 'clear' || reaction === 'draw') draw();
    if (reaction === 'restore') showTicks();
  };

  return new Promise((resolve) => {
    nameStep(list, question, (answer) => {
      resolve(answer);
      list.hide();
    });
    const following = live.onDidChange(draw);
    list.onDidChangeSelection((selected) => react(pick.tick(selected.map(({ row }) => row))));
    list.onDidChangeValue((text) => react(pick.type(text)));
    list.onDidTriggerButton((pressed) => {
      buttons.find((button) => button === pressed)?.run(pick.values());
    });
    list.onDidAccept(() => {
      const accepted = pick.accept();
      if (typeof accepted === 'string') {
        react(accepted);
        return;
      }
      resolve(accepted.answer);
      list.hide();
    });
    list.onDidHide(() => {
      following.dispose();
      resolve(undefined);
      list.dispose();
    });
    draw();
    list.show();
  });
}

function itemOf<T>({ row, ticked, alwaysShow }: DrawnRow<T>): Item<T> {
  const { label } = row;
  if (row.kind === 'heading') return { row, label, kind: vscode.QuickPickItemKind.Separator };
  const { description } = row;
  const icon = row.kind === 'blocked' ? 'circle-slash' : row.icon;
  const item = {
    row,
    label,
    alwaysShow,
    ...(description !== undefined && { description }),
    ...(icon !== undefined && { iconPath: new vscode.ThemeIcon(icon) }),
  };
  if (row.kind === 'blocked') return item;
  return { ...item, picked: ticked, ...(row.detail !== undefined && { detail: row.detail }) };
}
