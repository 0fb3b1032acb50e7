import { watch, type FSWatcher } from 'node:fs';
import { toDisposable, type Disposable } from '../core/kernel/disposables';

/**
 * Tells names of files that change in a folder, once `ready` says that it is there, and every `pollMs` milliseconds
 * `undefined`: see `Disk.watch`.
 */
export function watchFolder(
  ready: Promise<void>,
  folder: string,
  pollMs: number,
  look: (fileName: string | undefined) => void,
): Disposable {
  let watcher: FSWatcher | undefined;
  let ended = false;
  const start = async (): Promise<void> => {
    await ready;
    if (ended) return;
    watcher = watch(folder, { persistent: false }, (_event, name) => {
      look(name ?? undefined);
    });
    // The watch may break, as when the folder is removed; the timer goes on.
    watcher.on('error', () => watcher?.close());
  };
  start().catch(() => undefined);
  const timer = setInterval(() => {
    look(undefined);
  }, pollMs);
  timer.unref();
  return toDisposable(() => {
    ended = true;
    clearInterval(timer);
    watcher?.close();
  });
}
