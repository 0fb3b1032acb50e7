import { strict as assert } from 'node:assert';
import type {
  Choice,
  ComposeQuestion,
  ChoiceQuestion,
  LiveQuestion,
  LiveRows,
  NoticeAction,
  Notices,
  PickQuestion,
  PickRow,
  Questions,
  TextQuestion,
  TypedQuestion,
} from '../../src/core/interaction/interaction';
import type { BackupError } from '../../src/core/service/errors';

type Kind = keyof Questions;
type Row = PickRow<unknown>;

/** One question, as the user sees it. Rows of a live pick are those that it shows now. */
export interface Asked {
  readonly kind: Kind;
  readonly title: string;
  /** The prompt, placeholder, or message. */
  readonly words: string;
  readonly detail?: string | undefined;
  /** Of a text box: what it starts with, what it hints at, and whether it's masked. */
  readonly value?: string | undefined;
  readonly hint?: string | undefined;
  readonly secret?: boolean | undefined;
  readonly validate?: ((text: string) => string | undefined) | undefined;
  readonly whileTyping?: ((text: string) => string | undefined) | undefined;
  /** Such as "2/4". */
  readonly step?: string | undefined;
  /** Labels of the buttons, or of the rows that can be chosen. */
  readonly labels: readonly string[];
  /** Labels of the rows that are ticked. */
  readonly ticked: readonly string[];
  /** `+` ticked, `-` offered, `x` shown and not offered, `#` a heading; then label, description, and detail. */
  readonly rows: readonly string[];
}

/** Presses the Back button of a question that has one. */
export const back = '← Back';

/** A label, several of them, a text, or {@link back}; `undefined` backs out. */
export type Answer = string | readonly string[] | undefined;
type Reply = (asked: Asked) => Answer | Promise<Answer>;

/** Agrees to everything, takes what is ticked or comes first, and types what a box hints at. */
const agreeable: Readonly<Record<Kind, Reply>> = {
  confirm: ({ labels }) => labels[0],
  compose: ({ labels }) => labels[0],
  text: ({ hint }) => hint,
  one: ({ labels }) => labels[0],
  many: ({ ticked }) => ticked,
  manyLive: ({ ticked }) => ticked,
  confirmTyped: ({ hint }) => hint,
};

/** A user who agrees to everything, until a test puts answers in a row (`answer`) or decides by kind of question (`on`). */
export class FakeUser implements Questions {
  readonly asked: Asked[] = [];
  /** What text boxes said against what was typed. */
  readonly problems: string[] = [];
  /** How the user answers each kind of question. */
  on: Partial<Record<Kind, Reply>> = {};
  /** What happens while a live pick is open. */
  whilePicking: () => Promise<unknown> = () => Promise.resolve();
  #script: Answer[] | undefined;
  /** The action that was chosen after a text was typed. */
  #chosen: string | undefined;
  readonly #opened: ((pick: OpenPick) => void)[] = [];

  /** Answers the next questions in this order, and fails the test at a question after the last of them. */
  answer(...answers: readonly Answer[]): this {
    (this.#script ??= []).push(...answers);
    return this;
  }

  /** How many answers are left. */
  get unused(): number {
    return this.#script?.length ?? 0;
  }

  ofKind(kind: Kind): readonly Asked[] {
    return this.asked.filter((asked) => asked.kind === kind);
  }

  /** Rows of the last live pick. */
  get rows(): readonly string[] {
    return this.ofKind('manyLive').at(-1)?.rows ?? [];
  }

  /** The next live pick, which stays open until the test answers it. */
  opened(): Promise<OpenPick> {
    return new Promise((resolve) => this.#opened.push(resolve));
  }

  async text<B = never>(question: TextQuestion<B>): Promise<string | B | undefined> {
    const { title, prompt, placeholder, value, secret, validate } = question;
    const answer = await this.#typed(
      {
        kind: 'text',
        title,
        words: prompt,
        value,
        hint: placeholder,
        secret,
        validate,
        whileTyping: question.whileTyping,
        step: stepOf(question),
      },
      validate === undefined ? undefined : (text) => (text === back ? undefined : validate(text)),
    );
    if (answer === back) return backOf(question);
    const problem =
      answer === undefined
        ? undefined
        : await question.attempt?.(answer, { signal: new AbortController().signal });
    if (problem === undefined) return answer;
    this.problems.push(problem);
    return undefined;
  }

  /** Answered with the label of a row, or with a text that the question takes. */
  async one<T, B = never>(
    question: PickQuestion<T, B>,
    rows: readonly PickRow<T>[],
  ): Promise<T | B | undefined> {
    const answer = await this.#ask({ kind: 'one', ...wordsOf(question) }, () => rows);
    if (answer === undefined) return undefined;
    if (answer === back) return backOf(question);
    const row = rows.find(({ label }) => label === answer);
    const typed = typeof answer === 'string' && !row ? question.textRow?.(answer) : row;
    return choiceAmong(typed ? [typed] : [], typed?.label ?? answer).value;
  }

  async many<T, B = never>(
    question: ChoiceQuestion<B>,
    choices: readonly Choice<T>[],
  ): Promise<readonly T[] | B | undefined> {
    const labels = await this.#ask({ kind: 'many', ...wordsOf(question) }, () => choices);
    if (labels === back) return backOf(question);
    return listOfLabels(labels)?.map((label) => choiceAmong(choices, label).value);
  }

  async manyLive<T, B = never>(
    question: LiveQuestion<T, B>,
    live: LiveRows<T>,
  ): Promise<readonly T[] | B | undefined> {
    // As a pick does, it draws its rows anew only when it hears that they changed.
    let drawn = live.rows();
    const following = live.onDidChange(() => (drawn = live.rows()));
    const asked = this.#keep({ kind: 'manyLive', ...wordsOf(question) }, () => drawn);
    const choices = (labels: readonly string[]): readonly T[] =>
      live.rows().flatMap((row) => (isChoice(row) && labels.includes(row.label) ? [row.value] : []));
    this.press = (label, ...ticked) => {
      const button = question.buttons?.find((one) => one.label === label);
      assert.ok(button, `no button ${label}`);
      button.run(choices(ticked.length > 0 ? ticked : asked.ticked));
    };
    try {
      const waiting = this.#opened.shift();
      if (waiting) return await this.#open(waiting, asked, question, live);
      await this.whilePicking();
      const answer = await this.#reply(asked);
      if (answer === back) return backOf(question);
      const labels = listOfLabels(answer);
      return labels && choices(labels);
    } finally {
      following.dispose();
    }
  }

  #open<T>(
    waiting: (pick: OpenPick) => void,
    asked: Asked,
    { textRow }: Pick<LiveQuestion<T>, 'textRow'>,
    live: LiveRows<T>,
  ): Promise<readonly T[] | undefined> {
    return new Promise((resolve) => {
      const pick = new OpenPick(asked, live, textRow, (labels) => {
        const rows = live.rows();
        resolve(
          labels?.map((label) => {
            const row = rows.find((one) => one.label === label) ?? textRow?.(label);
            assert.ok(row && isChoice(row), `can't be ticked: ${label}`);
            return row.value;
          }),
        );
      });
      waiting(pick);
    });
  }

  /** Answered with labels of rows, `*label` for the button of a row, and texts that are typed, one after the other. */
  async compose<T>({ title, placeholder, text, rows, onChosen }: ComposeQuestion<T>): Promise<T | undefined> {
    let typed = text;
    const drawn = (): readonly Row[] =>
      rows(typed).map((row) => (row.kind === 'heading' ? row : { ...row, kind: 'choice', value: row }));
    const answer = await this.#ask({ kind: 'compose', title, words: placeholder, value: text }, drawn);
    for (const one of typeof answer === 'string' ? [answer] : (answer ?? [])) {
      const label = one.replace(/^\*/, '');
      const row = rows(typed).find((each) => each.kind === 'row' && each.label === label);
      if (row?.kind !== 'row') {
        typed = one;
        continue;
      }
      const step = one === label ? row.step : row.button?.step;
      assert.ok(step, `no button at ${label}`);
      if ('answer' in step) return step.answer;
      typed = step.text;
      onChosen(typed);
    }
    return undefined;
  }

  /** Presses a button in the title of the live pick that is open; `ticked` are the rows ticked by then. */
  press: (label: string, ...ticked: readonly string[]) => void = (label) =>
    assert.fail(`no pick is open: ${label}`);

  async confirm({
    message,
    detail,
    actions,
  }: Parameters<Questions['confirm']>[0]): Promise<string | undefined> {
    const buttons = actions.map((label) => ({ label, value: label }));
    const answer = await this.#ask(
      { kind: 'confirm', title: message, words: message, detail },
      () => buttons,
    );
    return answer === undefined ? undefined : choiceAmong(buttons, answer).value;
  }

  /** Answered with a text, a text and then the label of an action, with a label that needs no text, or with `back`. */
  async confirmTyped(question: TypedQuestion): Promise<string | undefined> {
    const { title, placeholder, mismatch, agreeing, actions, others = [], facts } = question;
    const rows = [...actions, ...others].map((label) => ({ label, value: label }));
    const isOther = (answer: Answer) => answer === back || others.some((label) => label === answer);
    const validate = (text: string) => (agreeing.includes(text.trim()) ? undefined : mismatch);
    const answer = await this.#typed(
      {
        ...{ kind: 'confirmTyped', title, words: placeholder, hint: agreeing[0], validate },
        detail: facts.map(({ kind, label }) => (kind ? `# ${label}` : label)).join('\n'),
        step: stepOf(question),
      },
      (text) => (isOther(text) ? undefined : validate(text)),
      () => rows,
    );
    if (answer === undefined) return undefined;
    if (answer === back) return backOf(question);
    if (isOther(answer)) return answer;
    const chosen = this.#chosen ?? actions[0];
    assert.ok(chosen !== undefined && actions.includes(chosen), `no action ${chosen ?? ''}`);
    return chosen;
  }

  async #typed(
    asked: Omit<Asked, 'labels' | 'ticked' | 'rows'>,
    validate: ((text: string) => string | undefined) | undefined,
    rows: () => readonly Row[] = () => [],
  ): Promise<string | undefined> {
    const scripted = this.#script !== undefined;
    const reply = await this.#ask(asked, rows);
    const [answer, chosen] = typeof reply === 'object' ? reply : [reply];
    this.#chosen = chosen;
    const problem = answer === undefined ? undefined : validate?.(answer);
    if (problem === undefined) return answer;
    assert.ok(!scripted, `refused: ${answer ?? ''}: ${problem}`);
    this.problems.push(problem);
    return undefined;
  }

  async #ask(
    question: Omit<Asked, 'labels' | 'ticked' | 'rows'>,
    rows: () => readonly Row[],
  ): Promise<Answer> {
    return this.#reply(this.#keep(question, rows));
  }

  async #reply(asked: Asked): Promise<Answer> {
    if (!this.#script) return (this.on[asked.kind] ?? agreeable[asked.kind])(asked);
    assert.ok(this.#script.length > 0, `nobody answers: ${asked.words}`);
    return this.#script.shift();
  }

  #keep(question: Omit<Asked, 'labels' | 'ticked' | 'rows'>, rows: () => readonly Row[]): Asked {
    const asked: Asked = {
      ...question,
      get labels() {
        return rows().flatMap((row) => (isChoice(row) ? [row.label] : []));
      },
      get ticked() {
        return tickedIn(rows());
      },
      get rows() {
        return rows().map(rowInWords);
      },
    };
    this.asked.push(asked);
    return asked;
  }
}

/** A live pick that stays open: a test looks at it, waits for its rows, and answers it. */
export class OpenPick {
  constructor(
    private readonly asked: Asked,
    readonly live: LiveRows<unknown>,
    readonly textRow: ((typed: string) => PickRow<unknown> | undefined) | undefined,
    private readonly answer: (labels: readonly string[] | undefined) => void,
  ) {}

  get title(): string {
    return this.asked.title;
  }

  get rows(): readonly string[] {
    return this.asked.rows;
  }

  /** Resolves once no more rows come. */
  settled(): Promise<void> {
    if (!this.live.running()) return Promise.resolve();
    return new Promise((resolve) => {
      const following = this.live.onDidChange(() => {
        following.dispose();
        resolve();
      });
    });
  }

  /** Confirms with these rows ticked; a text that is no row is typed. */
  take(...labels: readonly string[]): void {
    this.answer(labels);
  }

  escape(): void {
    this.answer(undefined);
  }
}

/** Keeps what the user is shown. Work under progress runs with a signal that `cancel` aborts. */
export class FakeNotices implements Notices {
  /** Such as "info: Signed in." */
  readonly shown: string[] = [];
  readonly failures: BackupError[] = [];
  /** Buttons of the last notification. */
  actions: readonly NoticeAction[] = [];
  /** Such as "view: Reading clients". */
  readonly progressed: string[] = [];
  readonly reports: string[] = [];
  readonly #cancelling = new AbortController();

  /** As if Cancel was pressed in every progress there is and will be. */
  cancel(): void {
    this.#cancelling.abort();
  }

  /** Presses a button of the last notification. @returns the labels of all of them */
  press(label: string): readonly string[] {
    this.actions.find((action) => action.label === label)?.run();
    return this.actions.map((action) => action.label);
  }

  info(message: string, actions: readonly NoticeAction[] = []): void {
    this.shown.push(`info: ${message}`);
    this.actions = actions;
  }

  warn(message: string, actions: readonly NoticeAction[] = []): void {
    this.shown.push(`warn: ${message}`);
    this.actions = actions;
  }

  failure(error: BackupError, actions: readonly NoticeAction[] = []): void {
    this.failures.push(error);
    this.actions = actions;
  }

  progress<T>(
    title: string,
    place: 'notification' | 'view',
    work: (report: (message: string) => void, waiting: { readonly signal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    this.progressed.push(`${place}: ${title}`);
    return work((message) => void this.reports.push(message), { signal: this.#cancelling.signal });
  }
}

function backOf<B>({ back: answer, title }: { readonly back?: B; readonly title: string }): B {
  assert.ok(answer !== undefined, `no Back button: ${title}`);
  return answer;
}

function wordsOf(question: Omit<ChoiceQuestion, 'back'>) {
  return { title: question.title, words: question.placeholder, step: stepOf(question) };
}

function stepOf({ step }: { readonly step?: { readonly number: number; readonly of: number } }) {
  return step && `${step.number}/${step.of}`;
}

function isChoice<T>(row: PickRow<T>): row is PickRow<T> & Choice<T> {
  return 'value' in row;
}

function tickedIn(rows: readonly Row[]): readonly string[] {
  return rows.flatMap((row) => (isChoice(row) && row.picked ? [row.label] : []));
}

function choiceAmong<T>(rows: readonly PickRow<T>[], label: Answer): Choice<T> {
  const row = rows.find((one) => one.label === label);
  assert.ok(row, `no row ${String(label)}`);
  assert.ok(isChoice(row), `can't be chosen: ${String(label)}`);
  return row;
}

/** Labels in a script are joined by " + ". */
function listOfLabels(answer: Answer): readonly string[] | undefined {
  return typeof answer === 'string' ? answer.split(' + ') : answer;
}

function rowInWords(row: Row): string {
  if (row.kind === 'heading') return `# ${row.label}`;
  const { detail } = row;
  const words = [row.label, row.description, detail].filter(Boolean).join(' | ');
  return isChoice(row) ? `${row.picked ? '+' : '-'} ${words}` : `x ${words}`;
}
