import { readdir, readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { getL10nPseudoLocalized } from '@vscode/l10n-dev';

/** The language in which each text of ours is in brackets, accented, and at least 35 % longer. */
export const pseudoLanguage = 'qps-ploc';

/** An English text in the pseudo-language. */
function pseudo(text: string): string {
  return text.split('\n').map(pseudoLine).join('\n');
}

function pseudoLine(line: string): string {
  if (line === '') return line;
  // A welcome view shows a line as a button only when the line is nothing but a link.
  const [, label, link] = /^\[(.*)\](\(.*\))$/.exec(line) ?? [];
  if (label !== undefined) return `[${pseudoLine(label)}]${link ?? ''}`;
  const { line: accented } = getL10nPseudoLocalized({ line });
  const longer = typeof accented === 'string' ? accented : line;
  return `⟦${longer.padEnd(Math.ceil(line.length * 1.35), '~')}⟧`;
}

/**
 * Writes the texts of the installed extension in the pseudo-language beside its own.
 *
 * @param extensions the folder in which extensions are installed
 */
export async function writePseudoLocale(extensions: string): Promise<void> {
  const name = (await readdir(extensions)).find((one) => one.startsWith('cloud-backup-tools.'));
  if (name === undefined) throw new Error(`No extension is installed in ${extensions}.`);
  const files = {
    'package.nls.json': `package.nls.${pseudoLanguage}.json`,
    'l10n/bundle.l10n.json': `l10n/bundle.l10n.${pseudoLanguage}.json`,
  };
  for (const [english, translated] of Object.entries(files)) {
    const texts = await readTexts(path.join(extensions, name, english));
    const entries = Object.entries(texts).map(([key, text]) => [key, pseudo(text)]);
    await writeFile(path.join(extensions, name, translated), JSON.stringify(Object.fromEntries(entries)));
  }
}

/** What the extension shows for a key of `package.nls.json`, in the pseudo-language. */
export async function pseudoNls(): Promise<(key: string) => string> {
  const texts = await readTexts('package.nls.json');
  return (key) => {
    const text = texts[key];
    if (text === undefined) throw new Error(`package.nls.json has no ${key}.`);
    return pseudo(text);
  };
}

async function readTexts(file: string): Promise<Readonly<Record<string, string>>> {
  const texts = JSON.parse(await readFile(file, 'utf8')) as Record<string, string | { message: string }>;
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, typeof text === 'string' ? text : text.message]),
  );
}

/**
 * What is left of a text without the parts in brackets.
 *
 * @param allowed what needs no translation: names, IDs, addresses, versions, and the texts of VS Code
 * @returns words of two letters or more that are in no brackets
 */
export function untranslated(text: string, allowed: readonly RegExp[]): readonly string[] {
  let rest = text;
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replace(/⟦[^⟦⟧]*⟧/gu, ' ');
  }
  for (const one of allowed) rest = rest.replace(one, ' ');
  return rest.match(/\p{L}[\p{L}\p{M}’'-]+/gu) ?? [];
}
