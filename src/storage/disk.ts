import type { Disposable } from '../core/kernel/disposables';

/**
 * What the stores need of a file system. Everything rejects as Node does: with an Error that has a `code` such as
 * `ENOENT`, `EEXIST`, `ENOSPC` or `EMFILE`. Files and folders are made for this user only.
 */
export interface Disk {
  /** Opens a file. The caller closes it. */
  open(file: string, how: OpenMode): Promise<DiskFile>;
  /** The bytes of a file from an offset on; none when the offset is at or after its end. */
  read(file: string, from?: number): Promise<Uint8Array>;
  stat(file: string): Promise<FileStat>;
  /** Sets the time of the last change, in milliseconds since 1970. */
  touch(file: string, ms: number): Promise<void>;
  /** Moves a file within the disk; one at the new place is replaced. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; no error when it is not there. */
  remove(file: string): Promise<void>;
  /** Removes a folder with all it holds; no error when it is not there. */
  removeFolder(folder: string): Promise<void>;
  /** Removes a file before it returns: for a window that closes and does not wait. */
  removeNow(file: string): void;
  /** Replaces a file as a whole, its folder made if missing: readers see the old text or the new one, never a part. */
  replace(file: string, text: string): Promise<void>;
  /** Names of what is in a folder, in no order. */
  list(folder: string): Promise<readonly string[]>;
  /** Makes a folder and those above it; no error when it is there. */
  ensureFolder(folder: string): Promise<void>;
  /** Makes names in a folder (created, moved, removed files) survive a power cut. */
  syncFolder(folder: string): Promise<void>;
  /**
   * Calls `look` with the name of each file that changes in a folder (made if missing), and every `pollMs` milliseconds
   * with `undefined`: look at all, since some file systems send no events. Never keeps the process alive.
   */
  watch(folder: string, pollMs: number, look: (fileName: string | undefined) => void): Disposable;
}

/** `new`: it must not be there (`EEXIST`). `existing`: it must be there (`ENOENT`). `either`: made if missing. */
export type OpenMode = 'new' | 'existing' | 'either';

/** A file that is open for reading and for writing at its end. Stays the same file when it is renamed meanwhile. */
export interface DiskFile {
  /** Bytes. */
  size(): Promise<number>;
  /** Up to `length` bytes from an offset; fewer at the end. */
  read(from: number, length: number): Promise<Uint8Array>;
  /** Writes at the end in one write; answers how many bytes the disk took, which may be fewer. */
  append(bytes: Uint8Array): Promise<number>;
  /** Sets the time of the last change, in milliseconds since 1970. */
  touch(ms: number): Promise<void>;
  /** Resolves once what was written survives a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface FileStat {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970 of the last change. */
  readonly mtimeMs: number;
}

/** The text of a file; undefined when there is none. */
export async function readIfThere(disk: Disk, file: string): Promise<string | undefined> {
  try {
    return Buffer.from(await disk.read(file)).toString('utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** True for the error of a file or folder that is not there. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** `code` of a system error such as `EEXIST`. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
