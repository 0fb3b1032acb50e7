import { dirname } from 'node:path';
import type { Random } from './random';

/** A file as the computer sees it, and what of it a power cut would leave. */
export interface Inode {
  bytes: Buffer;
  /** How many of the bytes are on the platter for sure. */
  syncedSize: number;
  mtimeMs: number;
  /** True time of the last change or touch. */
  touchedMs: number;
  /** Who made it. */
  readonly maker: string;
}

type NameChange =
  | { readonly kind: 'link'; readonly path: string; readonly inode: Inode }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'move'; readonly from: string; readonly to: string };

/** How a power cut treats what was not synced. */
export interface PowerCut {
  /** Later changes of names may survive where earlier ones do not. */
  readonly reorders: boolean;
  /** The end of a file may come back as zeros instead of missing. */
  readonly zeros: boolean;
}

/** Names and files, now and after a power cut. */
export class FileTree {
  #names = new Map<string, Inode>();
  #syncedNames = new Map<string, Inode>();
  #folders = new Set<string>(['/']);
  #pending: NameChange[] = [];

  get names(): ReadonlyMap<string, Inode> {
    return this.#names;
  }

  /** What a power cut would leave for sure. */
  get syncedNames(): ReadonlyMap<string, Inode> {
    return this.#syncedNames;
  }

  hasFolder(folder: string): boolean {
    return this.#folders.has(folder);
  }

  ensureFolder(folder: string): void {
    for (let at = folder; at !== '/'; at = dirname(at)) this.#folders.add(at);
  }

  find(path: string): Inode | undefined {
    return this.#names.get(path);
  }

  link(path: string, inode: Inode): void {
    this.#change({ kind: 'link', path, inode });
  }

  unlink(path: string): void {
    if (this.#names.has(path)) this.#change({ kind: 'unlink', path });
  }

  move(from: string, to: string): void {
    this.#change({ kind: 'move', from, to });
  }

  list(folder: string): readonly string[] {
    const start = `${folder}/`;
    return [...this.#names.keys()]
      .filter((path) => path.startsWith(start) && !path.slice(start.length).includes('/'))
      .map((path) => path.slice(start.length));
  }

  /** Makes the names in a folder survive. A rename survives as a whole when either of its folders is synced. */
  syncFolder(folder: string): void {
    const isIn = (path: string): boolean => dirname(path) === folder;
    const touches = (change: NameChange): boolean =>
      change.kind === 'move' ? isIn(change.from) || isIn(change.to) : isIn(change.path);
    const last = this.#pending.findLastIndex(touches);
    // A journal writes changes in order: what came before goes along.
    for (const change of this.#pending.splice(0, last + 1)) apply(this.#syncedNames, change);
  }

  /** What is left after a power cut: all that was synced, and perhaps some of the rest. */
  cutPower(random: Random, { reorders, zeros }: PowerCut): void {
    const kept = random.integer(0, this.#pending.length);
    for (const [index, change] of this.#pending.entries()) {
      if (reorders ? random.chance(0.5) : index < kept) apply(this.#syncedNames, change);
    }
    this.#pending = [];
    this.#names = new Map(this.#syncedNames);
    for (const inode of new Set(this.#names.values())) {
      const size = random.integer(inode.syncedSize, inode.bytes.length);
      const rest = inode.bytes.subarray(inode.syncedSize, size);
      const survived = zeros && random.chance(0.5) ? Buffer.alloc(rest.length) : rest;
      inode.bytes = Buffer.concat([inode.bytes.subarray(0, inode.syncedSize), survived]);
      inode.syncedSize = inode.bytes.length;
    }
  }

  #change(change: NameChange): void {
    apply(this.#names, change);
    this.#pending.push(change);
  }
}

function apply(names: Map<string, Inode>, change: NameChange): void {
  switch (change.kind) {
    case 'link':
      names.set(change.path, change.inode);
      break;
    case 'unlink':
      names.delete(change.path);
      break;
    case 'move': {
      const inode = names.get(change.from);
      if (inode === undefined) return;
      names.delete(change.from);
      names.set(change.to, inode);
      break;
    }
  }
}
