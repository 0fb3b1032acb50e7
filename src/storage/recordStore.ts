import { join } from 'node:path';
import { toDisposable, type Disposable } from '../core/disposables';
import { BackupError } from '../core/errors';
import { Emitter, type Event } from '../core/events';
import type { RecordStore } from '../core/ports';
import { isMissing, readIfThere, type Disk } from './disk';
import { asideOperationsFolder, closedOperationsFolder, openOperationsFolder, recordsEnding } from './layout';

export interface RecordStoreOptions {
  /** How often the folder is looked at besides its change events, which some file systems do not send. */
  readonly pollMs?: number;
}

/**
 * Records as files of JSON lines under `folder`: `operations/open/<id>.jsonl`, moved to `operations/closed` on close
 * and to `operations/aside` when set aside.
 * Every write ends on the disk before it resolves. Looks for writes of other windows while somebody listens. Throws
 * BackupError `invalid-input` for an id that is not a plain file name.
 */
export function createRecordStore(
  disk: Disk,
  folder: string,
  options: RecordStoreOptions = {},
): RecordStore & Disposable {
  return new FileRecords(disk, folder, options.pollMs ?? 2_000);
}

/** Where a file of records may be; each operation has one in at most one of them. */
const places = ['open', 'closed', 'aside'] as const;
type Place = (typeof places)[number];

const newline = 0x0a;

/** Where a record file stood and how long it was when this window last knew. */
type Seen = string;

class FileRecords implements RecordStore, Disposable {
  readonly #disk: Disk;
  readonly #folders: Readonly<Record<Place, string>>;
  readonly #pollMs: number;
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #seen = new Map<string, Seen>();
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

  read(operationId: string): Promise<readonly unknown[]> {
    return this.#next(operationId, async () => {
      for (const place of places) {
        const text = await readIfThere(this.#disk, this.#file(place, operationId));
        if (text !== undefined) return text.split('\n').flatMap(parsed);
      }
      return [];
    });
  }

  append(operationId: string, record: object): Promise<void> {
    return this.#next(operationId, async () => {
      const closed = this.#file('closed', operationId);
      const file = (await this.#isThere(closed)) ? closed : this.#file('open', operationId);
      await this.#write(file, `${JSON.stringify(record)}\n`);
      await this.#look(operationId);
    });
  }

  close(operationId: string): Promise<void> {
    return this.#move(operationId, 'open', 'closed');
  }

  setAside(operationId: string): Promise<void> {
    return this.#move(operationId, 'open', 'aside');
  }

  takeBack(operationId: string): Promise<void> {
    return this.#move(operationId, 'aside', 'open');
  }

  remove(operationId: string): Promise<void> {
    return this.#next(operationId, async () => {
      for (const place of places) await this.#disk.remove(this.#file(place, operationId));
      await this.#syncNames();
      await this.#look(operationId);
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#watch?.dispose();
    this.#changes.dispose();
  }

  #move(operationId: string, from: Place, to: Place): Promise<void> {
    return this.#next(operationId, async () => {
      await this.#disk.ensureFolder(this.#folders[to]);
      try {
        await this.#disk.rename(this.#file(from, operationId), this.#file(to, operationId));
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
      await this.#syncNames();
      await this.#look(operationId);
    });
  }

  /** Appends one line in one write. A line that a crash cut short before is ended first, or it would eat this one. */
  async #write(file: string, line: string): Promise<void> {
    await this.#disk.ensureFolder(this.#folders.open);
    const handle = await this.#disk.open(file, 'either');
    let isNew: boolean;
    try {
      const size = await handle.size();
      isNew = size === 0;
      const isWhole = isNew || (await handle.read(size - 1, 1))[0] === newline;
      const bytes = Buffer.from(isWhole ? line : `\n${line}`);
      if ((await handle.append(bytes)) < bytes.length)
        throw new BackupError('storage-failed', 'the disk took part of a record');
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (isNew) await this.#syncNames();
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
      const changed = await this.#next(id, () => this.#look(id));
      if (changed && !this.#disposed) this.#changes.fire(id);
    }
  }

  #openBefore(): readonly string[] {
    return [...this.#seen].filter(([, seen]) => seen.startsWith('open')).map(([id]) => id);
  }

  /** Remembers how a file stands; true when that is news. */
  async #look(id: string): Promise<boolean> {
    const seen = await this.#standing(id);
    if (this.#seen.get(id) === seen) return false;
    this.#seen.set(id, seen);
    return true;
  }

  async #standing(id: string): Promise<Seen> {
    for (const place of places) {
      try {
        return `${place} ${(await this.#disk.stat(this.#file(place, id))).size}`;
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    return 'gone';
  }

  /** Ids begin with the time of their start, so their order is that of time. */
  async #idsIn(place: Place): Promise<readonly string[]> {
    try {
      return (await this.#disk.list(this.#folders[place])).flatMap((name) => idOf(name) ?? []).sort();
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

  #file(place: Place, id: string): string {
    return join(this.#folders[place], `${id}${recordsEnding}`);
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

/** A line that a crash cut short does not parse; the records around it are whole. */
function parsed(line: string): readonly unknown[] {
  if (line.trim() === '') return [];
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? [value] : [];
  } catch {
    return [];
  }
}
