import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Frame } from '@playwright/test';

/** What axe-core finds in a web page, as one text per rule with the elements that break it. */
export async function axeFindings(page: Frame): Promise<string[]> {
  const source = await readFile(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  // Compiled without the browser's types, so the part that runs in the page is a text.
  return page.evaluate<string[]>(
    `axe.run(document).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`,
  );
}

/** How many pixels of a page are beside what it shows, so that one would have to scroll sideways. */
export function overflowOf(page: Frame): Promise<number> {
  return page.evaluate<number>(`document.documentElement.scrollWidth - document.documentElement.clientWidth`);
}
