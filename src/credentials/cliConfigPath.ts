import { t } from '@vscode/l10n';
import { posix, win32 } from 'node:path';

/** What decides where the configuration of the CLI is. */
export interface CliConfigPlace {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home as the system reports it. */
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
    "{0} isn't an absolute path. Enter one such as ~/.aliyun/config.json.",
    'cloudBackup.credentials.cliConfigPath',
  );
}

/** True where the environment excludes the CLI's profiles from the default chain of the official tools. */
export function isCliLeftOut(env: CliConfigPlace['env']): boolean {
  return (
    env['ALIBABA_CLOUD_CLI_PROFILE_DISABLED']?.toLowerCase() === 'true' ||
    ['ALIBABA_CLOUD_IGNORE_PROFILE', 'ALIBABACLOUD_IGNORE_PROFILE'].some((name) => env[name] === 'TRUE')
  );
}
