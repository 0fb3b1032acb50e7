import { watch, type FSWatcher } from 'node:fs';
import { toDisposable, type Disposable } from '../core/disposables';
import { ensureFolder } from './files';

/**
 * Tells names of files that change in a folder (made if missing), and every `pollMs` milliseconds `undefined`: look
 * at all, since some file systems send no events. Never keeps the process alive.
 */
export function watchFolder(
  folder: string,
  pollMs: number,
  look: (fileName: string | undefined) => void,
): Disposable {
  let watcher: FSWatcher | undefined;
  let ended = false;
  const start = async (): Promise<void> => {
    await ensureFolder(folder);
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
