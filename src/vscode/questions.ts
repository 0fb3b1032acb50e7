import * as vscode from 'vscode';
import type { Disposable } from '../core/kernel/disposables';
import type {
  Choice,
  ChoiceQuestion,
  PickQuestion,
  PickRow,
  Questions,
  TextQuestion,
} from '../core/interaction/interaction';
import type { Clock } from '../core/kernel/clock';
import { askCompose } from './composeQuestion';
import { askManyLive } from './liveQuestions';
import { alignedIcons, nameStep } from './quickInputs';
import { askTyped } from './typedQuestions';

/** Input boxes, quick picks and modals of VS Code. Each opens at once, whatever the user does: see `attendedQuestions`. */
export function createQuestions(clock: Pick<Clock, 'sleep'>): Questions {
  return {
    text: askText,
    one: askOne,
    manyLive: (question, rows) => askManyLive(question, rows, clock),
    many: (question, choices) => {
      const rows = choices.map(
        (choice, index) => ({ kind: 'choice', id: String(index), ...choice }) as const,
      );
      return askManyLive(
        question,
        { rows: () => rows, running: () => false, onDidChange: nothingChanges },
        clock,
      );
    },
    compose: askCompose,
    confirm: async ({ message, detail, actions }) =>
      await vscode.window.showWarningMessage(
        message,
        { modal: true, ...(detail !== undefined && { detail }) },
        ...actions,
      ),
    confirmTyped: askTyped,
  };
}

const nothingChanges = (): Disposable => ({ dispose: () => undefined });

/** Shows a quick input and answers what `listen` finishes with, or undefined when it was closed. */
function ask<T, B>(
  input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  question: Pick<ChoiceQuestion<B>, 'title' | 'step' | 'back'>,
  listen: (finish: (answer: T) => void) => void,
): Promise<T | B | undefined> {
  return new Promise((resolve) => {
    const finish = (answer: T | B): void => {
      resolve(answer);
      input.hide();
    };
    nameStep(input, question, finish);
    listen(finish);
    input.onDidHide(() => {
      resolve(undefined);
      input.dispose();
    });
    input.show();
  });
}

function askText<B>(question: TextQuestion<B>): Promise<string | B | undefined> {
  const { prompt, placeholder, value = '', secret = false, validate, whileTyping, attempt } = question;
  const box = vscode.window.createInputBox();
  box.prompt = prompt;
  box.placeholder = placeholder;
  box.value = value;
  box.password = secret;
  // What was looked up elsewhere to be pasted here, or typed already, must not be lost by a click outside, nor by a
  // view that takes the focus a moment late.
  box.ignoreFocusOut = true;
  return ask(box, question, (finish) => {
    // Don't complain while the user is still typing: check at each key only after the text was rejected once.
    let refused = false;
    const check = (): boolean => {
      const problem = validate?.(box.value);
      box.validationMessage = problem;
      return problem === undefined;
    };
    box.onDidChangeValue((text) => {
      if (refused) refused = !check();
      else box.validationMessage = whileTyping?.(text);
    });
    const closing = new AbortController();
    box.onDidHide(() => closing.abort());
    const tryOut = async (text: string): Promise<void> => {
      [box.busy, box.enabled] = [true, false];
      const problem = await attempt?.(text, { signal: closing.signal });
      if (closing.signal.aborted) return;
      if (problem === undefined) {
        finish(text);
        return;
      }
      [box.busy, box.enabled] = [false, true];
      box.validationMessage = problem;
    };
    box.onDidAccept(() => {
      refused = !check();
      if (!refused) void tryOut(box.value);
    });
  });
}

type Item<T> = vscode.QuickPickItem & { readonly row: PickRow<T> };

/** VS Code can't disable a row: choosing a blocked one leaves the pick open. */
function askOne<T, B>(question: PickQuestion<T, B>, rows: readonly PickRow<T>[]): Promise<T | B | undefined> {
  const list = listOf<Item<T>>(question);
  const items = alignedIcons(rows.map(itemOf));
  list.items = items;
  const picked = items.find(({ row }) => 'picked' in row && row.picked);
  // Leave it unset otherwise: VS Code makes the first row active, but an empty list makes none active, and Enter does
  // nothing.
  if (picked) list.activeItems = [picked];
  const { textRow } = question;
  return ask(list, question, (finish) => {
    let own: PickRow<T> | undefined;
    if (textRow) {
      list.onDidChangeValue((text) => {
        own = ownRow(text);
        list.items = itemsWith(own, text);
      });
    }
    list.onDidAccept(() => {
      const row = list.selectedItems[0]?.row;
      // The text at the moment of Enter counts: VS Code shows a row for some moments after the text has changed.
      const chosen = row !== undefined && row === own ? textRow?.(list.value) : row;
      if (chosen && 'value' in chosen) finish(chosen.value);
    });
  });

  function ownRow(text: string): PickRow<T> | undefined {
    const typed = text.trim().toLowerCase();
    if (typed === '' || items.some(({ description }) => description === typed)) return undefined;
    const row = textRow?.(text);
    // A text that can't be used may be the beginning of a known row.
    return row?.kind === 'blocked' && isKnown(text) ? undefined : row;
  }

  function isKnown(text: string): boolean {
    const typed = text.trim().toLowerCase();
    return items.some(
      ({ label, description = '' }) =>
        label.toLowerCase().includes(typed) || description.toLowerCase().includes(typed),
    );
  }

  function itemsWith(own: PickRow<T> | undefined, text: string): readonly Item<T>[] {
    if (!own) return items;
    if (own.kind === 'blocked') return [{ row: own, label: own.label, alwaysShow: true }];
    // Rows that match by label sort first, so the text must not be in the label: Enter means a known row before it.
    const item = { row: own, label: '$(edit)', description: own.label, alwaysShow: true };
    // VS Code also finds letters that are apart: without a true match the text comes first.
    return isKnown(text) ? [...items, item] : [item, ...items];
  }
}

function itemOf<T>(row: PickRow<T>): Item<T> {
  if (row.kind === 'heading') return { row, label: row.label, kind: vscode.QuickPickItemKind.Separator };
  const icon = row.kind === 'blocked' ? 'circle-slash' : row.icon;
  return { row, ...textsOf(row), ...(icon !== undefined && { iconPath: new vscode.ThemeIcon(icon) }) };
}

function listOf<R extends vscode.QuickPickItem>({
  placeholder,
  step,
}: Omit<ChoiceQuestion, 'back'>): vscode.QuickPick<R> {
  const list = vscode.window.createQuickPick<R>();
  list.placeholder = placeholder;
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.ignoreFocusOut = step !== undefined;
  return list;
}

function textsOf({ label, description, detail }: Omit<Choice<unknown>, 'value'>): vscode.QuickPickItem {
  return {
    label,
    ...(description !== undefined && { description }),
    ...(detail !== undefined && { detail }),
  };
}
