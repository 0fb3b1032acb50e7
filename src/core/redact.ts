/** Masks every secret it was told of. One stands in front of every log, page, file and export. */
export class Redactor {
  readonly #secrets = new Set<string>();
  #ordered: string[] = [];

  /** Tells a secret when it is read. Texts under 6 characters are left alone: masking them would hide everything. */
  add(secret: string | undefined): void {
    if (secret === undefined || secret.length < 6) return;
    const encoded = encodeURIComponent(secret);
    for (const form of [
      secret,
      encoded,
      encoded.replaceAll('%20', '+'),
      JSON.stringify(secret).slice(1, -1),
    ]) {
      this.#secrets.add(form);
    }
    // Longest first: a secret that contains another is masked whole.
    this.#ordered = [...this.#secrets].sort((a, b) => b.length - a.length);
  }

  /** The text with every known secret replaced. */
  redact(text: string): string {
    let result = text;
    for (const secret of this.#ordered) result = result.replaceAll(secret, '******');
    return result;
  }
}
