import type { BackupError } from './errors';
import type { Waiting } from './ports';

/** One row of a pick. Texts are already localised and safe to show. */
export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: T;
  readonly picked?: boolean;
}

export interface TextQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  /** Masked, and never kept. */
  readonly secret?: boolean;
  /** "2 of 5", shown in the title. */
  readonly step?: { readonly number: number; readonly of: number };
  /** A sentence that says what is wrong, or undefined. */
  readonly validate?: (text: string) => string | undefined;
}

export interface ChoiceQuestion {
  readonly title: string;
  readonly placeholder: string;
  readonly step?: { readonly number: number; readonly of: number };
}

/** Questions to the user. `undefined` always means that the user backed out. */
export interface Questions {
  text(question: TextQuestion): Promise<string | undefined>;
  one<T>(question: ChoiceQuestion, choices: readonly Choice<T>[]): Promise<T | undefined>;
  /** As `one`, and a text that fits no row can be taken as it is when `validate` finds nothing wrong with it. */
  oneOrText<T>(
    question: ChoiceQuestion & { readonly validate: (text: string) => string | undefined },
    choices: readonly Choice<T>[],
  ): Promise<{ readonly value: T } | { readonly text: string } | undefined>;
  many<T>(question: ChoiceQuestion, choices: readonly Choice<T>[]): Promise<readonly T[] | undefined>;
  /** A modal with one button besides Cancel (or two); answers the label that was chosen. */
  confirm(question: {
    readonly message: string;
    readonly detail?: string;
    readonly actions: readonly string[];
  }): Promise<string | undefined>;
}

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/** What the user is told. One user action leads to one notice; none of these waits for an answer. */
export interface Notices {
  info(message: string, actions?: readonly NoticeAction[]): void;
  warn(message: string, actions?: readonly NoticeAction[]): void;
  /** In words, with a next step and the RequestId. */
  failure(error: BackupError, actions?: readonly NoticeAction[]): void;
  /**
   * Shows a notification with progress while `work` runs. Its Cancel aborts the signal and closes it. With
   * `place: 'view'` the progress stands at the client tree instead and cannot be cancelled.
   */
  progress<T>(
    title: string,
    place: 'notification' | 'view',
    work: (report: (message: string, percent?: number) => void, waiting: Waiting) => Promise<T>,
  ): Promise<T>;
}
