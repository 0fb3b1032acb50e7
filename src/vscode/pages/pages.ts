import type * as vscode from 'vscode';
import type { PageKind } from '../../protocol/messages';

/** Pages of one kind, as far as those that were open before a reload are concerned. */
interface Revivable {
  /** Fills a page that was open before a reload; `memory` is what the page remembered of itself. */
  revive(panel: vscode.WebviewPanel, memory: unknown): Promise<void>;
}

/** The pages of all kinds. */
export type Pages = Readonly<Record<PageKind, Revivable>>;
