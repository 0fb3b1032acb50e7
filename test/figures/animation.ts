import { mkdir } from 'node:fs/promises';
import * as path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import sharp from 'sharp';
import { folder, type Area } from './picture';

interface Frame {
  readonly image: Buffer;
  /** How long it's shown, in milliseconds. */
  readonly shown: number;
}

/** An arrow, since a screenshot has no mouse pointer. Its tip is at 0, 0. */
const pointer = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="24">
    <path d="M1 1v17l4-4 3 7 3-1.3-3-7h6z" fill="#fff" stroke="#000" stroke-width="1.2"/>
  </svg>`,
);

/** Records a part of the page as frames, each with a mouse pointer and a time that it's shown for. */
export class Recording {
  readonly #frames: Frame[] = [];
  #last: Buffer | undefined;
  #at: { readonly x: number; readonly y: number };

  constructor(
    private readonly page: Page,
    private readonly clip: Area,
  ) {
    this.#at = { x: clip.x + clip.width * 0.6, y: clip.y + clip.height * 0.6 };
  }

  /** Adds what the page shows now. */
  async hold(milliseconds: number): Promise<void> {
    await this.#add(await this.#shot(), milliseconds);
  }

  /** Moves the pointer to an element, with the page as it was at the last frame. */
  async pointAt(element: Locator): Promise<void> {
    const box = await element.boundingBox();
    if (box === null) throw new Error(`Nothing is shown of ${String(element)}.`);
    const from = this.#at;
    const to = { x: box.x + Math.min(box.width / 2, 90), y: box.y + box.height / 2 };
    const image = this.#last ?? (await this.#shot());
    for (const part of [0.25, 0.55, 0.8, 0.95, 1]) {
      this.#at = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
      await this.#add(image, 60);
    }
  }

  /**
   * Adds each picture that differs from the one before, until `end` is seen. However long the page takes, each is shown
   * for the same time.
   */
  async follow(end: Locator, milliseconds: number): Promise<void> {
    for (let ended = false; !ended;) {
      ended = await end.isVisible();
      const image = await this.#shot();
      if (this.#last?.equals(image) !== true) await this.#add(image, milliseconds);
      await this.page.waitForTimeout(150);
    }
  }

  /** Saves the frames as docs/figures/<name>.gif, which plays again and again. */
  async save(name: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const images = this.#frames.map(({ image }) => image);
    await sharp(images, { join: { animated: true } })
      .gif({
        delay: this.#frames.map(({ shown }) => shown),
        loop: 0,
        colours: 64,
        dither: 0,
        effort: 10,
        interFrameMaxError: 2,
      })
      .toFile(path.join(folder, `${name}.gif`));
  }

  #shot(): Promise<Buffer> {
    return this.page.screenshot({ clip: this.clip, scale: 'css', animations: 'disabled' });
  }

  async #add(image: Buffer, shown: number): Promise<void> {
    this.#last = image;
    const left = Math.round(this.#at.x - this.clip.x);
    const top = Math.round(this.#at.y - this.clip.y);
    const drawn = await sharp(image)
      .composite([{ input: pointer, left, top }])
      .png()
      .toBuffer();
    this.#frames.push({ image: drawn, shown });
  }
}
