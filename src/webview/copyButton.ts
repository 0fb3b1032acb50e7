import { html, type TemplateResult } from 'lit-html';
import { copyIcon } from './icons';

/** A button that copies something; `copied` shows that it did. */
export function copyButton(label: string, copied: boolean, copy: () => void): TemplateResult {
  return html`<vscode-button appearance="icon" class="copy" aria-label=${label} title=${label} @click=${copy}
    >${copyIcon(copied)}</vscode-button
  >`;
}
