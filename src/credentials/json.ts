import { t } from '@vscode/l10n';
import { parse, type ParseError } from 'jsonc-parser';
import { isRecord } from '../core/kernel/objects';
import { BrokenFile } from './smallFile';

/**
 * The JSON object in the text of a file. Throws {@link BrokenFile} that names the place: what `JSON.parse` throws quotes
 * the text, which may be a secret.
 */
export function jsonObjectIn(text: string): Readonly<Record<string, unknown>> {
  const json = text.replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    const lines = json.slice(0, brokenAt(json)).split('\n');
    throw new BrokenFile(
      t({
        message: "It isn't valid JSON in line {line}, column {column}.",
        args: { line: lines.length, column: (lines.at(-1) ?? '').length + 1 },
        comment: ['“It” is a file that was named in the sentence before.'],
      }),
    );
  }
  if (isRecord(value)) return value;
  throw new BrokenFile(t("It doesn't contain a JSON object."));
}

/** Where a text stops being JSON. */
function brokenAt(json: string): number {
  const errors: ParseError[] = [];
  try {
    parse(json, errors, { disallowComments: true });
  } catch {
    // Nested too deeply for the parser: what it found before has to do.
  }
  return errors[0]?.offset ?? 0;
}
