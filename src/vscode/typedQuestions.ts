import * as vscode from 'vscode';
import type { Fact, TypedQuestion } from '../core/interaction/interaction';
import { nameStep } from './quickInputs';

interface Row extends vscode.QuickPickItem {
  /** What choosing the row answers; undefined where it's only there to be read. */
  readonly answer?: string;
  /** True where the answer needs the text. */
  readonly agrees?: boolean;
}

/**
 * Asks for a text in a quick pick that lists what there is to know: an input box has one line for that, and a modal no
 * room to type. The first rows agree, once the text is right.
 */
export function askTyped(question: TypedQuestion): Promise<string | undefined> {
  const { placeholder, mismatch, agreeing, actions, others = [], facts } = question;
  const list = vscode.window.createQuickPick<Row>();
  list.placeholder = placeholder;
  list.ignoreFocusOut = true;
  const read = [...others.map(actionRow), ...facts.flatMap(factRows)];
  // The text at the moment of Enter counts: VS Code shows a row for some moments after the text has changed.
  const agrees = (): boolean => agreeing.includes(list.value.trim());
  const draw = (hint: Row): void => {
    list.items = [...(agrees() ? actions.map(agreeingRow) : [hint]), ...read];
  };
  const ask: Row = { label: `$(edit) ${placeholder}`, alwaysShow: true };
  return new Promise((resolve) => {
    const finish = (answer: string | undefined): void => {
      resolve(answer);
      list.hide();
    };
    nameStep(list, question, finish);
    list.onDidChangeValue(() => draw(ask));
    list.onDidAccept(() => {
      const [row] = list.selectedItems;
      if (row && read.includes(row)) {
        // A click on a fact must not agree. Drawing again makes the first row the one that Enter means.
        if (row.answer === undefined) draw(ask);
        else finish(row.answer);
      } else if (agrees()) finish(row?.agrees ? row.answer : actions[0]);
      else if (list.value !== '') draw({ label: `$(error) ${mismatch}`, alwaysShow: true });
    });
    list.onDidHide(() => {
      resolve(undefined);
      list.dispose();
    });
    draw(ask);
    list.show();
  });
}

// A row is one line, and what doesn't fit in the box is cut off.
const lineLength = 80;

// VS Code sorts rows by how well their label matches the text, so the labels of these hold nothing that could.
function factRows({ kind, label, icon = 'blank' }: Fact): readonly Row[] {
  if (kind === 'heading') return [{ label, kind: vscode.QuickPickItemKind.Separator }];
  return wrapped(label).map((description, line) => ({
    label: `$(${line === 0 ? icon : 'blank'})`,
    description,
    alwaysShow: true,
  }));
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= lineLength) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function agreeingRow(action: string): Row {
  return { label: `$(check) ${action}`, answer: action, agrees: true, alwaysShow: true };
}

function actionRow(action: string): Row {
  return { label: '$(gear)', description: action, answer: action, alwaysShow: true };
}
