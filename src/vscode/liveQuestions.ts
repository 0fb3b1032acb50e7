import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { LiveQuestion, PickRow, LiveRows } from '../core/interaction/interaction';
import { LivePick, type DrawnRow, type PickReaction } from '../core/interaction/livePick';
import type { Clock } from '../core/kernel/clock';
import { numberInWords } from '../core/kernel/localize';
import { alignedIcons, nameStep } from './quickInputs';

interface Item<T> extends vscode.QuickPickItem {
  readonly row: PickRow<T>;
}

/** Shows a {@link LivePick} as a quick pick of VS Code. */
export function askManyLive<T, B>(
  question: LiveQuestion<T, B>,
  live: LiveRows<T>,
  clock: Pick<Clock, 'sleep'>,
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
  const allMatching = { iconPath: new vscode.ThemeIcon('check-all'), tooltip: t('Select All That Match') };

  const pick = new LivePick(question, live);
  const closing = new AbortController();
  let isGiving = false;
  let drawsAgain = false;
  /** VS Code counts what it shows. Of many rows that's a part, so the title counts. */
  const showBeyond = (): void => {
    const { beyond } = pick;
    list.title = beyond ? titleWith(question.title, beyond) : question.title;
    if (beyond && !list.buttons.includes(allMatching)) list.buttons = [...list.buttons, allMatching];
  };
  /** Gives rows or ticks to VS Code, and says when it got them and when its reports of them have arrived. */
  const give = (write: () => void): void => {
    isGiving = true;
    const reached = roundTrip();
    write();
    const shown = async (): Promise<void> => {
      await reached;
      pick.hasReached();
      // VS Code sends what was written with the next timers.
      await clock.sleep(1, { signal: closing.signal });
      await roundTrip();
      if (closing.signal.aborted) return;
      isGiving = false;
      const reaction = pick.hasShown();
      react(drawsAgain && reaction !== 'clear' ? 'draw' : reaction);
    };
    // Only closing the pick ends it early.
    shown().catch(() => undefined);
  };
  const showTicks = (): void => {
    const ticked = new Set(pick.showTicks());
    list.selectedItems = list.items.filter(({ row }) => ticked.has(row));
  };
  const draw = (): void => {
    drawsAgain = isGiving;
    if (isGiving) return;
    give(() => {
      const items = alignedIcons(pick.draw(list.value).map(itemOf));
      list.busy = live.running();
      list.items = items;
      list.selectedItems = items.filter(({ row }) => pick.isTicked(row));
    });
    showBeyond();
  };
  const react = (reaction: PickReaction): void => {
    if (reaction === 'clear') list.value = '';
    if (reaction === 'clear' || reaction === 'draw') draw();
    if (reaction === 'restore' && !isGiving) give(showTicks);
    showBeyond();
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
      if (pressed === allMatching) react(pick.toggleMatching(list.value));
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
      closing.abort();
      following.dispose();
      resolve(undefined);
      list.dispose();
    });
    draw();
    list.show();
  });
}

function titleWith(
  title: string,
  { more, ticked }: { readonly more: number; readonly ticked: number },
): string {
  const selected = numberInWords(ticked);
  if (more === 0)
    return t({
      message: '{title} ({selected} selected)',
      args: { title, selected },
      comment: [
        '{title}: of a list. {selected}: how many of its rows are selected, those too that are not shown',
      ],
    });
  return t({
    message: '{title} ({selected} selected, {more} more match: keep typing)',
    args: { title, selected, more: numberInWords(more) },
    comment: [
      '{title}: of a list. {selected}: how many of its rows are selected. {more}: how many match the text and are not shown; typing on finds them',
    ],
  });
}

/** Resolves when VS Code has handled all it was sent before, and what it sent meanwhile has arrived. */
async function roundTrip(): Promise<void> {
  await vscode.commands.executeCommand('setContext', 'cloudBackup.pickShown', true);
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
