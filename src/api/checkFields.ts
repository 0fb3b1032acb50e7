import { BackupError } from '../core/service/errors';

/** Throws BackupError `invalid-input` unless there are 1 to `most` values, none empty, each once. */
export function checkList(field: string, values: readonly string[], most: number): void {
  checkCount(field, values.length, 1, most);
  for (const [index, value] of values.entries()) checkText(`${field}[${index}]`, value);
  if (new Set(values).size < values.length) throw invalid(field, 'each value once');
}

/** Throws BackupError `invalid-input` for a count out of range. */
export function checkCount(field: string, count: number, least: number, most: number): void {
  if (count < least) throw invalid(field, `at least ${least}, got ${count}`);
  if (count > most) throw invalid(field, `at most ${most}, got ${count}`);
}

/** Throws BackupError `invalid-input` for an empty text. */
export function checkText(field: string, value: string): void {
  if (value.trim() === '') throw invalid(field, 'must not be empty');
}

/** What is thrown for a value that the service would reject; nothing was sent then. */
export function invalid(field: string, rule: string): BackupError {
  return new BackupError('invalid-input', `${field}: ${rule}`, { fate: 'not-run' });
}
