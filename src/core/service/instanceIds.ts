/** What a pasted text names: ids, each once, and what is none. */
export interface PastedIds {
  readonly ids: readonly string[];
  /** Words that are no instance id, as they were pasted. */
  readonly malformed: readonly string[];
}

const wholeId = /^i-[a-z0-9]{3,62}$/;
// An input box drops line breaks, so that ids of a column run together: `i-` begins the next one, for an id holds no
// other hyphen.
const runTogether = /^(?:i-[a-z0-9]{3,62}?)(?:i-[a-z0-9]{3,62}?)+$/;

/**
 * Reads instance ids out of a pasted text, whatever stands between them: spaces, line breaks, commas, semicolons, tabs,
 * quotes, brackets. Upper case is taken for lower case. Any number of ids.
 */
export function readInstanceIds(text: string): PastedIds {
  const ids = new Set<string>();
  const malformed = new Set<string>();
  for (const word of text.split(/[\s,;|"'`()[\]{}<>，；、]+/u)) {
    if (word === '') continue;
    const found = idsIn(word.toLowerCase());
    if (found.length === 0) malformed.add(word);
    for (const id of found) ids.add(id);
  }
  return { ids: [...ids], malformed: [...malformed] };
}

function idsIn(word: string): readonly string[] {
  if (wholeId.test(word)) return [word];
  return runTogether.test(word) ? word.split(/(?=i-)/) : [];
}
