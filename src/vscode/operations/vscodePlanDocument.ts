import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Notices } from '../../core/interaction/interaction';
import type { Disposable } from '../../core/kernel/disposables';
import { toBackupError } from '../../core/service/errors';
import type { PlanDocument } from '../../core/change/document';

const scheme = 'cloud-backup-plan';

/** The editor that shows Markdown as it reads. It can be turned off. */
const markdown = {
  extension: 'vscode.markdown-language-features',
  preview: 'vscode.markdown.preview.editor',
} as const;

/** Shows plans as read-only documents. */
export interface PlanDocuments extends Disposable {
  readonly show: (document: PlanDocument) => void;
}

/** Keeps the text of each plan as long as its document is open. */
export function registerPlanDocuments(notices: Pick<Notices, 'failure'>): PlanDocuments {
  const texts = new Map<string, string>();
  let shown = 0;
  const registered = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: ({ path }) =>
        texts.get(path) ?? t('This plan was created before VS Code was closed. Preview it again.'),
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === scheme) texts.delete(uri.path);
    }),
  );
  const show = async ({ title, text }: PlanDocument): Promise<void> => {
    // One folder per plan, so that tabs have a readable name and two plans never share a text.
    const path = `/${++shown}/${title.replace(/[\\/:*?"<>|]/g, ' ')}.md`;
    texts.set(path, text);
    const uri = vscode.Uri.from({ scheme, path });
    // The pick keeps the focus.
    const options = { preserveFocus: true, preview: true };
    if (vscode.extensions.getExtension(markdown.extension)) {
      await vscode.commands.executeCommand('vscode.openWith', uri, markdown.preview, options);
    } else await vscode.window.showTextDocument(uri, options);
  };
  return {
    show: (document) => {
      show(document).catch((error: unknown) => notices.failure(toBackupError(error)));
    },
    dispose: () => void registered.dispose(),
  };
}
