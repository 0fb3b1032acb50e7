import { html, render } from 'lit-html';
import { isPageMemory } from '../protocol/guards';
import { dispatch, type Handlers, type HostMessage, type PageMemory } from '../protocol/messages';
import { OperationPage } from './operationPage';
import './page.css';
import { registerToolkit } from './toolkit';
import type { VsCodeApi } from './vscodeApi';

const copiedForMs = 2000;

registerToolkit();
start(document.querySelector('main'), document.body.dataset['operationId']);

/** Listens to the host and draws the operation into `root`. */
function start(root: HTMLElement | null, operationId: string | undefined): void {
  if (!root || !operationId) return;
  const vscode: VsCodeApi = acquireVsCodeApi();
  const kept = vscode.getState();
  let memory: PageMemory = isPageMemory(kept) && kept.operationId === operationId ? kept : { operationId };
  vscode.setState(memory);

  const remember = (news: Partial<PageMemory>): void => {
    memory = { ...memory, ...news };
    vscode.setState(memory);
  };

  let page: OperationPage | undefined;
  let hostAheadMs = 0;

  const handlers: Handlers<HostMessage, void> = {
    operation: ({ state }) => {
      hostAheadMs = state.times.now - Date.now();
      if (page) {
        page.update(state);
        return;
      }
      const shown = element(root);
      page = new OperationPage(shown, state, memory.choice, {
        run: (command) => vscode.postMessage({ type: 'command', command }),
        copy: (text) => vscode.postMessage({ type: 'copy', text }),
        reveal: (key) => vscode.postMessage({ type: 'reveal', key }),
        onChoose: (choice) => remember({ choice }),
      });
      window.scrollTo(0, memory.scrollTop ?? 0);
    },
    gone: ({ title, text }) => {
      page = undefined;
      render(
        html`<div class="gone">
          <h1>${title}</h1>
          <p>${text}</p>
        </div>`,
        element(root),
      );
    },
    showProblems: () => page?.showProblems(),
    copied: ({ text }) => {
      const copiedOn = page;
      copiedOn?.showCopied(text);
      setTimeout(() => copiedOn?.hideCopied(text), copiedForMs);
    },
  };

  // VS Code delivers only messages of our own host here.
  window.addEventListener('message', ({ data }: MessageEvent<HostMessage>) => {
    dispatch(handlers, data);
  });
  window.addEventListener('scrollend', () => {
    remember({ scrollTop: Math.round(window.scrollY) });
  });
  setInterval(() => {
    if (!document.hidden) page?.tick(Date.now() + hostAheadMs);
  }, 1000);
  vscode.postMessage({ type: 'ready' });
}

/** A new element in the place of what `root` shows. */
function element(root: HTMLElement): HTMLElement {
  const made = document.createElement('div');
  root.replaceChildren(made);
  root.removeAttribute('aria-busy');
  return made;
}
