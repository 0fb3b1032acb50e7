import { constants } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disposable } from '../core/disposables';
import { BackupError } from '../core/errors';
import { Emitter, type Event } from '../core/events';
import type { RecordStore } from '../core/ports';
import { ensureFolder, isMissing, privateFile, readIfThere, syncFolder } from './files';
import { closedOperationsFolder, openOperationsFolder } from './layout';
import { watchFolder } from './watchFolder';

export interface RecordStoreOptions {
  /** How often the folder is looked at besides its change events, which some file systems do not send. */
  readonly pollMs?: number;
}

/**
 * Records as files of JSON lines under `folder`: `operations/open/<id>.jsonl`, moved to `operations/closed` on close.
 * Every write ends on the disk before it resolves. Looks for writes of other windows while somebody listens. Throws
 * BackupError `invalid-input` for an id that is not a plain file name.
 */
export function createRecordStore(
  folder: string,
  options: RecordStoreOptions = {},
): RecordStore & Disposable {
  return new FileRecords(folder, options.pollMs ?? 2_000);
}

const ending = '.jsonl';

/** Where a record file stood and how long it was when this window last knew. */
type Seen = string;

class FileRecords implements RecordStore, Disposable {
  readonly #open: string;
  readonly #closed: string;
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

  constructor(folder: string, pollMs: number) {
    this.#open = join(folder, ...openOperationsFolder);
    this.#closed = join(folder, ...closedOperationsFolder);
    this.#pollMs = pollMs;
  }

  async list(): Promise<{ readonly open: readonly string[]; readonly closed: readonly string[] }> {
    const [open, closed] = await Promise.all([idsIn(this.#open), idsIn(this.#closed)]);
    const stillOpen = new Set(open);
    return { open, closed: closed.filter((id) => !stillOpen.has(id)) };
  }

  read(operationId: string): Promise<readonly unknown[]> {
    return this.#next(operationId, async () => {
      const text =
        (await readIfThere(this.#file('open', operationId))) ??
        (await readIfThere(this.#file('closed', operationId))) ??
        '';
      return text.split('\n').flatMap(parsed);
    });
  }

  append(operationId: string, record: object): Promise<void> {
    return this.#next(operationId, async () => {
      const closed = this.#file('closed', operationId);
      const file = (await isThere(closed)) ? closed : this.#file('open', operationId);
      await this.#write(file, `${JSON.stringify(record)}\n`);
      await this.#look(operationId);
    });
  }

  close(operationId: string): Promise<void> {
    return this.#next(operationId, async () => {
      await ensureFolder(this.#closed);
      try {
        await rename(this.#file('open', operationId), this.#file('closed', operationId));
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
      await this.#syncNames();
      await this.#look(operationId);
    });
  }

  remove(operationId: string): Promise<void> {
    return this.#next(operationId, async () => {
      await rm(this.#file('open', operationId), { force: true });
      await rm(this.#file('closed', operationId), { force: true });
      await this.#syncNames();
      await this.#look(operationId);
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#watch?.dispose();
    this.#changes.dispose();
  }

  /** Appends one line in one write. A line that a crash cut short before is ended first, or it would eat this one. */
  async #write(file: string, line: string): Promise<void> {
    await ensureFolder(this.#open);
    const handle = await open(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, privateFile);
    let isNew: boolean;
    try {
      const { size } = await handle.stat();
      isNew = size === 0;
      const end = Buffer.alloc(1);
      if (!isNew) await handle.read(end, 0, 1, size - 1);
      const bytes = Buffer.from(isNew || end.toString() === '\n' ? line : `\n${line}`);
      const { bytesWritten } = await handle.write(bytes);
      if (bytesWritten < bytes.length)
        throw new BackupError('storage-failed', 'the disk took part of a record');
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (isNew) await this.#syncNames();
  }

  async #syncNames(): Promise<void> {
    for (const folder of [this.#open, this.#closed]) {
      try {
        await syncFolder(folder);
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
    return watchFolder(this.#open, this.#pollMs, look);
  }

  /** Fires for files that another window changed: these ones, or any that is open now or was before. */
  async #lookAt(ids?: readonly string[]): Promise<void> {
    const wanted = ids ?? [...(await idsIn(this.#open)), ...this.#openBefore()];
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
    if (seen === 'gone') this.#seen.delete(id);
    else this.#seen.set(id, seen);
    return true;
  }

  async #standing(id: string): Promise<Seen> {
    for (const place of ['open', 'closed'] as const) {
      try {
        return `${place} ${(await stat(this.#file(place, id))).size}`;
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    return 'gone';
  }

  #file(place: 'open' | 'closed', id: string): string {
    return join(place === 'open' ? this.#open : this.#closed, `${id}${ending}`);
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
  if (!fileName.endsWith(ending)) return undefined;
  const id = fileName.slice(0, -ending.length);
  return isPlainName(id) ? id : undefined;
}

/** Ids begin with the time of their start, so their order is that of time. */
async function idsIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).flatMap((name) => idOf(name) ?? []).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
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
