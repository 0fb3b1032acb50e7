const mask = '******';
/** Shorter texts aren't added: masking them everywhere would hide too much. */
const shortestKept = 6;
// A CLI configuration with thousands of profiles must not push out tokens that are in use.
const most = 20_000;

/**
 * Masks every secret that was added, as it is and as it's encoded in URLs, forms, JSON, HTML, and Markdown. Every log,
 * page, file, and export passes through one. Keeps the 20,000 secrets that were added last, more than a window reads in
 * days of temporary credentials.
 */
export class Redactor {
  readonly #secrets = new Map<string, readonly string[]>();
  /** All forms by how they begin, the longest first; built when it is needed. */
  #byStart: ReadonlyMap<string, readonly string[]> | undefined;
  readonly #shortest: number;

  /** Secrets of fewer than `shortest` characters are left alone; from 1, and 6 unless given. */
  constructor(shortest = shortestKept) {
    this.#shortest = shortest;
  }

  /** Adds a secret; call it when the secret is read. */
  add(secret: string | undefined): void {
    if (secret === undefined || secret.length < this.#shortest) return;
    const known = this.#secrets.get(secret);
    // Added again: it's in use, so others are dropped first.
    this.#secrets.delete(secret);
    this.#secrets.set(secret, known ?? formsOf(secret));
    if (known) return;
    this.#byStart = undefined;
    const [oldest] = this.#secrets.keys();
    if (this.#secrets.size > most && oldest !== undefined) this.#secrets.delete(oldest);
  }

  /** The text with every known secret replaced. Overlapping secrets are masked whole. */
  redact(text: string): string {
    if (this.#secrets.size === 0) return text;
    const shortest = this.#shortest;
    const byStart = (this.#byStart ??= groupByStart(this.#secrets.values(), shortest));
    let result = '';
    let copied = 0;
    let maskedUntil = 0;
    for (let at = 0; at + shortest <= text.length; at++) {
      // One lookup per position, so that a long report is as fast with a thousand secrets as with one.
      const found = byStart.get(text.slice(at, at + shortest))?.find((form) => text.startsWith(form, at));
      if (found === undefined) continue;
      if (at >= maskedUntil) {
        result += text.slice(copied, at) + mask;
      }
      maskedUntil = Math.max(maskedUntil, at + found.length);
      copied = maskedUntil;
    }
    return result + text.slice(copied);
  }
}

/** The text with one secret replaced, however short, in every form; as it is without one. */
export function withoutSecret(text: string, secret: string | undefined): string {
  const redactor = new Redactor(1);
  redactor.add(secret);
  return redactor.redact(text);
}

function groupByStart(
  all: Iterable<readonly string[]>,
  shortest: number,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const form of [...all].flat().sort((a, b) => b.length - a.length)) {
    const start = form.slice(0, shortest);
    const group = groups.get(start);
    if (group) group.push(form);
    else groups.set(start, [form]);
  }
  return groups;
}

/** How a secret may be written; one of plain letters and digits has a single form. */
function formsOf(secret: string): readonly string[] {
  // Half a surrogate pair cannot be encoded.
  const uri = encodeURIComponent(secret.replace(/\p{Cs}/gu, '\uFFFD'));
  // The service signs with five more characters encoded, forms with a plus for each space and two others of their own.
  const strict = uri.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = strict.replaceAll('%20', '+').replaceAll('%2A', '*').replaceAll('~', '%7E');
  // What was signed is quoted as it was signed: encoded a second time.
  const encoded = [
    uri,
    uri.replaceAll('%20', '+'),
    strict,
    form,
    encodeURIComponent(uri),
    encodeURIComponent(strict),
  ];
  const html = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    ...new Set([
      secret,
      ...encoded,
      ...encoded.map((text) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())),
      JSON.stringify(secret).slice(1, -1),
      JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
      html,
      html.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
      html.replaceAll('"', '&quot;').replaceAll("'", '&#x27;'),
      secret.replace(/[\\`*_{}[\]()#+\-!~]/g, '\\$&'),
    ]),
  ];
}
