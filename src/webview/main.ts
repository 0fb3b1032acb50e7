import { isHostMessage, isPageMemory } from '../protocol/guards';
import type { PageMemory } from '../protocol/messages';
import { element } from './elements';
import { OperationPage } from './operationPage';
import './page.css';
import { registerToolkit } from './toolkit';
import type { VsCodeApi } from './vscodeApi';

const copiedForMs = 2000;

registerToolkit();
start(document.querySelector('main'), document.body.dataset['operationId']);

/** Listens to the host and draws into `root` what it says about the operation. */
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

  window.addEventListener('message', ({ data: message }: MessageEvent<unknown>) => {
    if (!isHostMessage(message)) return;
    switch (message.type) {
      case 'operation':
        hostAheadMs = message.state.times.now - Date.now();
        if (page) {
          page.update(message.state);
          return;
        }
        page = new OperationPage(message.state, memory.choice, {
          run: (command) => vscode.postMessage({ type: 'command', command }),
          copy: (text) => vscode.postMessage({ type: 'copy', text }),
          reveal: (key) => vscode.postMessage({ type: 'reveal', key }),
          onChoose: (choice) => remember({ choice }),
        });
        show(root, page.element);
        window.scrollTo(0, memory.scrollTop ?? 0);
        return;
      case 'gone':
        page = undefined;
        show(
          root,
          element('div', { class: 'gone' }, element('h1', {}, message.title), element('p', {}, message.text)),
        );
        return;
      case 'showProblems':
        page?.showProblems();
        return;
      case 'copied': {
        const copiedOn = page;
        copiedOn?.showCopied(message.text, true);
        setTimeout(() => copiedOn?.showCopied(message.text, false), copiedForMs);
      }
    }
  });
  window.addEventListener('scrollend', () => {
    remember({ scrollTop: Math.round(window.scrollY) });
  });
  setInterval(() => {
    if (!document.hidden) page?.tick(Date.now() + hostAheadMs);
  }, 1000);
  vscode.postMessage({ type: 'ready' });
}

function show(root: HTMLElement, content: HTMLElement): void {
  root.replaceChildren(content);
  root.removeAttribute('aria-busy');
}
