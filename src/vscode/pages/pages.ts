import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/kernel/disposables';
import type { PageKind } from '../../protocol/messages';
import { registerOperationPages, type OperationPages, type OperationPagesDeps } from './operationPages';
import { registerOverviewPage, type OverviewPage, type OverviewPageDeps } from './overviewPage';

/** The web pages. Disposing closes them all. */
export interface Pages extends Disposable {
  readonly operation: OperationPages;
  readonly overview: OverviewPage;
  /** Fills a page that was open before a reload; `memory` is what the page remembered of itself. */
  revive(kind: PageKind, panel: vscode.WebviewPanel, memory: unknown): void;
}

export type PagesDeps = OperationPagesDeps & Omit<OverviewPageDeps, 'showOperation'>;

/** Makes all pages available and keeps them up to date. */
export function registerPages(deps: PagesDeps): Pages {
  const owned = new DisposableStore();
  const operation = owned.add(registerOperationPages(deps));
  const overview = owned.add(registerOverviewPage({ ...deps, showOperation: operation.show }));
  const revive: Readonly<Record<PageKind, (panel: vscode.WebviewPanel, memory: unknown) => void>> = {
    operation: (panel, memory) => operation.revive(panel, memory),
    client: (panel) => void panel.dispose(),
    overview: (panel) => overview.revive(panel),
  };
  return {
    operation,
    overview,
    revive: (kind, panel, memory) => revive[kind](panel, memory),
    dispose: () => owned.dispose(),
  };
}
