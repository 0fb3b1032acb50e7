const blank = /[ \t\n\r]*/y;
const text = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const word = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** A place in a text; both counts begin at 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/**
 * Where a text stops being JSON; undefined when it is JSON. Used where the words of `JSON.parse` may not be shown,
 * since they quote the text.
 */
export function brokenJsonAt(json: string): TextPlace | undefined {
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(json) ?? [];
    if (found === undefined) return false;
    at += found.length;
    return true;
  };
  const mark = (character: string): boolean => {
    skip(blank);
    if (json[at] !== character) return false;
    at++;
    return true;
  };
  // `open` holds what closes each list or object that is open; no recursion, so that depth costs no stack.
  const open: ('}' | ']')[] = [];
  const name = (): boolean => (skip(blank), skip(text)) && mark(':');
  for (let ok = true; ok;) {
    if (mark('{')) {
      if (!mark('}')) {
        open.push('}');
        ok = name();
        continue;
      }
    } else if (mark('[')) {
      if (!mark(']')) {
        open.push(']');
        continue;
      }
    } else {
      skip(blank);
      if (!skip(text) && !skip(word)) break;
    }
    while (open.length > 0 && mark(open[open.length - 1] ?? '')) open.pop();
    if (open.length === 0) {
      skip(blank);
      if (at === json.length) return undefined;
      break;
    }
    ok = mark(',') && (open[open.length - 1] === ']' || name());
  }
  const lines = json.slice(0, at).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
