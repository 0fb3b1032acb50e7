import { isRecord } from '../core/kernel/objects';
import { BackupError } from '../core/service/errors';
import type { ApiReply } from './pipeline';

/** An object of a reply, not checked yet. */
export type ReplyFields = Readonly<Record<string, unknown>>;

/** What is thrown where a reply lacks what it was asked for. */
export function missing(field: string, reply: ApiReply): BackupError {
  return new BackupError(
    'unexpected-reply',
    `field missing in the reply: ${field}, request: ${reply.requestId}`,
    {
      requestId: reply.requestId,
      httpStatus: reply.status,
      // The service said that it did what was asked; only its account of it cannot be read.
      fate: 'ambiguous',
    },
  );
}

/** Text, or a number or boolean as text; empty counts as absent. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A whole number, also as text. */
export function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** UNIX seconds, also from milliseconds; the service says 0 for what it does not know. */
export function time(value: unknown): number | undefined {
  const number = integer(value);
  if (number === undefined || number <= 0) return undefined;
  const inSeconds = number > mostSeconds ? Math.floor(number / 1000) : number;
  return inSeconds > mostSeconds ? undefined : inSeconds;
}

/** The year 5138: a larger number can only be milliseconds, which some operations send. What's larger then is no time. */
const mostSeconds = 1e11;

/** UNIX seconds of a date header. */
export function seconds(date: string | undefined): number | undefined {
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}

/** A boolean, also as text. */
export function flag(value: unknown): boolean | undefined {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

/** A list of objects: plain, or wrapped in an object with one member, as some documented samples show it. */
export function objects(value: unknown, wrapper: string): ReplyFields[] | undefined {
  const list = isRecord(value) ? value[wrapper] : value;
  if (!Array.isArray(list)) return undefined;
  return list.every(isRecord) ? list : list.filter(isRecord);
}

/**
 * The rows of a list: wrapped in an object with one member, plain, or a single row, which has the member `id`. No list at
 * all is an empty one only where the count says that there are no more than `before` rows. Throws BackupError
 * `unexpected-reply` for anything else: it's not known then what there is.
 */
export function rowsOf(
  reply: ApiReply,
  list: { readonly name: string; readonly wrapper: string; readonly id: string },
  before: number,
): readonly ReplyFields[] {
  const value = reply.body[list.name];
  const rows = isRecord(value) && list.wrapper in value ? value[list.wrapper] : value;
  if (Array.isArray(rows)) {
    if (!rows.every(isRecord)) throw missing(`${list.name} as a list of objects`, reply);
    return rows;
  }
  if (isRecord(rows) && list.id in rows) return [rows];
  const nothing = rows === undefined || rows === null || rows === '' || isEmptyRecord(rows);
  if (nothing && (integer(reply.body['TotalCount']) ?? Infinity) <= before) return [];
  throw missing(list.name, reply);
}

function isEmptyRecord(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}
