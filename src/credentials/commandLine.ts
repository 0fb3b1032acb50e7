/** A command line that can't be split: a quote that stays open, a backslash at its end, or nothing in it. */
export class BrokenCommandLine extends Error {}

const afterBackslashInQuotes = new Set(['"', '\\', '$', '`']);

/**
 * Splits a command line into a program and its arguments as the Alibaba Cloud CLI does, without a shell: nothing is
 * expanded, and `;`, `|`, `$` and their like are characters as any. Single quotes keep everything; a backslash
 * escapes as POSIX has it. On Windows it is part of a path, and only `\"` between double quotes is an escape. Throws
 * {@link BrokenCommandLine}.
 */
export function splitCommandLine(
  line: string,
  windows: boolean,
): readonly [program: string, ...args: string[]] {
  const args: string[] = [];
  let word: string | undefined;
  let quote = '';
  const text = line.trim();
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === '\\' && quote !== "'" && isEscape(next, quote, windows)) {
      if (next === '') throw new BrokenCommandLine('ends with a backslash');
      at++;
      // A backslash before the end of a line joins the two lines.
      if (next !== '\n') word = (word ?? '') + next;
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) args.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== '') throw new BrokenCommandLine('has a quote that stays open');
  if (word !== undefined) args.push(word);
  const [program, ...rest] = args;
  if (!program) throw new BrokenCommandLine('is empty');
  return [program, ...rest];
}

/** Whether a backslash takes the next character with it, outside single quotes. */
function isEscape(next: string, quote: string, windows: boolean): boolean {
  if (windows) return quote === '"' && next === '"';
  return quote === '' || next === '\n' || afterBackslashInQuotes.has(next);
}
