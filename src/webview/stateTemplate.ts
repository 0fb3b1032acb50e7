import { html, type TemplateResult } from 'lit-html';
import type { StateInWords } from '../protocol/messages';
import { lookIcon } from './icons';

/** A state as icon and words. */
export function stateTemplate({ text, look }: StateInWords): TemplateResult {
  return html`<span class="state">${lookIcon(look)}${text}</span>`;
}
