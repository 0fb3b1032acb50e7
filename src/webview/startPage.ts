import { html, render, type TemplateResult } from 'lit-html';
import { isPageMemory } from '../protocol/guards';
import type {
  ChangeOf,
  FromHost,
  FromPage,
  HostMessage,
  PageKind,
  PageMemory,
  StateOf,
} from '../protocol/messages';
import './page.css';
import { registerToolkit } from './toolkit';
import type { VsCodeApi } from './vscodeApi';

const copiedForMs = 2000;

/** What a page shows now. It changes; the page is drawn again each time. */
export interface View<K extends PageKind> {
  readonly state: StateOf<K>;
  /** Milliseconds since 1970 by the host's clock. */
  readonly now: number;
  /** The text that was copied just now, else empty. */
  readonly copied: string;
}

/** What a page works with. */
export interface PageDeps<K extends PageKind> {
  readonly root: HTMLElement;
  readonly view: View<K>;
  /** Draws the page again after something of its own changed. */
  readonly redraw: () => void;
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
  /** What it shows of its view. */
  template(): TemplateResult;
  /** A selector of what takes the focus from an element that's gone once the page is drawn again. */
  heirOf(focused: Element): string | undefined;
  /** True if it shows times, and so is drawn again every second. */
  readonly showsTimes: boolean;
  /** Takes note of a new state of the same subject, before it's drawn. */
  stateChanged?(): void;
  /** The state after a change of the one that's shown. A page that's always sent whole states has none. */
  changed?(change: ChangeOf<K>): StateOf<K>;
  /** Takes a message that only this kind of page gets. */
  receive?(message: FromHost<K>): void;
}

export type CreatePage<K extends PageKind> = (deps: PageDeps<K>) => Page<K>;

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
  #drawn: DrawnPage<K> | undefined;
  #hostAheadMs = 0;

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
      if (!document.hidden) this.#drawn?.tick(Date.now() + this.#hostAheadMs);
    }, 1000);
    this.#vscode.postMessage({ type: 'ready' });
  }

  #receive(message: HostMessage<K>): void {
    switch (message.type) {
      case 'state':
        this.#show(message.state);
        return;
      case 'changed': {
        const state = this.#drawn?.page.changed?.(message.change);
        if (state) this.#show(state);
        return;
      }
      case 'gone': {
        const { title, text } = message.gone;
        this.#drawn = undefined;
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
        this.#drawn?.showCopied(message.text);
        return;
      case 'own':
        this.#drawn?.page.receive?.(message.message);
    }
  }

  #show(state: StateOf<K>): void {
    const { subject, title, now } = state;
    this.#hostAheadMs = now - Date.now();
    document.title = title;
    if (this.#drawn?.view.state.subject === subject) {
      this.#drawn.update(state);
      return;
    }
    if (this.#memory?.subject !== subject) this.#memory = { subject };
    this.#vscode.setState(this.#memory);
    this.#drawn = new DrawnPage(this.#newRoot(), state, this.#create, {
      send: (message) => this.#vscode.postMessage({ type: 'own', message }),
      copy: (text) => this.#vscode.postMessage({ type: 'copy', text }),
      memory: this.#memory.own,
      remember: (own) => this.#remember({ own }),
    });
    window.scrollTo(0, this.#memory.scrollTop ?? 0);
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

/** A page in its element, drawn again as its view changes. */
class DrawnPage<K extends PageKind> {
  readonly page: Page<K>;
  view: View<K>;
  readonly #root: HTMLElement;

  constructor(
    root: HTMLElement,
    state: StateOf<K>,
    create: CreatePage<K>,
    deps: Omit<PageDeps<K>, 'root' | 'view' | 'redraw'>,
  ) {
    this.#root = root;
    this.view = { state, now: state.now, copied: '' };
    const viewNow = (): View<K> => this.view;
    this.page = create({
      ...deps,
      root,
      get view() {
        return viewNow();
      },
      redraw: () => this.#draw(),
    });
    this.page.stateChanged?.();
    this.#draw();
  }

  update(state: StateOf<K>): void {
    this.view = { ...this.view, state, now: state.now };
    this.page.stateChanged?.();
    this.#draw();
  }

  tick(now: number): void {
    if (!this.page.showsTimes) return;
    this.view = { ...this.view, now };
    this.#draw();
  }

  showCopied(copied: string): void {
    this.view = { ...this.view, copied };
    this.#draw();
    setTimeout(() => {
      if (copied === '' || this.view.copied !== copied) return;
      this.view = { ...this.view, copied: '' };
      this.#draw();
    }, copiedForMs);
  }

  #draw(): void {
    const focused = document.activeElement;
    const heir = focused ? this.page.heirOf(focused) : undefined;
    render(this.page.template(), this.#root);
    if (focused === document.activeElement) return;
    // A row that moves loses the focus.
    if (focused?.isConnected) focusOn(focused);
    else if (heir !== undefined) focusOn(this.#root.querySelector(heir));
  }
}

function focusOn(element: Element | null): void {
  if (element instanceof HTMLElement || element instanceof SVGElement) element.focus({ preventScroll: true });
}
