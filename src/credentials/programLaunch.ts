import { win32 } from 'node:path';

/** What to give to `spawn`. */
export interface ProgramLaunch {
  readonly file: string;
  readonly args: readonly string[];
  /** The arguments are written for the Windows command prompt already. */
  readonly verbatim: boolean;
}

export interface LaunchPlace {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a relative path begins. */
  readonly folder: string;
  readonly exists: (path: string) => boolean;
}

/** In which order Windows takes them (documented); the first two start without a command prompt. */
const extensions = ['.com', '.exe', '.bat', '.cmd'];
/** Nothing that the command prompt would read as more than a character, in quotes or without. */
const plainArgument = /^[\w .:\\/@=+,-]*$/;
const plainPath = /^[^%^!&|<>"\p{Cc}]+$/u;

/**
 * How a program is started. Windows starts batch files (`.cmd`, `.bat`) through its command prompt only, which interprets
 * arguments again, so Node refuses to start them. They're started here with arguments that the command prompt takes
 * literally; the result is `unsafe-batch` for any others.
 */
export function launchOf(
  [program, ...args]: readonly [program: string, ...args: string[]],
  place: LaunchPlace,
): ProgramLaunch | 'unsafe-batch' {
  const batch = place.platform === 'win32' ? batchFileOf(program, place) : undefined;
  if (batch === undefined) return { file: program, args, verbatim: false };
  const isPlain =
    plainPath.test(batch) && args.every((arg) => plainArgument.test(arg) && !arg.endsWith('\\'));
  if (!isPlain) return 'unsafe-batch';
  const line = [batch, ...args].map((word) => `"${word}"`).join(' ');
  return {
    file: win32.join(place.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'cmd.exe'),
    // Without programs that start with every prompt, and without variables between exclamation marks.
    args: ['/d', '/v:off', '/s', '/c', `"${line}"`],
    verbatim: true,
  };
}

/** The path of the batch file that a name means; undefined for what is none. */
function batchFileOf(program: string, { env, folder, exists }: LaunchPlace): string | undefined {
  const hasFolder = /[\\/]/.test(program);
  const folders = hasFolder ? [folder] : (env['PATH'] ?? env['Path'] ?? '').split(';').filter(Boolean);
  const given = win32.extname(program).toLowerCase();
  const endings = extensions.includes(given) ? [''] : extensions;
  const found = folders
    .flatMap((each) => endings.map((ending) => win32.resolve(each, program + ending)))
    .find(exists);
  return found !== undefined && /\.(?:bat|cmd)$/i.test(found) ? found : undefined;
}
