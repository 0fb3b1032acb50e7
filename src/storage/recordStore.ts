import { join } from 'node:path';
import { toDisposable, type Disposable } from '../core/kernel/disposables';
import { BackupError } from '../core/service/errors';
import { Emitter, type Event } from '../core/kernel/events';
import type { RecordSpan, RecordStore } from '../core/operations/stores';
import { isMissing, type Disk, type DiskFile } from './disk';
import { asideOperationsFolder, closedOperationsFolder, openOperationsFolder, recordsEnding } from './layout';

export interface RecordStoreOptions {
  /** How often the folder is looked at besides its change events, which some file systems do not send. */
  readonly pollMs?: number;
}

/**
 * Records as files of JSON lines under `folder`: `operations/open/<id>.jsonl`, moved to `operations/closed` on close
 * and to `operations/aside` when set aside.
 * Every write ends on the disk before it resolves. Looks for writes by other windows while there's a listener. Throws
 * BackupError `invalid-input` for an id that is not a plain file name.
 */
export function createRecordStore(
  disk: Disk,
  folder: string,
  options: RecordStoreOptions = {},
): RecordStore & Disposable {
  return new FileRecords(disk, folder, options.pollMs ?? 2_000);
}

/** The folders of record files; each operation has a file in at most one of them. */
const recordFolders = ['open', 'closed', 'aside'] as const;
type RecordFolder = (typeof recordFolders)[number];

const newline = 0x0a;

/** Which folder a record file was in, and its size, when this window last looked. */
type Seen = string;

class FileRecords implements RecordStore, Disposable {
  readonly #disk: Disk;
  readonly #folders: Readonly<Record<RecordFolder, string>>;
  readonly #pollMs: number;
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #seen = new Map<string, Seen>();
  /** Files that are about to be looked at. */
  readonly #toLookAt = new Set<string>();
  readonly #changes = new Emitter<string>();
  #watch: Disposable | undefined;
  #disposed = false;

  readonly onDidChange: Event<string> = (listener) => {
    const subscription = this.#changes.event(listener);
    if (!this.#disposed) this.#watch ??= this.#startWatch();
    return subscription;
  };

  constructor(disk: Disk, folder: string, pollMs: number) {
    this.#disk = disk;
    this.#folders = {
      open: join(folder, ...openOperationsFolder),
      closed: join(folder, ...closedOperationsFolder),
      aside: join(folder, ...asideOperationsFolder),
    };
    this.#pollMs = pollMs;
  }

  async list(): ReturnType<RecordStore['list']> {
    const [open, closed, aside] = await Promise.all([
      this.#idsIn('open'),
      this.#idsIn('closed'),
      this.#idsIn('aside'),
    ]);
    const stillOpen = new Set(open);
    return { open, closed: closed.filter((id) => !stillOpen.has(id)), aside };
  }

  read(operationId: string, from = 0): ReturnType<RecordStore['read']> {
    return this.#next(operationId, async () => {
      const bytes = await this.#inPlace(operationId, ['closed', 'open', 'aside'], (file) =>
        this.#disk.read(file, from),
      );
      return bytes && recordsIn(bytes, from);
    });
  }

  create(operationId: string, record: object): Promise<RecordSpan> {
    return this.#next(operationId, async () => {
      await this.#disk.ensureFolder(this.#folders.open);
      for (const folder of ['closed', 'aside'] as const) {
        if (await this.#isThere(this.#file(folder, operationId))) throw alreadyThere(operationId);
      }
      const file = this.#file('open', operationId);
      const handle = await this.#disk.open(file, 'new');
      try {
        const span = await appendTo(handle, lineOf(record));
        await this.#syncNames();
        await this.#remember(operationId);
        return span;
      } catch (error) {
        // Nothing was begun, so nothing may look as if it was.
        await this.#disk.remove(file).catch(() => undefined);
        throw error;
      }
    });
  }

  append(operationId: string, record: object): Promise<RecordSpan> {
    return this.#next(operationId, async () => {
      // A file that is moved while it is open stays the same file.
      const span = await this.#inPlace(operationId, ['closed', 'open'], async (file) =>
        appendTo(await this.#disk.open(file, 'existing'), lineOf(record)),
      );
      if (!span) throw new BackupError('storage-failed', `there are no records, operation: ${operationId}`);
      await this.#remember(operationId);
      return span;
    });
  }

  close(operationId: string): Promise<void> {
    return this.#move(operationId, 'open', 'closed');
  }

  reopen(operationId: string): Promise<void> {
    return this.#move(operationId, 'closed', 'open');
  }

  setAside(operationId: string): Promise<void> {
    return this.#move(operationId, 'open', 'aside');
  }

  revoke(operationId: string): Promise<void> {
    return this.#move(operationId, 'aside', 'open');
  }

  remove(operationId: string): Promise<void> {
    return this.#next(operationId, async () => {
      for (const folder of recordFolders) await this.#disk.remove(this.#file(folder, operationId));
      await this.#syncNames();
      await this.#remember(operationId);
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#watch?.dispose();
    this.#changes.dispose();
  }

  #move(operationId: string, from: RecordFolder, to: RecordFolder): Promise<void> {
    return this.#next(operationId, async () => {
      const source = this.#file(from, operationId);
      const target = this.#file(to, operationId);
      await this.#disk.ensureFolder(this.#folders[to]);
      try {
        // What is there already is never replaced: it may hold the whole operation.
        if (await this.#isThere(target)) {
          await appendTo(await this.#disk.open(target, 'existing'), await this.#disk.read(source));
          await this.#disk.remove(source);
        } else {
          await this.#disk.rename(source, target);
        }
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
      await this.#syncNames();
      await this.#remember(operationId);
    });
  }

  /** Does something with the file of an operation, in the first folder that has it; undefined when nowhere. */
  async #inPlace<T>(
    id: string,
    among: readonly RecordFolder[],
    work: (file: string) => Promise<T>,
  ): Promise<T | undefined> {
    // Twice, since another window may move it between two looks.
    for (const folder of [...among, ...among]) {
      try {
        return await work(this.#file(folder, id));
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    return undefined;
  }

  async #syncNames(): Promise<void> {
    for (const folder of Object.values(this.#folders)) {
      try {
        await this.#disk.syncFolder(folder);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
  }

  #startWatch(): Disposable {
    const look = (name: string | undefined): void => {
      const ids = name === undefined ? undefined : idOf(name);
      // A listing that fails is looked at again at the next event or turn.
      this.#lookAt(ids === undefined ? undefined : [ids]).catch(() => undefined);
    };
    const watches = [
      this.#disk.watch(this.#folders.open, this.#pollMs, look),
      // What is closed changes only by being removed; it may be thousands of files, so the timer leaves them alone.
      this.#disk.watch(this.#folders.closed, this.#pollMs, (name) => {
        if (name !== undefined) look(name);
      }),
    ];
    return toDisposable(() => {
      for (const one of watches) one.dispose();
    });
  }

  /** Fires for files that another window changed: these ones, or any that is open now or was before. */
  async #lookAt(ids?: readonly string[]): Promise<void> {
    const wanted = ids ?? [...(await this.#idsIn('open')), ...this.#openBefore()];
    for (const id of new Set(wanted)) {
      // Events come in bursts: one look that has not begun yet sees what all of them are about.
      if (this.#toLookAt.has(id)) continue;
      this.#toLookAt.add(id);
      const changed = await this.#next(id, () => {
        this.#toLookAt.delete(id);
        return this.#look(id);
      });
      if (changed && !this.#disposed) this.#changes.fire(id);
    }
  }

  #openBefore(): readonly string[] {
    return [...this.#seen].filter(([, seen]) => seen.startsWith('open')).map(([id]) => id);
  }

  /** Remembers the state of a file; true when it changed. */
  async #look(id: string): Promise<boolean> {
    const seen = await this.#standing(id);
    if (this.#seen.get(id) === seen) return false;
    this.#seen.set(id, seen);
    return true;
  }

  /** Remembers what this window did itself. When that fails, it's reported as a change, which does no harm. */
  async #remember(id: string): Promise<void> {
    await this.#look(id).catch(() => undefined);
  }

  async #standing(id: string): Promise<Seen> {
    for (const folder of recordFolders) {
      try {
        return `${folder} ${(await this.#disk.stat(this.#file(folder, id))).size}`;
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    return 'gone';
  }

  /** Ids begin with the time of their start, so their order is that of time. */
  async #idsIn(folder: RecordFolder): Promise<readonly string[]> {
    try {
      return (await this.#disk.list(this.#folders[folder])).flatMap((name) => idOf(name) ?? []).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  async #isThere(file: string): Promise<boolean> {
    try {
      await this.#disk.stat(file);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  #file(folder: RecordFolder, id: string): string {
    return join(this.#folders[folder], `${id}${recordsEnding}`);
  }

  /** Runs what concerns one operation one after another. */
  async #next<T>(id: string, work: () => Promise<T>): Promise<T> {
    if (!isPlainName(id)) throw new BackupError('invalid-input', 'an operation id is not a plain name');
    const result = (this.#queues.get(id) ?? Promise.resolve()).then(work);
    const settled = result.catch(() => undefined);
    this.#queues.set(id, settled);
    try {
      return await result;
    } finally {
      if (this.#queues.get(id) === settled) this.#queues.delete(id);
    }
  }
}

function isPlainName(id: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(id);
}

function idOf(fileName: string): string | undefined {
  if (!fileName.endsWith(recordsEnding)) return undefined;
  const id = fileName.slice(0, -recordsEnding.length);
  return isPlainName(id) ? id : undefined;
}

function alreadyThere(id: string): BackupError {
  return new BackupError('storage-failed', `there are records already, operation: ${id}`);
}

function lineOf(record: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(record)}\n`);
}

/**
 * Appends whole lines in one write, and closes the file. A line that a crash cut short before is ended first, or it would
 * eat the next one.
 */
async function appendTo(handle: DiskFile, lines: Uint8Array): Promise<RecordSpan> {
  try {
    const size = await handle.size();
    const isWhole = size === 0 || (await handle.read(size - 1, 1))[0] === newline;
    const bytes = isWhole ? lines : Buffer.concat([Buffer.of(newline), lines]);
    if ((await handle.append(bytes)) < bytes.length)
      throw new BackupError('storage-failed', 'the disk took part of a record');
    await handle.sync();
    const to = await handle.size();
    return { from: to - bytes.length, to };
  } finally {
    await handle.close();
  }
}

/** The records in the bytes of a file that begin at a position. */
function recordsIn(bytes: Uint8Array, from: number): { records: readonly unknown[]; end: number } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = buffer.lastIndexOf(newline) + 1;
  const records = buffer
    .toString('utf8', 0, whole)
    .split('\n')
    .flatMap((line) => (line.trim() === '' ? [] : [parsed(line)]));
  // A crash may have cut nothing but the end of the line.
  const last = parsed(buffer.toString('utf8', whole));
  return last === undefined
    ? { records, end: from + whole }
    : { records: [...records, last], end: from + buffer.length };
}

/** Undefined for a line that is damaged, or that a crash cut short. */
function parsed(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
