import { readdir, readFile } from 'node:fs/promises';
import * as path from 'node:path';

/** Where a secret was found, in words for a failed test; the secret itself is not in it. */
export interface Find {
  readonly secret: string;
  readonly form: string;
  readonly place: string;
  /** What stands in front of it there. */
  readonly after: string;
}

interface Form {
  readonly secret: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** Long secrets may be cut before they are masked: this much of either end counts as well. */
const endLength = 24;

/**
 * Looks for secrets in whatever was written or shown: as they are, encoded for URLs once and twice, for forms, JSON and
 * HTML, in base64 at each alignment, in hexadecimal, in UTF-16, and for long ones either end alone.
 */
export class SecretHunt {
  readonly #forms: readonly Form[];
  readonly #finds = new Map<string, Find>();

  /** @param secrets by a name that may stand in a failed test */
  constructor(secrets: Readonly<Record<string, string>>) {
    this.#forms = Object.entries(secrets).flatMap(([name, secret]) => formsOf(name, secret));
  }

  get finds(): readonly Find[] {
    return [...this.#finds.values()];
  }

  /** Looks into one text, or the bytes of one file. */
  look(place: string, content: string | Buffer): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (const { secret, form, bytes: wanted } of this.#forms) {
      const at = bytes.indexOf(wanted);
      if (at < 0) continue;
      const after = bytes.subarray(Math.max(0, at - 120), at).toString('latin1');
      this.#finds.set(`${secret} ${place}`, { secret, form, place, after });
    }
  }

  /** Looks into the names and bytes of all files below a folder. @returns how many there are */
  async lookIntoFolder(folder: string): Promise<number> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    let files = 0;
    for (const entry of entries) {
      const file = path.join(entry.parentPath, entry.name);
      this.look(`name of ${file}`, entry.name);
      if (!entry.isFile()) continue;
      files++;
      this.look(file, await readFile(file));
    }
    return files;
  }
}

function formsOf(name: string, secret: string): Form[] {
  const texts = new Map<string, string>([['as it is', secret]]);
  const add = (form: string, text: string): void => {
    if (![...texts.values()].includes(text)) texts.set(form, text);
  };
  const url = encodeURIComponent(secret);
  add('for a URL', url);
  add('for a URL, twice', encodeURIComponent(url));
  add('for a form', new URLSearchParams({ a: secret }).toString().slice(2));
  add('for JSON', JSON.stringify(secret).slice(1, -1));
  add('for JSON, twice', JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1));
  add('for HTML', secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
  for (const shift of [0, 1, 2]) add(`in base64, shifted by ${shift}`, base64Inside(secret, shift));
  add('in hexadecimal', Buffer.from(secret).toString('hex'));
  if (secret.length >= 2 * endLength) {
    add('its beginning', secret.slice(0, endLength));
    add('its end', secret.slice(-endLength));
  }
  const forms = [...texts].map(([form, text]) => ({ secret: name, form, bytes: Buffer.from(text) }));
  return [...forms, { secret: name, form: 'in UTF-16', bytes: Buffer.from(secret, 'utf16le') }];
}

/** What stays the same in base64 wherever the secret stands in a longer text. */
function base64Inside(secret: string, shift: number): string {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
  // The first group is shared with what stands before.
  return whole.slice(shift === 0 ? 0 : 4);
}
