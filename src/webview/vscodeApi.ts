import type { PageMemory, PageMessage } from '../protocol/messages';

/** What VS Code gives a page to talk to its host. It can be asked for once in the life of a page. */
export interface VsCodeApi {
  postMessage(message: PageMessage): void;
  getState(): unknown;
  setState(memory: PageMemory): void;
}

declare global {
  function acquireVsCodeApi(): VsCodeApi;
}
