import { html, type TemplateResult } from 'lit-html';

/** A ring that turns while something runs. Words beside it say so too. */
export function spinner(shown = true): TemplateResult {
  return html`<span class="spinner" aria-hidden="true" ?hidden=${!shown}></span>`;
}
