import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { PageKind } from '../../protocol/messages';

export interface PageResources {
  readonly kind: PageKind;
  /** Title of the document until its script gives it another. */
  readonly title: string;
  /** The page's own script and style sheet, as the webview may load them. */
  readonly script: vscode.Uri;
  readonly style: vscode.Uri;
  /** `webview.cspSource`. */
  readonly source: string;
  /** New for each page; lets this one script run and no other. */
  readonly nonce: string;
}

/** The page before its script has drawn anything. Loads the two files named and nothing else. */
export function pageHtml({ kind, title, script, style, source, nonce }: PageResources): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'nonce-${nonce}'`,
  ].join('; ');
  const loading = escapeHtml(t({ message: 'Loading…', comment: ['A page that has nothing to show yet'] }));
  return `<!DOCTYPE html>
<html lang="${escapeHtml(vscode.env.language)}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <!-- Where the toolkit looks for the nonce of the one style element that it makes. -->
  <meta property="csp-nonce" content="${nonce}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(title)}</title>
  <link rel="stylesheet" href="${escapeHtml(style.toString())}">
</head>
<body data-page="${kind}">
  <main aria-busy="true">
    <p class="loading"><span class="spinner" aria-hidden="true"></span>${loading}</p>
  </main>
  <script nonce="${nonce}" src="${escapeHtml(script.toString())}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
