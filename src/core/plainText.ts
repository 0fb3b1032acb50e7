// Controls, zero-width characters and direction overrides can hide or reorder what stands around them.
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
// `$(name)` becomes an icon in labels, toasts and the status bar; a zero-width joiner would do, but must not come back.
const icon = /\$\(/g;
const linkTarget = /\]\(/g;

/**
 * Makes a text of the service safe to show anywhere: no live icon, link or markup, no control or direction mark,
 * one line, at most `limit` characters.
 */
export function plainText(text: string, limit = 120): string {
  const line = text.replace(invisible, ' ').replace(/\s+/g, ' ').trim();
  const characters = Array.from(line);
  const cut = characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : line;
  return cut.replace(icon, '$ (').replace(linkTarget, '] (');
}
