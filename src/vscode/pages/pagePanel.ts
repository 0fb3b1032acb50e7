import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Host } from '../../core/interaction/host';
import { isCancelled, toBackupError } from '../../core/service/errors';
import { isPageMessage } from '../../protocol/guards';
import type {
  ChangeOf,
  FromHost,
  FromPage,
  GoneState,
  HostMessage,
  PageKind,
  PageMessage,
  StateOf,
} from '../../protocol/messages';
import { pageHtml } from './pageHtml';
import { viewTypes } from './viewTypes';

/** Milliseconds within which changes are sent together: one request can change many rows. */
const togetherMs = 100;

/** What every page works with. */
export interface PageDeps extends Pick<Host, 'presence' | 'clock' | 'clipboard' | 'notices'> {
  /** Resolves once the records were read: only then does an operation that isn't there no longer exist. */
  readonly recordsRead: Promise<void>;
  readonly extensionUri: vscode.Uri;
}

/** What one page shows and can do. */
export interface PageContent<K extends PageKind> {
  readonly kind: K;
  /** What the page shows now; undefined while that isn't known yet. */
  state(): StateOf<K> | { readonly gone: GoneState } | undefined;
  /** What a page that shows `before` needs in order to show `now`; absent or undefined for everything. */
  changeSince?(before: StateOf<K>, now: StateOf<K>): ChangeOf<K> | undefined;
  /** Does what the page asks for. */
  handle(message: FromPage<K>): Promise<void>;
}

/** The bundle of each kind. The charts of Fleet Overview are large, so only it loads them. */
const bundles: Readonly<Record<PageKind, string>> = {
  operation: 'webview',
  client: 'webview',
  overview: 'overview',
};

/** The pictures of the tabs, in `media`. */
const icons: Readonly<Record<PageKind, string>> = {
  operation: 'task',
  client: 'client',
  overview: 'overview',
};

/** Opens an empty panel for a page, in front of the others. */
export function createPanel(
  kind: PageKind,
  title: string,
  { extensionUri }: Pick<PageDeps, 'extensionUri'>,
  { preserveFocus = false } = {},
): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(
    viewTypes[kind],
    title,
    { viewColumn: vscode.ViewColumn.Active, preserveFocus },
    { ...webviewOptions(extensionUri), enableFindWidget: true },
  );
}

/** A panel that shows a page and sends each new state to it. Disposing it closes the panel. */
export class PagePanel<K extends PageKind> implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #deps: PageDeps;
  readonly #closing = new AbortController();
  readonly #listening: vscode.Disposable;
  /** Messages that were sent before the page could receive them. */
  readonly #later: FromHost<K>[] = [];
  readonly #content: PageContent<K>;
  #sending = false;
  #ready = false;
  /** What the page shows; undefined before it has a state. */
  #shown: StateOf<K> | undefined;

  /** Fills the panel, and calls `onDidClose` when it's closed. */
  constructor(panel: vscode.WebviewPanel, content: PageContent<K>, deps: PageDeps, onDidClose: () => void) {
    this.#panel = panel;
    this.#content = content;
    this.#deps = deps;
    const { kind } = content;
    const { webview } = panel;
    this.#listening = vscode.Disposable.from(
      webview.onDidReceiveMessage((message: unknown) => {
        if (!isPageMessage(kind, message)) return;
        deps.presence.begin(() => this.#receive(message)).catch(this.#onError);
      }),
      panel.onDidDispose(() => {
        this.#closing.abort();
        this.#listening.dispose();
        onDidClose();
      }),
    );
    const { extensionUri } = deps;
    const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', name));
    const icon = (theme: string) => vscode.Uri.joinPath(extensionUri, 'media', `${icons[kind]}-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    webview.options = webviewOptions(extensionUri);
    webview.html = pageHtml({
      kind,
      title: panel.title,
      script: file(`${bundles[kind]}.js`),
      style: file(`${bundles[kind]}.css`),
      source: webview.cspSource,
      nonce: randomBytes(16).toString('hex'),
    });
  }

  /** Brings the panel to the front. */
  reveal({ preserveFocus = false } = {}): void {
    this.#panel.reveal(undefined, preserveFocus);
  }

  /** Sends the current state soon. A hidden panel has no page; when it's shown, its page asks for the state. */
  update(): void {
    if (this.#sending || !this.#panel.visible) return;
    this.#sending = true;
    this.#sendSoon().catch((error: unknown) => {
      if (!isCancelled(error)) this.#onError(error);
    });
  }

  /** Sends the current state at once: it's of something else. */
  sendNow(): void {
    this.#send().catch(this.#onError);
  }

  /** Sends a message that only this kind of page gets, once the page shows its state. */
  post(message: FromHost<K>): void {
    this.#later.push(message);
    if (this.#ready) this.#send().catch(this.#onError);
  }

  dispose(): void {
    this.#panel.dispose();
  }

  readonly #onError = (error: unknown): void => this.#deps.notices.failure(toBackupError(error));

  async #receive(message: PageMessage<K>): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        // A page that was hidden starts anew.
        this.#shown = undefined;
        return this.#send();
      case 'copy':
        await this.#deps.clipboard.write(message.text);
        return this.#post({ type: 'copied', text: message.text });
      case 'own':
        await this.#content.handle(message.message);
        return this.#send();
    }
  }

  async #sendSoon(): Promise<void> {
    try {
      await this.#deps.clock.sleep(togetherMs, { signal: this.#closing.signal });
    } finally {
      this.#sending = false;
    }
    await this.#send();
  }

  async #send(): Promise<void> {
    await this.#deps.recordsRead;
    const state = this.#content.state();
    if (!state) return;
    if ('gone' in state) {
      this.#shown = undefined;
      await this.#post({ type: 'gone', gone: state.gone });
      return;
    }
    if (!this.#closing.signal.aborted) this.#panel.title = state.title;
    const change = this.#shown && this.#content.changeSince?.(this.#shown, state);
    this.#shown = state;
    await this.#post(change === undefined ? { type: 'state', state } : { type: 'changed', change });
    if (!this.#ready) return;
    for (const message of this.#later.splice(0)) await this.#post({ type: 'own', message });
  }

  async #post(message: HostMessage<K>): Promise<void> {
    if (!this.#closing.signal.aborted) await this.#panel.webview.postMessage(message);
  }
}

/** A page runs its own script, and loads files from the folder of the bundles only. */
function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')] };
}
