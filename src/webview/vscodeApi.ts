import type { PageKind, PageMemory, PageMessage } from '../protocol/messages';

/** What VS Code gives a page to talk to its host. It can be asked for once in the life of a page. */
export interface VsCodeApi<K extends PageKind> {
  postMessage(message: PageMessage<K>): void;
  getState(): unknown;
  setState(memory: PageMemory<K>): void;
}

declare global {
  function acquireVsCodeApi<K extends PageKind>(): VsCodeApi<K>;
}
