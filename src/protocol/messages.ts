import type { GoneState } from '../core/pages/page';
import type { ClientProtocol } from './client';
import type { OperationProtocol } from './operation';
import type { OverviewProtocol } from './overview';

export type { GoneState, StateInWords } from '../core/pages/page';
export type { Look } from '../core/operations/outcomes';

/** The kinds of pages, and what passes between each and the host besides what all have. */
interface Protocols {
  readonly operation: OperationProtocol;
  readonly client: ClientProtocol;
  readonly overview: OverviewProtocol;
}

/** A kind of page. */
export type PageKind = keyof Protocols;

/** Everything a page of a kind shows. */
export type StateOf<K extends PageKind> = Protocols[K]['state'];
/** What differs between two states of a page; never for kinds that are always sent whole. */
export type ChangeOf<K extends PageKind> = Protocols[K]['change'];
/** What only the host of that kind of page sends. */
export type FromHost<K extends PageKind> = Protocols[K]['fromHost'];
/** What only that kind of page sends. */
export type FromPage<K extends PageKind> = Protocols[K]['fromPage'];

/** What the host sends to a page. */
export type HostMessage<K extends PageKind = PageKind> =
  | { readonly type: 'state'; readonly state: StateOf<K> }
  /** What differs from the state that the page shows. */
  | { readonly type: 'changed'; readonly change: ChangeOf<K> }
  /** What the page is of doesn't exist anymore. */
  | { readonly type: 'gone'; readonly gone: GoneState }
  /** A text is on the clipboard. */
  | { readonly type: 'copied'; readonly text: string }
  | { readonly type: 'own'; readonly message: FromHost<K> };

/** What a page sends to the host. */
export type PageMessage<K extends PageKind = PageKind> =
  /** The page listens; the host answers with what it knows. */
  | { readonly type: 'ready' }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'own'; readonly message: FromPage<K> };

/** What VS Code keeps of a page between reloads. */
export interface PageMemory<K extends PageKind = PageKind> {
  /** What the page is of. */
  readonly subject: string;
  /** CSS pixels from the top. */
  readonly scrollTop?: number;
  readonly own?: Protocols[K]['memory'];
}

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
