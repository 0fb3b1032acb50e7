import { parse } from 'ini';

/** Keys of one section and their values, all of them text. */
export type IniSection = ReadonlyMap<string, string>;

/** Why a text is not such a file. The line counts from 1. */
export interface IniProblem {
  readonly line: number;
  readonly kind: 'section-not-closed' | 'before-first-section' | 'not-a-setting';
}

/** A text that is no INI file. */
export class BrokenIni extends Error {
  readonly problem: IniProblem;

  constructor(problem: IniProblem) {
    super(`${problem.kind} in line ${problem.line}`);
    this.problem = problem;
  }
}

const header = /^\[([^\][]+)\]\s*([;#].*)?$/;
const setting = /^([^=;#]+?)\s*=(.*)$/;

/**
 * Reads an INI text: sections by name, in their order; the same section or key again adds to or replaces what came
 * before. A comment begins a line or stands behind white space, so that `;` and `#` within a value belong to it;
 * quotes around a value are taken off, and what is between them is taken literally. Throws {@link BrokenIni} for a
 * line that is none of section, setting and comment: what follows it may belong elsewhere.
 */
export function parseIni(text: string): ReadonlyMap<string, IniSection> {
  const tree: Readonly<Record<string, unknown>> = parse(plainLines(text));
  return new Map(Object.entries(tree).map(([name, values]) => [name, sectionOf(values)]));
}

function sectionOf(values: unknown): IniSection {
  const section = new Map<string, string>();
  if (typeof values !== 'object' || values === null) return section;
  for (const [key, value] of Object.entries(values) as [string, unknown][]) {
    // The words true, false and null come as values of their own, `key[]` as a list: nothing here is called so.
    if (!Array.isArray(value)) section.set(key, String(value));
  }
  return section;
}

/**
 * The lines in the one spelling that the library reads without guessing: it does not know a section with a comment
 * behind it, makes `[a.b]` a part of `[a]`, cuts values at the first `;` or `#`, and reads quoted ones as JSON.
 */
function plainLines(text: string): string {
  let inSection = false;
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((raw, index) => {
      const line = raw.trim();
      if (line === '' || line.startsWith(';') || line.startsWith('#')) return '';
      const problem = (kind: IniProblem['kind']): BrokenIni => new BrokenIni({ line: index + 1, kind });
      if (line.startsWith('[')) {
        const name = header.exec(line)?.[1]?.trim() ?? '';
        if (name === '') throw problem('section-not-closed');
        inSection = true;
        return `[${JSON.stringify(name.replaceAll('.', '\\.'))}]`;
      }
      const [, key, value] = setting.exec(line) ?? [];
      if (key === undefined || value === undefined) throw problem('not-a-setting');
      if (!inSection) throw problem('before-first-section');
      return `${key}=${JSON.stringify(literal(value.trim()))}`;
    })
    .join('\n');
}

function literal(value: string): string {
  const quoted = /^(["'])(.*)\1(?:\s*[;#].*)?$/.exec(value)?.[2];
  return quoted ?? value.replace(/(?:^|\s+)[;#].*$/, '');
}
