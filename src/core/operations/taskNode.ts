import type { Icon } from '../kernel/icon';

/** What the menus of the manifest can look for in a row of the Tasks view. */
export const taskRowWords = [
  'day',
  'operation',
  'outcome',
  'machine',
  'watching',
  'ended',
  'sending',
  'retryable',
  'continuable',
  'unwatched',
  'hasRequestIds',
] as const;

export type TaskRowWord = (typeof taskRowWords)[number];

/**
 * A row of the Tasks view, ready to draw: a day of the history, an operation, clients with one outcome, or a client.
 */
export interface TaskNode {
  /**
   * Unique in the tree. The ID of an operation is its own; that of a client does not contain its group, so a row that
   * moves stays the same.
   */
  readonly id: string;
  readonly parentId?: string;
  readonly operationId?: string;
  readonly machineKey?: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon?: Icon;
  /** Menu words: the kind first, then what can be done. */
  readonly words: readonly TaskRowWord[];
  readonly folding: 'open' | 'closed' | 'none';
  /** Rows below, created when they are first needed. */
  readonly children: () => readonly TaskNode[];
  /** Differs if a row below might look different. */
  readonly contents: unknown;
}

/** Facts in one line. */
export function joined(parts: readonly (string | false)[]): string {
  return parts.filter(Boolean).join(' · ');
}

/** Makes it when it's first needed. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
