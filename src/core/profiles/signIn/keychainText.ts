const highFirst = /^(?:\0[^\0])+(?:\0\0)*$/;
const lowFirst = /^(?:[^\0]\0)+(?:\0\0)*$/;
const printable = /^[\x21-\x7e]+$/;

/**
 * The text that a keychain entry was meant to hold, without white space around it. Other programs keep UTF-16 there,
 * which arrives as letters with zeros between them, or a zero at the end. Undefined for what isn't the plain ASCII of an
 * access key then; empty for an empty entry.
 */
export function keychainText(stored: string): string | undefined {
  // A byte order mark, or what is left of one.
  const text = stored.replace(/^(?:\uFEFF|\uFFFD{2})/, '');
  const wide = lowFirst.test(text) || highFirst.test(text);
  const plain = (wide ? text.replaceAll('\0', '') : text.replace(/\0+$/, '')).trim();
  return plain === '' || printable.test(plain) ? plain : undefined;
}
