import type * as vscode from 'vscode';
import type { Disposable } from '../../core/kernel/disposables';
import { overviewPageState } from '../../core/pages/overview/overviewPage';
import { createPanel, PagePanel, type PageContent, type PageDeps } from './pagePanel';

/** The one page of Fleet Overview. Disposing closes it. */
export interface OverviewPage extends Disposable {
  /** Opens the page, or brings it to the front. */
  show(): void;
  /** Fills a page that was open before a reload. */
  revive(panel: vscode.WebviewPanel): void;
}

/** Makes Fleet Overview available and keeps it up to date. */
export function registerOverviewPage(deps: PageDeps): OverviewPage {
  let open: PagePanel<'overview'> | undefined;
  let disposed = false;
  const content: PageContent<'overview'> = {
    kind: 'overview',
    state: () => overviewPageState(deps.clock.now()),
    handle: () => Promise.resolve(),
  };
  const adopt = (panel: vscode.WebviewPanel): void => {
    open = new PagePanel(panel, content, deps, () => (open = undefined));
  };
  return {
    show() {
      if (open) open.reveal();
      else adopt(createPanel('overview', overviewPageState(deps.clock.now()).title, deps));
    },
    revive(panel) {
      if (disposed || open) panel.dispose();
      else adopt(panel);
    },
    dispose() {
      disposed = true;
      open?.dispose();
    },
  };
}
