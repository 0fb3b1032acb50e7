import { t } from '@vscode/l10n';
import { watch, type FSWatcher } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, posix, win32 } from 'node:path';
import { toDisposable, type Disposable } from '../core/kernel/disposables';

/** What decides where the configuration of the CLI lies. */
export interface CliConfigPlace {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home as the system tells it. */
  readonly home: string;
  /** What the user set instead: an absolute path, or one that begins with `~`. Empty for none. */
  readonly setting: string;
}

/**
 * Path of the configuration file of the CLI; undefined for a setting that is no absolute path. The home is the CLI's
 * own: `HOME`, and on Windows `HOMEDRIVE` with `HOMEPATH`, else `USERPROFILE` (documented).
 */
export function cliConfigPath({ platform, env, home, setting }: CliConfigPlace): string | undefined {
  const paths = platform === 'win32' ? win32 : posix;
  const ofCli =
    platform === 'win32'
      ? `${env['HOMEDRIVE'] ?? ''}${env['HOMEPATH'] ?? ''}` || env['USERPROFILE'] || home
      : env['HOME'] || home;
  const wanted = setting.trim();
  if (wanted === '') return paths.join(ofCli, '.aliyun', 'config.json');
  const path = /^~(?=$|[\\/])/.test(wanted) ? paths.join(ofCli, wanted.slice(1)) : wanted;
  return paths.isAbsolute(path) ? path : undefined;
}

/** Says that the setting holds no path that could be used. */
export function notAbsolute(): string {
  return t(
    'The setting {0} is not an absolute path. Enter one such as ~/.aliyun/config.json.',
    'cloudBackup.credentials.cliConfigPath',
  );
}

/** True where the environment tells the official tools not to look at the CLI's profiles by themselves. */
export function isCliLeftOut(env: CliConfigPlace['env']): boolean {
  return (
    env['ALIBABA_CLOUD_CLI_PROFILE_DISABLED']?.toLowerCase() === 'true' ||
    ['ALIBABA_CLOUD_IGNORE_PROFILE', 'ALIBABACLOUD_IGNORE_PROFILE'].some((name) => env[name] === 'TRUE')
  );
}

/** Larger files are not read: a configuration with thousands of profiles is some 5 MB. */
export const largestFileMb = 8;

const settleMs = 50;

/**
 * Calls `changed` when a file appears, changes, is replaced or goes, also through a symbolic link. It does so a moment
 * later: who writes a file may empty it first. File and folder need not exist, and are never made.
 * Folders are watched where the system can; besides, it looks every `pollMs` milliseconds. Never keeps the process
 * alive.
 */
export function watchFile(path: string, pollMs: number, changed: () => void): Disposable {
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
    // Where the file is missing its folder may be a new one by now, which an old watch does not follow.
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
        // Behind a link whose target is gone, any new file may be that target.
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
      // There is no such folder yet; the next look tries again.
    }
  };

  look();
  const timer = setInterval(look, pollMs);
  timer.unref();
  return toDisposable(() => {
    ended = true;
    clearInterval(timer);
    clearTimeout(settling);
    unwatchAll();
  });
}
