import { t } from '@vscode/l10n';
import { constants, type BigIntStats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { Clock } from '../core/kernel/clock';

/** Why a file that exists can't be read. */
export type UnreadableReason = 'not-a-file' | 'too-large' | 'failed';

/** Larger files aren't read: a configuration with thousands of profiles has some 5 MB. */
export const largestFileMb = 8;

/** A file whose content can't be used. */
export class BrokenFile extends Error {
  /** The reason as a localized sentence. Nothing of the content is in it. */
  readonly sentence: string;

  constructor(sentence: string) {
    super(sentence);
    this.sentence = sentence;
  }
}

const megabyte = 1024 * 1024;

/**
 * The text of a regular file of at most `limitMb` megabytes; undefined when there is none. Symbolic links are followed.
 * What it is gets decided on the open file, so that nothing can take its place in between; a pipe without a writer
 * doesn't block. Never rejects.
 */
export async function readSmallFile(
  path: string,
  limitMb: number,
): Promise<{ readonly text: string; readonly stats: BigIntStats } | UnreadableReason | undefined> {
  try {
    // Opening a pipe or a device waits for its other end, unless it's opened like this. Windows has no such flag.
    const file = await open(path, constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0));
    try {
      const stats = await file.stat({ bigint: true });
      if (!stats.isFile()) return 'not-a-file';
      const content = stats.size > limitMb * megabyte ? undefined : await readUpTo(file, limitMb * megabyte);
      return content === undefined ? 'too-large' : { text: content.toString('utf8'), stats };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : 'failed';
  }
}

/** What a file says, decoded. */
export interface Decoded<T> {
  readonly value: T;
}

// Within this time a file may change without its times showing it.
const settledMs = 2000;

/**
 * Reads a file as {@link readSmallFile}, and decodes it again only when it is another by now: so it can be asked about
 * before each call. Throws what `decode` throws.
 */
export function createFileReader<T>(
  limitMb: number,
  decode: (text: string) => T,
  clock: Pick<Clock, 'now'>,
): (path: string) => Promise<Decoded<T> | UnreadableReason | undefined> {
  let kept: (Decoded<T> & { readonly path: string; readonly identity: string }) | undefined;
  return async (path) => {
    if (kept?.path === path && kept.identity === (await identityAt(path))) return kept;
    kept = undefined;
    const file = await readSmallFile(path, limitMb);
    if (file === undefined || typeof file === 'string') return file;
    const value = decode(file.text);
    if (clock.now() - Number(file.stats.ctimeMs) > settledMs) {
      kept = { value, path, identity: identityOf(file.stats) };
    }
    return { value };
  };
}

async function identityAt(path: string): Promise<string | undefined> {
  return await stat(path, { bigint: true }).then(identityOf, () => undefined);
}

function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

/** Why a file can't be read, as a sentence that follows one with its name. */
export function unreadableInWords(reason: UnreadableReason, limitMb: number): string {
  switch (reason) {
    case 'not-a-file':
      return t("It isn't a regular file.");
    case 'too-large':
      return t("It's larger than {0} MB.", limitMb);
    case 'failed':
      return t("It can't be read.");
  }
}

/** Undefined when there is more: a file may grow while it is read, and some have no size at all. */
async function readUpTo(file: FileHandle, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.allocUnsafe(64 * 1024) });
    if (bytesRead === 0) return Buffer.concat(chunks, total);
    total += bytesRead;
    if (total > limit) return undefined;
    chunks.push(buffer.subarray(0, bytesRead));
  }
}
