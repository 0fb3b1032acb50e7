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

/** A pick in which a value that isn't among the rows can be typed. */
export interface PickQuestion<T> extends ChoiceQuestion {
  /**
   * The row for the text in the box: a choice, a blocked row that says what's wrong with the text, or none. Where many
   * can be chosen, Enter ticks it, and it stays once it was ticked.
   */
  readonly textRow?: (typed: string) => PickRow<T> | undefined;
}

/** A pick of many over rows that may change while it's open. */
export interface LiveQuestion<T> extends PickQuestion<T> {
  readonly buttons?: readonly PickButton<T>[];
}

/** Questions to the user. `undefined` always means that the user backed out. */
export interface Questions {
  text(question: TextQuestion): Promise<string | undefined>;
  one<T>(question: PickQuestion<T>, rows: readonly PickRow<T>[]): Promise<T | undefined>;
  many<T>(question: ChoiceQuestion, choices: readonly Choice<T>[]): Promise<readonly T[] | undefined>;
  /**
   * As `many`, over rows that may change while it is open. What the user ticked stays ticked while it can be chosen; a
   * row that is new starts as `picked` says. Rows that cannot be chosen are shown and never answered.
   */
  manyLive<T>(question: LiveQuestion<T>, rows: LiveRows<T>): Promise<readonly T[] | undefined>;
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
