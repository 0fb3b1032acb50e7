import { mkdir } from 'node:fs/promises';
import * as path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import sharp from 'sharp';

/** A part of the page in CSS pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the pictures of the README are. */
export const folder = path.join(process.cwd(), 'docs', 'figures');

/**
 * Saves a part of the page as docs/figures/<name>.png, with as many pixels as the page is drawn with.
 *
 * A picture of text in one theme has few colors: 64 of a palette look the same and take a third of the bytes.
 */
export async function savePicture(page: Page, name: string, clip: Area): Promise<void> {
  const shot = await page.screenshot({ clip, animations: 'disabled' });
  await mkdir(folder, { recursive: true });
  await sharp(shot)
    .png({ palette: true, colours: 64, dither: 0, effort: 10, compressionLevel: 9 })
    .toFile(path.join(folder, `${name}.png`));
}

/** What an element covers, with a margin around it, and no more than `height` of it. */
export async function areaOf(
  element: Locator,
  { margin = 0, height = Infinity }: { readonly margin?: number; readonly height?: number } = {},
): Promise<Area> {
  const box = await element.boundingBox();
  if (box === null) throw new Error(`Nothing is shown of ${String(element)}.`);
  return {
    x: Math.max(0, Math.floor(box.x - margin)),
    y: Math.max(0, Math.floor(box.y - margin)),
    width: Math.ceil(box.width + 2 * margin),
    height: Math.ceil(Math.min(box.height + 2 * margin, height)),
  };
}
