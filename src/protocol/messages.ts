import type { PageCommand, PageState } from '../core/operations/page/operationPage';

export type { PageCommand, PageState } from '../core/operations/page/operationPage';
export type { Cell, ClientRow, ClientTable, Column } from '../core/operations/page/clientTable';
export type { ProblemRow } from '../core/operations/page/problemRows';
export type { CallRow } from '../core/operations/page/requestRows';
export type { Look } from '../core/operations/outcomes';
export type { StateInWords } from '../core/operations/page/state';
export type { WaveRow } from '../core/operations/page/waveRows';
export type { PageTexts } from '../core/operations/page/pageTexts';

/** What the host sends to the page. */
export type HostMessage =
  | { readonly type: 'operation'; readonly state: PageState }
  /** The operation is no longer recorded. */
  | { readonly type: 'gone'; readonly title: string; readonly text: string }
  /** Show only problems until you change the filter. */
  | { readonly type: 'showProblems' }
  /** A text is on the clipboard. */
  | { readonly type: 'copied'; readonly text: string };

/** What the page sends to the host. */
export type PageMessage =
  /** The page listens; the host answers with what it knows. */
  | { readonly type: 'ready' }
  | { readonly type: 'command'; readonly command: PageCommand }
  /** Show the client with that key among all clients. */
  | { readonly type: 'reveal'; readonly key: string }
  | { readonly type: 'copy'; readonly text: string };

/** One handler for each message of a kind: a message without one doesn't compile. */
export type Handlers<M extends { readonly type: string }, R> = {
  readonly [T in M['type']]: (message: Extract<M, { readonly type: T }>) => R;
};

/** Passes a message to its handler. Throws for a message without one, such as one of another version. */
export function dispatch<M extends { readonly type: string }, R>(handlers: Handlers<M, R>, message: M): R {
  const handler: ((message: never) => R) | undefined = Object.hasOwn(handlers, message.type)
    ? handlers[message.type as M['type']]
    : undefined;
  if (!handler) throw new Error(`no handler for the message: ${message.type}`);
  return handler(message as never);
}

/** Which clients are shown, and in what order. */
export interface RowChoice {
  /** What a row has to contain, in any case; empty for all. */
  readonly text: string;
  /** Empty for all, `problems`, or the words of a state behind `state:`. */
  readonly state: string;
  /** Absent: the order of the plan. */
  readonly sort?: RowOrder;
}

export interface RowOrder {
  /** Id of a column. */
  readonly column: string;
  readonly descending: boolean;
}

/** What VS Code keeps of a page between reloads. */
export interface PageMemory {
  readonly operationId: string;
  /** CSS pixels from the top. */
  readonly scrollTop?: number;
  readonly choice?: RowChoice;
}
