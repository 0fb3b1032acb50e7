import { watch, type FSWatcher } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Disposable } from '../core/kernel/disposables';

/** Whoever writes a file may empty it first: the change is reported when this time has passed. */
const settleMs = 50;

export interface FileWatch extends Disposable {
  /**
   * Resolves when the watch knows how the file is: each later change is reported, so a file that's read from then on isn't
   * outdated unnoticed. Never rejects.
   */
  readonly started: Promise<void>;
}

/**
 * Calls `changed` when a file appears, changes, is replaced or goes, also through a symbolic link. It does so a moment
 * later: who writes a file may empty it first. File and folder need not exist, and are never made.
 * Folders are watched where the system supports it; in addition, it checks every `pollMs` milliseconds. Never keeps the process
 * alive.
 */
export function watchFile(path: string, pollMs: number, changed: () => void): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  let names: readonly string[] = [];
  let seen: string | undefined;
  let ended = false;
  let settling: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let again = false;

  const look = (): void => {
    if (looking !== undefined) {
      again = true;
      return;
    }
    looking = lookOnce().finally(() => {
      looking = undefined;
      if (!again || ended) return;
      again = false;
      look();
    });
  };
  const lookOnce = async (): Promise<void> => {
    const target = await realpath(path).catch(() => path);
    if (isEnded()) return;
    // Where the file is missing its folder may be a new one by now, which an old watch doesn't follow.
    if (seen === '') unwatchAll();
    names = [basename(path), basename(target)];
    for (const each of [path, target]) watchOne(dirname(each));
    const now = await stat(target, { bigint: true }).then(
      ({ ino, size, mtimeNs }) => `${target} ${ino} ${size} ${mtimeNs}`,
      () => '',
    );
    if (isEnded()) return;
    const before = seen;
    seen = now;
    if (before === undefined || before === now) return;
    settling ??= setTimeout(() => {
      settling = undefined;
      changed();
    }, settleMs).unref();
  };
  const isEnded = (): boolean => ended;
  const unwatchAll = (): void => {
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
  const watchOne = (folder: string): void => {
    if (watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        // Behind a link without a target, any new file might be that target.
        if (name === null || seen === '' || names.includes(name)) look();
      });
      const drop = (): void => {
        watcher.close();
        watchers.delete(folder);
      };
      // A folder that is removed is watched again when it is back.
      watcher.on('error', drop);
      watchers.set(folder, watcher);
    } catch {
      // There's no such folder yet; the next look tries again.
    }
  };

  look();
  const started = Promise.resolve(looking);
  const timer = setInterval(look, pollMs);
  timer.unref();
  return {
    started,
    dispose() {
      ended = true;
      clearInterval(timer);
      clearTimeout(settling);
      unwatchAll();
    },
  };
}
