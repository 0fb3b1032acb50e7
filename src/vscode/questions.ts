import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Disposable } from '../core/kernel/disposables';
import type {
  Choice,
  ChoiceQuestion,
  PickRow,
  Questions,
  TextQuestion,
} from '../core/interaction/interaction';
import type { Clock } from '../core/kernel/clock';
import { askManyLive } from './liveQuestions';

/** Input boxes, quick picks and modals of VS Code. Each opens at once, whatever the user does: see `attendedQuestions`. */
export function createQuestions(clock: Pick<Clock, 'monotonic'>): Questions {
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
    oneOrText: (question, choices) => askOneOrText(question, choices),
    confirm: async ({ message, detail, actions }) =>
      await vscode.window.showWarningMessage(
        message,
        { modal: true, ...(detail !== undefined && { detail }) },
        ...actions,
      ),
  };
}

const nothingChanges = (): Disposable => ({ dispose: () => undefined });

/** Shows a quick input and answers what `listen` finishes with, or undefined when it was closed. */
function ask<T>(
  input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  { title, step }: Pick<ChoiceQuestion, 'title' | 'step'>,
  listen: (finish: (answer: T) => void) => void,
): Promise<T | undefined> {
  input.title = title;
  input.step = step?.number;
  input.totalSteps = step?.of;
  return new Promise((resolve) => {
    listen((answer) => {
      resolve(answer);
      input.hide();
    });
    input.onDidHide(() => {
      resolve(undefined);
      input.dispose();
    });
    input.show();
  });
}

function askText(question: TextQuestion): Promise<string | undefined> {
  const { prompt, placeholder, value = '', secret = false, validate } = question;
  const box = vscode.window.createInputBox();
  box.prompt = prompt;
  box.placeholder = placeholder;
  box.value = value;
  box.password = secret;
  // What was looked up elsewhere to be pasted here, or typed already, must not be lost by a click outside, nor by a
  // view that takes the focus a moment late.
  box.ignoreFocusOut = true;
  return ask(box, question, (finish) => {
    // Nobody is told off before having finished typing: only a text that was refused is checked at every key.
    let refused = false;
    const check = (): boolean => {
      const problem = validate?.(box.value);
      box.validationMessage = problem;
      return problem === undefined;
    };
    box.onDidChangeValue(() => {
      if (refused) refused = !check();
    });
    box.onDidAccept(() => {
      refused = !check();
      if (!refused) finish(box.value);
    });
  });
}

interface Row<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** VS Code can disable no row: one that is blocked leaves the pick open. */
function askOne<T>(question: ChoiceQuestion, rows: readonly PickRow<T>[]): Promise<T | undefined> {
  type Item = vscode.QuickPickItem & { readonly choice?: Choice<T> };
  const list = listOf<Item>(question);
  const items = rows.map((row): Item => {
    if (!('kind' in row)) return { ...textsOf(row), choice: row };
    if (row.kind === 'heading') return { label: row.label, kind: vscode.QuickPickItemKind.Separator };
    return { ...textsOf(row), iconPath: new vscode.ThemeIcon('circle-slash') };
  });
  list.items = items;
  const picked = items.find(({ choice }) => choice?.picked);
  // Without one VS Code makes the first row active; told of none it would make none active, and Enter would do nothing.
  if (picked) list.activeItems = [picked];
  return ask(list, question, (finish) => {
    list.onDidAccept(() => {
      const choice = list.selectedItems[0]?.choice;
      if (choice) finish(choice.value);
    });
  });
}

/** A typed text that fits becomes a row of its own; one that does not is answered by a row that says why. */
function askOneOrText<T>(
  question: Parameters<Questions['oneOrText']>[0],
  choices: readonly Choice<T>[],
): Promise<{ readonly value: T } | { readonly text: string } | undefined> {
  // The row of the typed text has no value: what counts is the text at the moment of Enter, and VS Code shows a row
  // for some moments after the text has changed.
  type Answer = { readonly value: T } | 'typed' | 'problem';
  const list = listOf<Row<Answer>>(question);
  const rows = choices.map((choice): Row<Answer> => ({ ...rowOf(choice), value: { value: choice.value } }));
  list.items = rows;
  return ask(list, question, (finish) => {
    list.onDidChangeValue((text) => {
      list.items = rowsFor(text);
    });
    list.onDidAccept(() => {
      const answer = list.selectedItems[0]?.value;
      if (typeof answer === 'object') finish(answer);
      else if (answer === 'typed' && question.validate(list.value) === undefined)
        finish({ text: list.value });
    });
  });

  function rowsFor(text: string): readonly Row<Answer>[] {
    const typed = text.trim().toLowerCase();
    const fits = ({ label, description = '' }: Row<Answer>) =>
      label.toLowerCase().includes(typed) || description.toLowerCase().includes(typed);
    if (typed === '' || rows.some(({ description }) => description === typed)) return rows;
    const known = rows.some(fits);
    const problem = question.validate(text);
    if (problem !== undefined) return known ? rows : [{ label: problem, alwaysShow: true, value: 'problem' }];
    // Rows that match by label sort first, so the text must not stand there: Enter means a known row before it.
    const own: Row<Answer> = {
      label: '$(edit)',
      description: t('Use “{0}”', text.trim()),
      alwaysShow: true,
      value: 'typed',
    };
    // VS Code also finds letters that lie apart: without a true match the text comes first.
    return known ? [...rows, own] : [own, ...rows];
  }
}

function listOf<R extends vscode.QuickPickItem>({ placeholder, step }: ChoiceQuestion): vscode.QuickPick<R> {
  const list = vscode.window.createQuickPick<R>();
  list.placeholder = placeholder;
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.ignoreFocusOut = step !== undefined;
  return list;
}

function rowOf<T>(choice: Choice<T>): Row<T> {
  return { ...textsOf(choice), value: choice.value };
}

function textsOf({ label, description, detail }: Omit<Choice<unknown>, 'value'>): vscode.QuickPickItem {
  return {
    label,
    ...(description !== undefined && { description }),
    ...(detail !== undefined && { detail }),
  };
}
