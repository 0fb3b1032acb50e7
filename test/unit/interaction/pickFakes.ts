import { strict as assert } from 'node:assert';
import type {
  Choice,
  LiveQuestion,
  PickRow,
  LiveRows,
  Questions,
} from '../../../src/core/interaction/interaction';

/** What an open pick shows, in one line a row. */
function rowsInWords(rows: readonly PickRow<unknown>[]): readonly string[] {
  return rows.map((row) => {
    if (row.kind === 'heading') return `# ${row.label}`;
    if (row.kind === 'blocked') return `x ${row.label} | ${row.description}`;
    const words = [row.label, row.description, row.detail].filter((part) => part !== undefined).join(' | ');
    return `${row.picked ? '*' : '-'} ${words}`;
  });
}

/** A pick that stands open: a test looks at it, waits for its rows, and answers. */
export class OpenPick {
  constructor(
    readonly title: string,
    readonly live: LiveRows<unknown>,
    readonly textRow: ((typed: string) => PickRow<unknown> | undefined) | undefined,
    private readonly answer: (labels: readonly string[] | undefined) => void,
  ) {}

  get rows(): readonly string[] {
    return rowsInWords(this.live.rows());
  }

  /** Resolves when the list has come, or has not. */
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

/** Picks that stay open until a test answers them. Lists of one are answered by `next`. */
export class PickQuestions implements Pick<Questions, 'one' | 'manyLive'> {
  readonly asked: { readonly title: string; readonly rows: readonly string[] }[] = [];
  readonly #waiting: ((pick: OpenPick) => void)[] = [];
  #next: string | undefined;

  /** Label for the next list of one. */
  next(label: string | undefined): void {
    this.#next = label;
  }

  /** The next pick of several that opens. */
  opened(): Promise<OpenPick> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  one<T>(question: Parameters<Questions['one']>[0], choices: readonly Choice<T>[]): Promise<T | undefined> {
    this.asked.push({
      title: question.title,
      rows: choices.map(({ label, description, detail }) =>
        [label, description, detail].filter((part) => part !== undefined).join(' | '),
      ),
    });
    if (this.#next === undefined) return Promise.resolve(undefined);
    const choice = choices.find(({ label }) => label === this.#next);
    assert.ok(choice, `no row ${this.#next}`);
    return Promise.resolve(choice.value);
  }

  manyLive<T>(question: LiveQuestion<T>, live: LiveRows<T>): Promise<readonly T[] | undefined> {
    return new Promise((resolve) => {
      const pick = new OpenPick(question.title, live, question.textRow, (labels) => {
        const rows = live.rows();
        resolve(
          labels?.map((label) => {
            const row = rows.find((one) => one.label === label) ?? question.textRow?.(label);
            assert.ok(row?.kind === 'choice', `cannot be ticked: ${label}`);
            return row.value;
          }),
        );
      });
      const waiting = this.#waiting.shift();
      assert.ok(waiting, `nobody waits for ${question.title}`);
      waiting(pick);
    });
  }
}
