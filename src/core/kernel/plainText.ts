// Controls, direction overrides, zero-width and other unseen characters can hide or reorder the text around them;
// half a surrogate pair can't be encoded.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
// `$(name)` becomes an icon in labels, toasts and the status bar; `](target)` completes a link. A space ends both, and
// unlike a zero-width character it is seen when the text is copied.
const icon = /\$\(/g;
const linkTarget = /\]\(/g;
// Nearly every name. Looking for each of the above takes several times as long.
const surelyPlain = /^[!-'*-~]+(?: [!-'*-~]+)*$/;

/**
 * Makes a text of the service safe to show anywhere: no live icon, link or markup, no control or direction mark,
 * one line, at most `limit` characters. A text that's already plain stays as it is.
 */
export function plainText(text: string, limit = 120): string {
  if (text.length <= limit && surelyPlain.test(text)) return text;
  const line = text
    .replace(invisible, ' ')
    .replace(icon, '$ (')
    .replace(linkTarget, '] (')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : line;
}

/**
 * The text with its invisible characters shown as codes, such as `\u{202e}`, and nothing cut or smoothed. For where a
 * user must judge the exact text, and only plain text is shown, such as the detail of a modal.
 */
export function exactText(text: string): string {
  return text.replace(invisible, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
