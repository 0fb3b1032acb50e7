import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Disposable } from '../../core/kernel/disposables';
import { plainText } from '../../core/kernel/plainText';
import type { Redactor } from '../../core/kernel/redact';
import type { ClientBackups } from '../../core/pages/client/readClientBackups';
import type { ShownClient } from '../../core/pages/client/shownClient';
import { nameOf } from '../../core/service/clientFacts';

const scheme = 'cloud-backup-client';

/** Shows clients as read-only JSON documents. */
export interface ClientDocuments extends Disposable {
  /** Opens the document of a client, or brings the open one up to date. */
  show(client: ShownClient, backups: ClientBackups): Promise<void>;
}

/** Keeps the text of each client as long as its document is open. Secrets that the redactor knows are masked. */
export function registerClientDocuments(redactor: Redactor): ClientDocuments {
  const texts = new Map<string, string>();
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const registered = vscode.Disposable.from(
    changes,
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changes.event,
      provideTextDocumentContent: (uri) =>
        texts.get(uri.toString()) ??
        JSON.stringify(t('This document was opened before VS Code was closed. Open it again.')),
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === scheme) texts.delete(uri.toString());
    }),
  );
  return {
    async show(client, backups) {
      const { node } = client;
      const { clientJson } = await import('../../core/pages/client/clientJson');
      const name = plainText(nameOf(node.client)).replace(/[\\/:*?"<>|]/g, ' ');
      // One folder per client, so that tabs have a readable name and two clients of one name have a document each.
      const uri = vscode.Uri.from({ scheme, path: `/${encodeURIComponent(node.id)}/${name}.json` });
      texts.set(
        uri.toString(),
        clientJson(client, backups, (text) => redactor.redact(text)),
      );
      changes.fire(uri);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    },
    dispose: () => void registered.dispose(),
  };
}
