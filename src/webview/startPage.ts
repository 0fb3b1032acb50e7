import { html, render } from 'lit-html';
import { isPageMemory } from '../protocol/guards';
import type { FromHost, FromPage, HostMessage, PageKind, PageMemory, StateOf } from '../protocol/messages';
import './page.css';
import { registerToolkit } from './toolkit';
import type { VsCodeApi } from './vscodeApi';

const copiedForMs = 2000;

/** What a page works with. */
export interface PageDeps<K extends PageKind> {
  /** Asks the host for something. */
  readonly send: (message: FromPage<K>) => void;
  /** Asks the host to put a text on the clipboard. */
  readonly copy: (text: string) => void;
  /** What the page remembered of this subject before a reload. */
  readonly memory: PageMemory<K>['own'];
  readonly remember: (memory: NonNullable<PageMemory<K>['own']>) => void;
}

/** The page of one kind while it's shown. */
export interface Page<K extends PageKind> {
  /** Draws a new state of the same subject. */
  update(state: StateOf<K>): void;
  /** Moves the times on; `now` is milliseconds since 1970 by the host's clock. */
  tick(now: number): void;
  /** Shows and announces that a text is on the clipboard; empty ends that. */
  showCopied(text: string): void;
  /** Takes a message that only this kind of page gets. */
  receive(message: FromHost<K>): void;
}

/** Draws the first state of a page into an element. */
export type CreatePage<K extends PageKind> = (
  root: HTMLElement,
  state: StateOf<K>,
  deps: PageDeps<K>,
) => Page<K>;

/** Listens to the host and shows what it sends in the document's `main`. Call it once. */
export function startPage<K extends PageKind>(kind: K, create: CreatePage<K>): void {
  registerToolkit();
  const main = document.querySelector('main');
  if (main) new ShownPage(kind, create, main, acquireVsCodeApi<K>()).listen();
}

class ShownPage<K extends PageKind> {
  readonly #create: CreatePage<K>;
  readonly #main: HTMLElement;
  readonly #vscode: VsCodeApi<K>;
  #memory: PageMemory<K> | undefined;
  #subject: string | undefined;
  #page: Page<K> | undefined;
  #hostAheadMs = 0;
  #copied = '';

  constructor(kind: K, create: CreatePage<K>, main: HTMLElement, vscode: VsCodeApi<K>) {
    this.#create = create;
    this.#main = main;
    this.#vscode = vscode;
    const kept = vscode.getState();
    this.#memory = isPageMemory(kind, kept) ? kept : undefined;
  }

  listen(): void {
    // VS Code delivers only messages of our own host here.
    window.addEventListener('message', ({ data }: MessageEvent<HostMessage<K>>) => this.#receive(data));
    window.addEventListener('scrollend', () => this.#remember({ scrollTop: Math.round(window.scrollY) }));
    setInterval(() => {
      if (!document.hidden) this.#page?.tick(Date.now() + this.#hostAheadMs);
    }, 1000);
    this.#vscode.postMessage({ type: 'ready' });
  }

  #receive(message: HostMessage<K>): void {
    switch (message.type) {
      case 'state':
        this.#show(message.state);
        return;
      case 'gone': {
        const { title, text } = message.gone;
        this.#page = undefined;
        document.title = title;
        render(
          html`<div class="gone">
            <h1>${title}</h1>
            <p>${text}</p>
          </div>`,
          this.#newRoot(),
        );
        return;
      }
      case 'copied':
        this.#showCopied(message.text);
        return;
      case 'own':
        this.#page?.receive(message.message);
    }
  }

  #show(state: StateOf<K>): void {
    const { subject, title, now } = state;
    this.#hostAheadMs = now - Date.now();
    document.title = title;
    if (this.#page && this.#subject === subject) {
      this.#page.update(state);
      return;
    }
    this.#subject = subject;
    if (this.#memory?.subject !== subject) this.#memory = { subject };
    this.#vscode.setState(this.#memory);
    this.#page = this.#create(this.#newRoot(), state, {
      send: (message) => this.#vscode.postMessage({ type: 'own', message }),
      copy: (text) => this.#vscode.postMessage({ type: 'copy', text }),
      memory: this.#memory.own,
      remember: (own) => this.#remember({ own }),
    });
    window.scrollTo(0, this.#memory.scrollTop ?? 0);
  }

  #showCopied(text: string): void {
    const page = this.#page;
    this.#copied = text;
    page?.showCopied(text);
    setTimeout(() => {
      if (this.#copied === text) page?.showCopied('');
    }, copiedForMs);
  }

  #remember(news: Partial<PageMemory<K>>): void {
    if (this.#memory === undefined) return;
    this.#memory = { ...this.#memory, ...news };
    this.#vscode.setState(this.#memory);
  }

  /** A new element in the place of what the page shows. */
  #newRoot(): HTMLElement {
    const root = document.createElement('div');
    this.#main.replaceChildren(root);
    this.#main.removeAttribute('aria-busy');
    return root;
  }
}
