import type { BackupError } from '../service/errors';
import type { Event } from '../kernel/events';
import type { Waiting } from '../kernel/waiting';

/** A row that can be chosen. Texts are localized and safe to show. */
export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** Name of a VS Code icon. */
  readonly icon?: string;
  readonly value: T;
  /** Chosen to begin with. */
  readonly picked?: boolean;
}

/**
 * One row of a pick. `blocked`: it's shown with the reason why it can't be chosen. `id` identifies the row while the
 * rows of a pick change; its label does where there's none.
 */
export type PickRow<T> =
  | ({ readonly kind?: 'choice'; readonly id?: string } & Choice<T>)
  | {
      readonly kind: 'blocked';
      readonly id?: string;
      readonly label: string;
      readonly description?: string;
      readonly detail?: string;
    }
  | { readonly kind: 'heading'; readonly label: string };

/** What identifies a row among those of its pick. */
export function rowId({ id, label }: Exclude<PickRow<unknown>, { readonly kind: 'heading' }>): string {
  return id ?? label;
}

export interface LiveRows<T> {
  /** The rows as they are now. */
  rows(): readonly PickRow<T>[];
  /** True while rows may still change. */
  running(): boolean;
  readonly onDidChange: Event<void>;
}

/** A button in the title of a pick. It leaves the pick open. */
export interface PickButton<T> {
  readonly label: string;
  /** Name of an icon of VS Code. */
  readonly icon: string;
  readonly run: (ticked: readonly T[]) => void;
}

/** A question of several in a row. */
interface Step<B> {
  /** "2 of 5", shown in the title. */
  readonly step?: { readonly number: number; readonly of: number };
  /** What the Back button answers; without it there's no such button. */
  readonly back?: B;
}

export interface TextQuestion<B = never> extends Step<B> {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  /** Masked, and never kept. */
  readonly secret?: boolean;
  /** A sentence that says what is wrong, or undefined. */
  readonly validate?: (text: string) => string | undefined;
  /** As `validate`, at each key from the first: what can't become right by typing on. */
  readonly whileTyping?: (text: string) => string | undefined;
  /**
   * Tries the text that was entered. The box stays open and busy meanwhile; it closes with undefined, and shows any
   * sentence for another try. Aborted when the user backs out. Never rejects.
   */
  readonly attempt?: (text: string, waiting: Waiting) => Promise<string | undefined>;
}

export interface ChoiceQuestion<B = never> extends Step<B> {
  readonly title: string;
  readonly placeholder: string;
}

/** A pick in which a value that isn't among the rows can be typed. */
export interface PickQuestion<T, B = never> extends ChoiceQuestion<B> {
  /**
   * The row for the text in the box: a choice, a blocked row that says what's wrong with the text, or none. Where many
   * can be chosen, Enter ticks it, and it stays once it was ticked.
   */
  readonly textRow?: (typed: string) => PickRow<T> | undefined;
}

/** A pick of many over rows that may change while it's open. */
export interface LiveQuestion<T, B = never> extends PickQuestion<T, B> {
  readonly buttons?: readonly PickButton<T>[];
}

/** A line of a {@link TypedQuestion}: something to know, or the heading of those below it. */
export interface Fact {
  readonly kind?: 'heading';
  readonly label: string;
  /** Name of an icon of VS Code. */
  readonly icon?: string;
}

/** A question that is agreed to by typing a text. */
export interface TypedQuestion extends Step<string> {
  /** The question itself, such as "Uninstall 3 clients in China (Hangzhou)?" */
  readonly title: string;
  /** What to type, such as "Type the number of clients". It doesn't contain the text. */
  readonly placeholder: string;
  /** What is said instead once another text was entered. */
  readonly mismatch: string;
  /** Texts that agree; spaces around them don't count. */
  readonly agreeing: readonly string[];
  /** What can be agreed to, as in `confirm`: offered once a text that agrees is typed. The first is Enter. */
  readonly actions: readonly string[];
  /** Choices that need no text. */
  readonly others?: readonly string[];
  /** All there is to know, most important first. It's shown whole: what doesn't fit can be scrolled to. */
  readonly facts: readonly Fact[];
}

/** What choosing a row of a {@link ComposeQuestion} does: it puts a text into the box, which stays open, or answers. */
export type ComposeStep<T> = { readonly text: string } | { readonly answer: T };

export type ComposeRow<T> =
  | { readonly kind: 'heading'; readonly label: string }
  | {
      readonly kind: 'row';
      readonly id: string;
      readonly label: string;
      readonly description?: string;
      /** Name of a VS Code icon. */
      readonly icon?: string;
      readonly step: ComposeStep<T>;
      /** At most one, at the end of the row. */
      readonly button?: { readonly label: string; readonly icon: string; readonly step: ComposeStep<T> };
    };

/** A text in a box, with rows that change it or use it. The rows aren't filtered by the text: `rows` decides. */
export interface ComposeQuestion<T> {
  readonly title: string;
  readonly placeholder: string;
  /** What the box starts with. */
  readonly text: string;
  /** The rows for a text. Enter means the first one. Its label should be the text, or VS Code moves it. */
  readonly rows: (text: string) => readonly ComposeRow<T>[];
  /** Called when a row has put another text into the box. */
  readonly onChosen: (text: string) => void;
}

/** Questions to the user. `undefined` always means that the user backed out. */
export interface Questions {
  text<B = never>(question: TextQuestion<B>): Promise<string | B | undefined>;
  one<T, B = never>(question: PickQuestion<T, B>, rows: readonly PickRow<T>[]): Promise<T | B | undefined>;
  many<T, B = never>(
    question: ChoiceQuestion<B>,
    choices: readonly Choice<T>[],
  ): Promise<readonly T[] | B | undefined>;
  /**
   * As `many`, over rows that may change while it is open. What the user ticked stays ticked while it can be chosen; a
   * row that the user hasn't touched follows `picked`. Rows that cannot be chosen are shown and never answered.
   */
  manyLive<T, B = never>(
    question: LiveQuestion<T, B>,
    rows: LiveRows<T>,
  ): Promise<readonly T[] | B | undefined>;
  /** A text that's put together from rows. */
  compose<T>(question: ComposeQuestion<T>): Promise<T | undefined>;
  /** A modal with one button besides Cancel, or a few; answers the label that was chosen. */
  confirm(question: {
    readonly message: string;
    readonly detail?: string;
    readonly actions: readonly string[];
  }): Promise<string | undefined>;
  /** As `confirm`, in a box in which a text is typed. Leaving the window or clicking a fact doesn't close it. */
  confirmTyped(question: TypedQuestion): Promise<string | undefined>;
}

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/** Buttons of a notification: two at most, the more useful one first. */
export type NoticeActions = readonly [] | readonly [NoticeAction] | readonly [NoticeAction, NoticeAction];

/** Notifications. One user action leads to one of them; none waits for an answer. */
export interface Notices {
  info(message: string, actions?: NoticeActions): void;
  warn(message: string, actions?: NoticeActions): void;
  /** Says what happened and the next step. What helps against it comes after `actions`, as far as there's room. */
  failure(error: BackupError, actions?: NoticeActions): void;
  /**
   * Shows a notification with progress while `work` runs. Its Cancel aborts the signal and closes it. With
   * `place: 'view'` the progress is shown at the client tree and in the status bar instead, and cannot be cancelled.
   */
  progress<T>(
    title: string,
    place: 'notification' | 'view',
    work: (report: (message: string, percent?: number) => void, waiting: Waiting) => Promise<T>,
  ): Promise<T>;
}
