import { dirname, join } from 'node:path';
import { toDisposable, type Disposable } from '../../src/core/kernel/disposables';
import type { Disk, DiskFile, OpenMode } from '../../src/storage/disk';
import { FileTree, type Inode, type PowerCut } from './files';
import type { Random } from './random';
import type { Owner, Scheduled } from './scheduler';
import { never, type World } from './world';

export type DiskWork =
  | 'open'
  | 'read'
  | 'stat'
  | 'touch'
  | 'rename'
  | 'remove'
  | 'replace'
  | 'list'
  | 'ensureFolder'
  | 'syncFolder'
  | 'size'
  | 'append'
  | 'sync';

/** The disk refuses some work for a while. */
export interface DiskFault {
  readonly code: 'ENOSPC' | 'EIO' | 'EMFILE' | 'EACCES' | 'EBUSY';
  /** Absent: each kind. */
  readonly works?: readonly DiskWork[];
  /** Only work on paths with this text in them. */
  readonly path?: string;
  /** Only of this window. */
  readonly window?: string;
  /** How often it strikes before it is over. */
  times: number;
  /** True time after which it is over. */
  readonly untilMs: number;
}

export interface DiskHabits {
  /** How often work takes time, and how many milliseconds at most. */
  readonly slowShare: number;
  readonly slowestMs: number;
  /** How often a watcher is not told of a change. */
  readonly lostEvents: number;
}

interface Watcher {
  readonly folder: string;
  readonly owner: Owner;
  readonly look: (name: string | undefined) => void;
}

/** One disk that several windows share. It fails as it is told to, and forgets in a power cut what was not synced. */
export class SimulatedDisk {
  readonly tree = new FileTree();
  readonly faults: DiskFault[] = [];
  /** Bytes that each window has read. */
  readonly bytesRead = new Map<string, number>();
  readonly #world: World;
  readonly #habits: DiskHabits;
  readonly #random: Random;
  readonly #watchers = new Set<Watcher>();

  constructor(world: World, habits: DiskHabits) {
    this.#world = world;
    this.#habits = habits;
    this.#random = world.random.fork('disk');
  }

  /** The disk as one window reaches it. */
  for(owner: Owner): Disk {
    const { tree } = this;
    const work = <T>(kind: DiskWork, path: string, act: () => T): Promise<T> =>
      this.work(owner, kind, path, act);
    return {
      open: (file, how) => work('open', file, () => this.#open(owner, file, how)),
      read: (file, from = 0) =>
        work('read', file, () => {
          const bytes = Buffer.from(this.#found(file).bytes.subarray(from));
          this.bytesRead.set(owner.name, (this.bytesRead.get(owner.name) ?? 0) + bytes.length);
          return bytes;
        }),
      stat: (file) =>
        work('stat', file, () => {
          const { bytes, mtimeMs } = this.#found(file);
          return { size: bytes.length, mtimeMs };
        }),
      touch: (file, ms) => work('touch', file, () => this.#touch(this.#found(file), ms)),
      rename: (from, to) =>
        work('rename', from, () => {
          this.#found(from);
          if (!tree.hasFolder(dirname(to))) throw diskError('ENOENT', to);
          tree.move(from, to);
          this.#tell(from);
          this.#tell(to);
        }),
      remove: (file) => work('remove', file, () => this.#unlink(file)),
      removeFolder: (folder) =>
        work('remove', folder, () => {
          for (const path of [...tree.names.keys()]) if (path.startsWith(`${folder}/`)) this.#unlink(path);
        }),
      removeNow: (file) => {
        if (owner.dead) return;
        this.#world.trace(owner, `removeNow ${file}`);
        this.#found(file);
        this.#unlink(file);
      },
      replace: (file, text) =>
        work('replace', file, () => {
          tree.ensureFolder(dirname(file));
          const bytes = Buffer.from(text);
          tree.link(file, {
            bytes,
            syncedSize: bytes.length,
            mtimeMs: this.#world.shownMs,
            touchedMs: this.#world.now,
            maker: owner.name,
          });
          tree.syncFolder(dirname(file));
          this.#tell(file);
        }),
      list: (folder) =>
        work('list', folder, () => {
          if (!tree.hasFolder(folder)) throw diskError('ENOENT', folder);
          return tree.list(folder);
        }),
      ensureFolder: (folder) => work('ensureFolder', folder, () => tree.ensureFolder(folder)),
      syncFolder: (folder) =>
        work('syncFolder', folder, () => {
          if (!tree.hasFolder(folder)) throw diskError('ENOENT', folder);
          tree.syncFolder(folder);
        }),
      watch: (folder, pollMs, look) => this.#watch(owner, folder, pollMs, look),
    };
  }

  /** All windows are gone; what was not synced is lost in part or whole. */
  cutPower(how: PowerCut): void {
    this.#watchers.clear();
    this.tree.cutPower(this.#random, how);
  }

  /**
   * Does one piece of work for a window, unless a fault is in its way. It takes effect at once or a little later.
   * `part` does the beginning of it only.
   */
  async work<T>(owner: Owner, kind: DiskWork, path: string, act: () => T, part?: () => T): Promise<T> {
    const world = this.#world;
    if (owner.dead) return never();
    world.onStep(owner);
    if (isDead(owner)) {
      // Killed by that step: a write may have got through in part.
      if (this.#random.chance(0.5)) part?.();
      return never();
    }
    const { slowShare, slowestMs } = this.#habits;
    const waitMs = this.#random.chance(slowShare) ? this.#random.next() * slowestMs : 0;
    const waitsFirst = this.#random.chance(0.5);
    if (waitMs > 0 && waitsFirst) await world.wait(waitMs, owner);
    const outcome = this.#attempt(owner, kind, path, act, part);
    if (waitMs > 0 && !waitsFirst) await world.wait(waitMs, owner);
    if (isDead(owner)) return never();
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  /** Tells watchers of a change in the folder of a file. */
  #tell(path: string): void {
    const folder = dirname(path);
    for (const watcher of this.#watchers) {
      if (watcher.folder !== folder || this.#random.chance(this.#habits.lostEvents)) continue;
      this.#world.scheduler.after(this.#random.next() * 50, watcher.owner, () => {
        if (this.#watchers.has(watcher)) watcher.look(path.slice(folder.length + 1));
      });
    }
  }

  #attempt<T>(
    owner: Owner,
    kind: DiskWork,
    path: string,
    act: () => T,
    part?: () => T,
  ): { readonly value: T } | { readonly error: unknown } {
    const code = this.#faultFor(owner, kind, path);
    this.#world.trace(owner, `${kind} ${path}${code === undefined ? '' : ` ${code}`}`);
    // A disk that fills up takes the beginning of a write.
    if (code === 'ENOSPC' && part && this.#random.chance(0.3)) return { value: part() };
    if (code !== undefined) return { error: diskError(code, path) };
    try {
      return { value: act() };
    } catch (error) {
      return { error };
    }
  }

  #faultFor(owner: Owner, kind: DiskWork, path: string): DiskFault['code'] | undefined {
    const fault = this.faults.find(
      (one) =>
        one.times > 0 &&
        this.#world.now <= one.untilMs &&
        one.works?.includes(kind) !== false &&
        (one.path === undefined || path.includes(one.path)) &&
        (one.window === undefined || one.window === owner.window),
    );
    if (fault === undefined) return undefined;
    fault.times--;
    return fault.code;
  }

  #found(path: string): Inode {
    const inode = this.tree.find(path);
    if (inode === undefined) throw diskError('ENOENT', path);
    return inode;
  }

  #touch(inode: Inode, ms: number): void {
    inode.mtimeMs = ms;
    inode.touchedMs = this.#world.now;
  }

  #unlink(path: string): void {
    this.tree.unlink(path);
    this.#tell(path);
  }

  #open(owner: Owner, path: string, how: OpenMode): DiskFile {
    const before = this.tree.find(path);
    if (before && how === 'new') throw diskError('EEXIST', path);
    if (!before && (how === 'existing' || !this.tree.hasFolder(dirname(path)))) {
      throw diskError('ENOENT', path);
    }
    const inode = before ?? {
      bytes: Buffer.alloc(0),
      syncedSize: 0,
      mtimeMs: this.#world.shownMs,
      touchedMs: this.#world.now,
      maker: owner.name,
    };
    if (!before) {
      this.tree.link(path, inode);
      this.#tell(path);
    }
    return this.#handle(owner, path, inode);
  }

  #handle(owner: Owner, path: string, inode: Inode): DiskFile {
    const work = <T>(kind: DiskWork, act: () => T, part?: () => T): Promise<T> =>
      this.work(owner, kind, path, act, part);
    const append = (bytes: Uint8Array): number => {
      inode.bytes = Buffer.concat([inode.bytes, bytes]);
      this.#touch(inode, this.#world.shownMs);
      this.#tell(path);
      return bytes.length;
    };
    return {
      size: () => work('size', () => inode.bytes.length),
      read: (from, length) => work('read', () => Buffer.from(inode.bytes.subarray(from, from + length))),
      append: (bytes) =>
        work(
          'append',
          () => append(bytes),
          () => append(bytes.subarray(0, this.#random.integer(0, bytes.length - 1))),
        ),
      touch: (ms) => work('touch', () => this.#touch(inode, ms)),
      sync: () => work('sync', () => void (inode.syncedSize = inode.bytes.length)),
      close: () => (owner.dead ? never() : Promise.resolve()),
    };
  }

  #watch(owner: Owner, folder: string, pollMs: number, look: (name: string | undefined) => void): Disposable {
    this.tree.ensureFolder(folder);
    const watcher: Watcher = { folder, owner, look };
    this.#watchers.add(watcher);
    let next: Scheduled;
    const poll = (): void => {
      look(undefined);
      next = this.#world.scheduler.after(pollMs, owner, poll);
    };
    next = this.#world.scheduler.after(pollMs, owner, poll);
    return toDisposable(() => {
      next.cancel();
      this.#watchers.delete(watcher);
    });
  }
}

/** An error as Node throws it. */
function diskError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: simulated, '${path}'`), { code });
}

function isDead(owner: Owner): boolean {
  return owner.dead;
}

/** Where a file of the simulated disk is: everything is under one folder. */
export const storageFolder = join('/', 'storage');
