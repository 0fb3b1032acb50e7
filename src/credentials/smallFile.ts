import { constants, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Translate } from '../core/localize';

/** Why a file that exists cannot be read. */
export type UnreadableReason = 'not-a-file' | 'too-large' | 'failed';

const megabyte = 1024 * 1024;

/**
 * The text of a regular file of at most `limitMb` megabytes; undefined when there is none. Symbolic links are followed.
 * What it is gets decided on the open file, so that nothing can take its place in between; a pipe without a writer
 * does not block. Never rejects.
 */
export async function readSmallFile(
  path: string,
  limitMb: number,
): Promise<{ readonly text: string; readonly stats: Stats } | UnreadableReason | undefined> {
  try {
    // Opening a pipe or a device waits for its other end, unless told not to. Windows knows no such flag.
    const file = await open(path, constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0));
    try {
      const stats = await file.stat();
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

/** Why a file cannot be read, as a part of a sentence: "it is larger than 8 MB". */
export function unreadableInWords(reason: UnreadableReason, limitMb: number, t: Translate): string {
  switch (reason) {
    case 'not-a-file':
      return t('it is not a regular file');
    case 'too-large':
      return t('it is larger than {0} MB', limitMb);
    case 'failed':
      return t('it cannot be read');
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
