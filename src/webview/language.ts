/** The language of the page; undefined for the browser's. */
export function language(): string | undefined {
  return document.documentElement.lang || undefined;
}
