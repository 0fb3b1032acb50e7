import { t } from '@vscode/l10n';
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { CommandId } from '../../../core/interaction/commandIds';
import type { OperationRef } from '../../../core/operations/operationRef';
import { isCancelled, toBackupError } from '../../../core/service/errors';
import { runCommand } from '../../runCommand';
import { pageState, type PageCommand } from '../../../core/operations/page/operationPage';
import { isPageMessage } from '../../../protocol/guards';
import { dispatch, type Handlers, type HostMessage, type PageMessage } from '../../../protocol/messages';
import { taskPageHtml } from './taskPageHtml';
import type { TaskPageDeps } from './taskPageDeps';

/** Milliseconds within which changes are sent together: one request can change many rows. */
const togetherMs = 100;

/** Buttons of the page that are commands of the extension. */
const commands: Readonly<Record<Exclude<PageCommand, 'checkNow'>, CommandId>> = {
  stopSending: 'cloudBackup.stopSending',
  stopWatching: 'cloudBackup.stopWatching',
  watchAgain: 'cloudBackup.watchAgain',
  retryFailed: 'cloudBackup.retryFailed',
  continueRollout: 'cloudBackup.continueRollout',
  exportReport: 'cloudBackup.exportOperation',
};

/** One web panel that shows one operation. Disposing it closes the panel. */
export class TaskPanel implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #operationId: string;
  readonly #deps: TaskPageDeps;
  readonly #closing = new AbortController();
  readonly #listening: vscode.Disposable;
  readonly #handlers: Handlers<PageMessage, Promise<void>> = {
    ready: async () => {
      this.#ready = true;
      await this.#send();
    },
    command: async ({ command }) => {
      const ref: OperationRef = { operationId: this.#operationId };
      if (command === 'checkNow') await this.#deps.operations.checkNow(ref.operationId);
      else await runCommand(commands[command], ref);
      await this.#send();
    },
    reveal: async ({ key }) => {
      const ref: OperationRef = { operationId: this.#operationId, machineKey: key };
      await runCommand('cloudBackup.revealClient', ref);
    },
    copy: async ({ text }) => {
      await this.#deps.clipboard.write(text);
      await this.#post({ type: 'copied', text });
    },
  };
  #sending = false;
  /** Asked for before the page could hear it. */
  #wantsProblems = false;
  #ready = false;

  /** Fills the panel, and calls `onDidClose` when it's closed. */
  constructor(panel: vscode.WebviewPanel, operationId: string, deps: TaskPageDeps, onDidClose: () => void) {
    this.#panel = panel;
    this.#operationId = operationId;
    this.#deps = deps;
    const { extensionUri } = deps;
    const { webview } = panel;
    this.#listening = vscode.Disposable.from(
      webview.onDidReceiveMessage((message: unknown) => {
        if (!isPageMessage(message)) return;
        deps.presence.begin(() => dispatch(this.#handlers, message)).catch(this.#onError);
      }),
      panel.onDidDispose(() => {
        this.#closing.abort();
        this.#listening.dispose();
        onDidClose();
      }),
    );
    const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', name));
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'task-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'task-dark.svg'),
    };
    webview.options = taskWebviewOptions(extensionUri);
    webview.html = taskPageHtml({
      script: file('webview.js'),
      style: file('webview.css'),
      source: webview.cspSource,
      nonce: randomBytes(16).toString('hex'),
      operationId,
    });
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Sends the current state soon. A hidden panel has no page; when it's shown, its page asks for the state. */
  update(): void {
    if (this.#sending || !this.#panel.visible) return;
    this.#sending = true;
    this.#sendSoon().catch((error: unknown) => {
      if (!isCancelled(error)) this.#onError(error);
    });
  }

  /** Shows only what failed, now or once the page is loaded. */
  showProblems(): void {
    this.#wantsProblems = true;
    if (this.#ready) this.#send().catch(this.#onError);
  }

  dispose(): void {
    this.#panel.dispose();
  }

  readonly #onError = (error: unknown): void => this.#deps.notices.failure(toBackupError(error));

  async #sendSoon(): Promise<void> {
    try {
      await this.#deps.clock.sleep(togetherMs, { signal: this.#closing.signal });
    } finally {
      this.#sending = false;
    }
    await this.#send();
  }

  async #send(): Promise<void> {
    const { operations, clock, recordsRead } = this.#deps;
    await recordsRead;
    const operation = operations.get(this.#operationId);
    if (!operation) {
      await this.#post({
        type: 'gone',
        title: t('Operation not found'),
        text: t('The records of this operation were deleted. You can close this page.'),
      });
      return;
    }
    const state = pageState(operation, {
      now: clock.now(),
      nextCheckAt: operations.nextCheckAt(operation.id),
      known: operations.list(),
    });
    if (!this.#closing.signal.aborted) this.#panel.title = state.title;
    await this.#post({ type: 'operation', state });
    if (!this.#wantsProblems || !this.#ready) return;
    this.#wantsProblems = false;
    await this.#post({ type: 'showProblems' });
  }

  async #post(message: HostMessage): Promise<void> {
    if (!this.#closing.signal.aborted) await this.#panel.webview.postMessage(message);
  }
}

/** A task page runs its own script, and loads files from the folder of the bundles only. */
export function taskWebviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')] };
}
