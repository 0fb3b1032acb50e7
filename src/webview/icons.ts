import type { Look } from '../protocol/messages';

const namespace = 'http://www.w3.org/2000/svg';
const circle = 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13z';
/** One shape a look, on a 16 × 16 grid, so that the colour says nothing that the shape does not. */
const shapes: Readonly<Record<Look, string>> = {
  good: `${circle}M4.8 8.2l2.3 2.3l4.2-4.7`,
  bad: `${circle}M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2`,
  warning: 'M8 1.8l6.7 12.2h-13.4zM8 6.2v3.6M8 11.4v1',
  running: `${circle}M8 4.2v4l2.7 1.7`,
  waiting: circle,
  off: `${circle}M5 8h6`,
};
const copyShape = 'M5.5 5.5h8v9h-8zM3.5 11.5h-1v-10h8v2';
const checkShape = 'M2.5 8.5l3.5 3.5l7.5-8';

/** The icon of a state; the words beside it say the same, so it is hidden from screen readers. */
export function lookIcon(look: Look): SVGSVGElement {
  const icon = drawing(shapes[look]);
  icon.dataset['look'] = look;
  return icon;
}

/** Two sheets, or a check mark once the copy is made. */
export function copyIcon(copied: boolean): SVGSVGElement {
  return drawing(copied ? checkShape : copyShape);
}

function drawing(shape: string): SVGSVGElement {
  const icon = document.createElementNS(namespace, 'svg');
  icon.setAttribute('viewBox', '0 0 16 16');
  icon.setAttribute('aria-hidden', 'true');
  icon.classList.add('icon');
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', shape);
  icon.append(path);
  return icon;
}
