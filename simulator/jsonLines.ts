/** A JSON value that knows the line it starts on, so that a mistake in a file can be pointed at. */
export type JsonNode =
  | { readonly kind: 'object'; readonly line: number; readonly members: ReadonlyMap<string, JsonNode> }
  | { readonly kind: 'array'; readonly line: number; readonly items: readonly JsonNode[] }
  | {
      readonly kind: 'scalar';
      readonly line: number;
      readonly value: string | number | boolean | null;
    };

/** Text that is not JSON; the message starts with the line. */
export class JsonSyntaxError extends Error {}

/** Parses JSON and keeps the lines, counted from 1. Throws JsonSyntaxError. */
export function parseJsonLines(text: string): JsonNode {
  const reader = new Reader(text);
  const node = reader.value();
  reader.end();
  return node;
}

const token = /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|([\w.+-]+)|(\S))/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): JsonNode {
    const { word, line } = this.#next();
    if (word === '{') return { kind: 'object', line, members: this.#members() };
    if (word === '[') return { kind: 'array', line, items: this.#items() };
    return { kind: 'scalar', line, value: scalar(word, line) };
  }

  end(): void {
    const { word, line } = this.#next();
    if (word !== '') throw new JsonSyntaxError(`line ${line}: unexpected ${word} after the end`);
  }

  #members(): Map<string, JsonNode> {
    const members = new Map<string, JsonNode>();
    if (this.#skip('}')) return members;
    do {
      const { word, line } = this.#next();
      const name = word.startsWith('"') ? scalar(word, line) : undefined;
      if (typeof name !== 'string')
        throw new JsonSyntaxError(`line ${line}: expected a field name in quotes`);
      if (members.has(name)) throw new JsonSyntaxError(`line ${line}: "${name}" comes twice`);
      this.#expect(':');
      members.set(name, this.value());
    } while (this.#skip(','));
    this.#expect('}');
    return members;
  }

  #items(): JsonNode[] {
    const items: JsonNode[] = [];
    if (this.#skip(']')) return items;
    do items.push(this.value());
    while (this.#skip(','));
    this.#expect(']');
    return items;
  }

  #skip(word: string): boolean {
    const before = this.#at;
    if (this.#next().word === word) return true;
    this.#at = before;
    return false;
  }

  #expect(wanted: string): void {
    const { word, line } = this.#next();
    if (word !== wanted) {
      throw new JsonSyntaxError(
        `line ${line}: expected ${wanted} but found ${word === '' ? 'the end' : word}`,
      );
    }
  }

  /** The next token, or an empty word at the end. */
  #next(): { readonly word: string; readonly line: number } {
    token.lastIndex = this.#at;
    const match = token.exec(this.#text);
    const word = match === null ? '' : (match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
    this.#at = match === null ? this.#text.length : token.lastIndex;
    const line = this.#text.slice(0, this.#at - word.length).split('\n').length;
    return { word, line };
  }
}

function scalar(word: string, line: number): string | number | boolean | null {
  let value: unknown;
  try {
    value = JSON.parse(word);
  } catch {
    throw new JsonSyntaxError(
      `line ${line}: ${word === '' ? 'the file ends too early' : `${word} is not JSON`}`,
    );
  }
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  throw new JsonSyntaxError(`line ${line}: ${word} is not JSON`);
}
