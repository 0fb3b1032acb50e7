/**
 * Whether the user is still waiting for what they started. A question that opens seconds after the click takes the keys that
 * were meant for another editor, so whatever takes the keyboard asks here first.
 */
export interface Presence {
  /** True while the user who started this flow has done nothing else and has not waited for long. */
  isHere(): boolean;
  /**
   * Resolves with true at once when the user is here. Else it shows a notification with `what` (a sentence or a title,
   * localised and safe to show) and a button, and resolves with true when that is pressed, false when it is closed.
   */
  whenHere(what: string): Promise<boolean>;
  /** Runs what the user has just started, as a flow of its own. */
  begin<T>(run: () => T): T;
  /** The user has just acted in this flow: answered a question, for one. */
  acted(): void;
}
