import { svg, type TemplateResult } from 'lit-html';
import type { Look } from '../protocol/messages';

const circle = 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13z';
/** One shape per look, on a 16 × 16 grid, so that no meaning is in the color alone. */
const shapes: Readonly<Record<Look, string>> = {
  good: `${circle}M4.8 8.2l2.3 2.3l4.2-4.7`,
  bad: `${circle}M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2`,
  warning: 'M8 1.8l6.7 12.2h-13.4zM8 6.2v3.6M8 11.4v1',
  running: `${circle}M8 4.2v4l2.7 1.7`,
  waiting: circle,
  off: `${circle}M3.5 12.5l9-9`,
};
const copyShape = 'M5.5 5.5h8v9h-8zM3.5 11.5h-1v-10h8v2';
const checkShape = 'M2.5 8.5l3.5 3.5l7.5-8';

/** The icon of a state. It's hidden from screen readers, since the words beside it say the same. */
export function lookIcon(look: Look): TemplateResult {
  return drawing(shapes[look], look);
}

/** Two sheets, or a check mark after the copy. */
export function copyIcon(copied: boolean): TemplateResult {
  return drawing(copied ? checkShape : copyShape, '');
}

function drawing(shape: string, look: Look | ''): TemplateResult {
  return svg`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" data-look=${look}><path d=${shape}></path></svg>`;
}
