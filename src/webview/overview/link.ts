import { html, nothing, type TemplateResult } from 'lit-html';
import type { Target } from '../../protocol/overview';
import type { ChartDeps } from './chartDeps';

/** A text that opens a target, or only the text. `label`: the link for a screen reader, where the text is too short. */
export function linkTemplate(
  text: string,
  target: Target | undefined,
  { open }: Pick<ChartDeps, 'open'>,
  label?: string,
): TemplateResult {
  return target
    ? html`<button class="link" type="button" aria-label=${label ?? nothing} @click=${() => open(target)}>
        ${text}
      </button>`
    : html`<span>${text}</span>`;
}
