// Replies of a full page have up to 20,000 values, eight levels deep. V8 takes seconds for millions of either.
const mostValues = 50_000;
const mostLevels = 100;
/** Characters that are parsed in no time whatever they are. */
const harmlessLength = 256 * 1024;
/** Numbers with so many digits may not fit a number. */
const longDigits = 16;

/** Thrown for JSON with more values, or deeper ones, than any reply has. */
export class TooManyValuesError extends Error {}

/**
 * Parses the JSON of a reply in time linear in its length. Whole numbers of 16 digits and more come as text: an
 * account's id that does not fit a number would become another account's. Throws SyntaxError when it is not JSON,
 * and {@link TooManyValuesError}.
 */
export function parseReplyJson(json: string): unknown {
  // Counting costs as much as parsing: a usual page goes without.
  const long = json.length > harmlessLength || hasLongDigits(json) ? longNumbersIn(json) : [];
  const value: unknown = JSON.parse(json);
  return long.length === 0 ? value : JSON.parse(quoted(json, long));
}

/** Whether so many digits follow each other: then every so-manieth character is one of them, and only those are looked at. */
function hasLongDigits(json: string): boolean {
  for (let at = longDigits - 1; at < json.length; at += longDigits) {
    if (!isDigit(json.charCodeAt(at))) continue;
    let start = at;
    while (isDigit(json.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (isDigit(json.charCodeAt(end))) end++;
    if (end - start >= longDigits) return true;
  }
  return false;
}

/** From where to where a number goes. */
type Span = readonly [start: number, end: number];

function quoted(json: string, spans: readonly Span[]): string {
  let result = '';
  let copied = 0;
  for (const [start, end] of spans) {
    result += `${json.slice(copied, start)}"${json.slice(start, end)}"`;
    copied = end;
  }
  return result + json.slice(copied);
}

/** The long whole numbers of a text, as far as it is JSON. */
function longNumbersIn(json: string): readonly Span[] {
  const found: Span[] = [];
  let level = 0;
  let values = 1;
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case '"':
        at = endOfString(json, at);
        break;
      case '{':
      case '[':
        level++;
        values++;
        break;
      case '}':
      case ']':
        level--;
        break;
      case ',':
        values++;
        break;
      default: {
        const end = endOfNumber(json, at);
        if (end - at >= longDigits && isLongWhole(json, at, end)) found.push([at, end]);
        at = Math.max(at, end - 1);
      }
    }
    if (values > mostValues || level > mostLevels) throw new TooManyValuesError();
  }
  return found;
}

/** Where the quote is that ends the string which begins here, or the end of the text. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    if (json[at] === '\\') at++;
    else if (json[at] === '"') return at;
  }
  return json.length;
}

/** Where the number ends that begins here; here when none does. */
function endOfNumber(json: string, start: number): number {
  let at = start;
  while (isNumberPart(json.charCodeAt(at))) at++;
  return at;
}

/** A loop, since a regular expression runs out of stack over millions of digits. */
function isLongWhole(json: string, start: number, end: number): boolean {
  const first = json[start] === '-' ? start + 1 : start;
  for (let at = first; at < end; at++) if (!isDigit(json.charCodeAt(at))) return false;
  return end - first >= longDigits;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Digits and `+-.eE`. */
function isNumberPart(code: number): boolean {
  return isDigit(code) || code === 43 || code === 45 || code === 46 || code === 69 || code === 101;
}
