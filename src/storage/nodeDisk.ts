import { randomUUID } from 'node:crypto';
import { constants, unlinkSync } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm, stat, utimes, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Disk, DiskFile, OpenMode } from './disk';
import { watchFolder } from './watchFolder';

/** Readable and writable by this user only. */
const privateFile = 0o600;
const privateFolder = 0o700;

const { O_RDWR, O_APPEND, O_CREAT, O_EXCL } = constants;
const flags: Readonly<Record<OpenMode, number>> = {
  new: O_RDWR | O_APPEND | O_CREAT | O_EXCL,
  existing: O_RDWR | O_APPEND,
  either: O_RDWR | O_APPEND | O_CREAT,
};

/** The disk of this computer. */
export const nodeDisk: Disk = {
  async open(file, how) {
    return new NodeFile(await open(file, flags[how], privateFile));
  },
  async read(file, from = 0) {
    if (from === 0) return readFile(file);
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      return await readPart(handle, from, Math.max(0, size - from));
    } finally {
      await handle.close();
    }
  },
  async stat(file) {
    const { size, mtimeMs } = await stat(file);
    return { size, mtimeMs };
  },
  touch: (file, ms) => utimes(file, new Date(ms), new Date(ms)),
  rename,
  remove: (file) => rm(file, { force: true }),
  removeFolder: (folder) => rm(folder, { recursive: true, force: true }),
  removeNow: unlinkSync,
  async replace(file, text) {
    await ensureFolder(dirname(file));
    const draft = `${file}.${randomUUID()}.tmp`;
    try {
      const handle = await open(draft, 'wx', privateFile);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  },
  list: (folder) => readdir(folder),
  ensureFolder,
  async syncFolder(folder) {
    // Windows needs and allows none.
    if (process.platform === 'win32') return;
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  watch: (folder, pollMs, look) => watchFolder(ensureFolder(folder), folder, pollMs, look),
};

async function ensureFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: privateFolder });
}

class NodeFile implements DiskFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  read(from: number, length: number): Promise<Uint8Array> {
    return readPart(this.#handle, from, length);
  }

  async append(bytes: Uint8Array): Promise<number> {
    return (await this.#handle.write(bytes)).bytesWritten;
  }

  touch(ms: number): Promise<void> {
    return this.#handle.utimes(new Date(ms), new Date(ms));
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

async function readPart(handle: FileHandle, from: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
  return buffer.subarray(0, bytesRead);
}
