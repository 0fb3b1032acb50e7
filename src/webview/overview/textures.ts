import { html, svg, type TemplateResult } from 'lit-html';
import type { Series } from '../../protocol/overview';

/** What is drawn over the color of each texture but the plain one, on a tile of 6 × 6 CSS pixels. */
const tiles = {
  1: 'M-1 1l2 -2M0 6l6 -6M5 7l2 -2',
  2: 'M3 3h.01',
  3: 'M0 3h6M3 0v6',
  4: 'M0 3h6',
} as const;

/** The patterns that marks refer to. Once in a document. */
export function textureDefinitions(): TemplateResult {
  return html`<svg class="textures" width="0" height="0" aria-hidden="true">
    <defs>
      ${Object.entries(tiles).map(
        ([texture, path]) =>
          svg`<pattern id="texture-${texture}" width="6" height="6" patternUnits="userSpaceOnUse"><path
            class="texture-${texture}" d=${path}></path></pattern>`,
      )}
    </defs>
  </svg>`;
}

/** A rectangle in the color and texture of a series. */
export function areaTemplate(
  { tone, texture }: Pick<Series, 'tone' | 'texture'>,
  area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): TemplateResult {
  const rect = (className: string, fill: string) =>
    svg`<rect class=${className} data-tone=${tone} fill=${fill}
      x=${area.x} y=${area.y} width=${area.width} height=${area.height}></rect>`;
  return svg`${rect('area', '')}${texture === 0 ? '' : rect('texture', `url(#texture-${texture})`)}`;
}

/** A sample of a series for the legend. */
export function swatchTemplate(series: Pick<Series, 'tone' | 'texture'>): TemplateResult {
  return html`<svg class="swatch" width="12" height="12" aria-hidden="true">
    ${areaTemplate(series, { x: 0, y: 0, width: 12, height: 12 })}
  </svg>`;
}
