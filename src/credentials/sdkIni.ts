import { t } from '@vscode/l10n';
import { BrokenFile } from './smallFile';

/** Keys of one section and their values, all of them text. */
export type IniSection = ReadonlyMap<string, string>;

const header = /^\[([^\][]+)\]\s*([;#].*)?$/;
const setting = /^([^=;#]+?)\s*=(.*)$/;

/**
 * Reads an INI text: sections by name, in their order; the same section or key again adds to or replaces what came
 * before. A comment is a line of its own or follows white space, so that `;` and `#` within a value belong to it;
 * quotes around a value are taken off, and what is between them is taken literally. Throws BrokenFile for a line
 * that is none of section, setting and comment: what follows it might belong elsewhere.
 */
export function parseIni(text: string): ReadonlyMap<string, IniSection> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      const name = header.exec(line)?.[1]?.trim() ?? '';
      if (name === '') {
        throw new BrokenFile(t("Line {0} isn't a valid section header such as [default].", index + 1));
      }
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
      continue;
    }
    const [, key, value] = setting.exec(line) ?? [];
    if (key === undefined || value === undefined) {
      throw new BrokenFile(
        t('Line {0} is neither a section header nor a name with “=” and a value.', index + 1),
      );
    }
    if (!section) throw new BrokenFile(t('Line {0} comes before the first section.', index + 1));
    // Lists, which other readers of INI files know, are none of the documented keys.
    if (!key.endsWith('[]')) section.set(key, literal(value.trim()));
  }
  return sections;
}

function literal(value: string): string {
  const quoted = /^(["'])(.*)\1(?:\s*[;#].*)?$/.exec(value)?.[2];
  return quoted ?? value.replace(/(?:^|\s+)[;#].*$/, '');
}
