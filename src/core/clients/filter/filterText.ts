/** The facets that a term of a filter can name. */
export const facetNames = [
  'is',
  'status',
  'zone',
  'vpc',
  'version',
  'os',
  'arch',
  'type',
  'tag',
  'heartbeat',
  'backup',
  'region',
  'profile',
] as const;

export type FacetName = (typeof facetNames)[number];

/** A term of a filter: `zone:cn-hangzhou-h` has the facet `zone` and the value `cn-hangzhou-h`. */
export interface Term {
  readonly facet: FacetName;
  /** Without quotes. */
  readonly value: string;
}

/** One part of a filter as it was typed. */
export interface Token {
  /** Where it begins and ends in the text, as for `String.slice`. */
  readonly start: number;
  readonly end: number;
  /** Without quotes. */
  readonly text: string;
  /** What it says of a facet; absent for a free word. Its value can be empty while it's being typed. */
  readonly term?: Term;
}

/** True for what separates two parts of a filter outside quotes. */
function isSeparator(char: string): boolean {
  return /[\s,，、]/u.test(char);
}

/**
 * Splits a filter into its parts. Spaces and commas separate them. Quotes keep them together, at the beginning of a
 * part or after `:` or `=`; inside quotes, `\"` and `\\` stand for the character. A quote that isn't closed reaches to
 * the end. A part in quotes is a free word, whatever it looks like.
 */
export function splitFilter(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    if (isSeparator(text.charAt(at))) {
      at += 1;
      continue;
    }
    const start = at;
    let content = '';
    while (at < text.length && !isSeparator(text.charAt(at))) {
      const char = text.charAt(at);
      if (char === '"' && (at === start || /[:=]/.test(text.charAt(at - 1)))) {
        const quoted = readQuoted(text, at + 1);
        content += quoted.content;
        at = quoted.end;
      } else {
        content += char;
        at += 1;
      }
    }
    const term = text.charAt(start) === '"' ? undefined : termOf(content);
    tokens.push({ start, end: at, text: content, ...(term && { term }) });
  }
  return tokens;
}

/** `from`: after the opening quote. `end`: after the closing one. */
function readQuoted(text: string, from: number): { readonly content: string; readonly end: number } {
  let content = '';
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { content, end: at + 1 };
    const next = text.charAt(at + 1);
    if (char === '\\' && (next === '"' || next === '\\')) {
      content += next;
      at += 1;
    } else content += char;
  }
  return { content, end: text.length };
}

function termOf(content: string): Term | undefined {
  const colon = content.indexOf(':');
  const name = content.slice(0, colon).toLowerCase();
  const facet = facetNames.find((known) => known === name);
  return facet && { facet, value: content.slice(colon + 1) };
}

/** The text of a term, with quotes where its value needs them. `value` can be any text of the service. */
export function writeTerm(facet: FacetName, value: string): string {
  return `${facet}:${quoteIfNeeded(value)}`;
}

/** The text of a free word: in quotes where it would be split, or read as a term. */
export function writeWord(word: string): string {
  return termOf(word) ? quote(word) : quoteIfNeeded(word);
}

function quoteIfNeeded(text: string): string {
  return text === '' || /[\s,，、"]/u.test(text) ? quote(text) : text;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
