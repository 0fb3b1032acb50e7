import * as vscode from 'vscode';
import type { ChoiceQuestion } from '../core/interaction/interaction';

/** Shows the title and the step of a question, and its Back button where it has one. */
export function nameStep<B>(
  input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  { title, step, back }: Pick<ChoiceQuestion<B>, 'title' | 'step' | 'back'>,
  goBack: (answer: B) => void,
): void {
  input.title = title;
  input.step = step?.number;
  input.totalSteps = step?.of;
  if (back === undefined) return;
  input.buttons = [vscode.QuickInputButtons.Back, ...input.buttons];
  input.onDidTriggerButton((button) => {
    if (button === vscode.QuickInputButtons.Back) goBack(back);
  });
}

/** Where some rows have an icon, the others get an empty one, so that labels line up. */
export function alignedIcons<I extends vscode.QuickPickItem>(items: readonly I[]): readonly I[] {
  if (!items.some(({ iconPath }) => iconPath !== undefined)) return items;
  return items.map((item) =>
    item.iconPath !== undefined || item.kind === vscode.QuickPickItemKind.Separator
      ? item
      : { ...item, iconPath: new vscode.ThemeIcon('blank') },
  );
}
