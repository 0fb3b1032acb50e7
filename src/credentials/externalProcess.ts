import { t } from '@vscode/l10n';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { CancelledError } from '../core/kernel/cancelled';
import { plainText } from '../core/kernel/plainText';
import type { Waiting } from '../core/kernel/waiting';
import { SourceUnusable, type TimedKey } from '../core/profiles/keys/credentialSource';
import { BrokenCommandLine, splitCommandLine } from './commandLine';
import { isOn, type KeyDeps } from './keyDeps';
import { launchOf, type ProgramLaunch } from './programLaunch';
import { accessKeyOf, parseObject, timedKeyOf } from './sessionKey';

/** Keeps the official tools from running programs and getting credentials from an address. */
export const externalProcessVariable = 'ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS';

/** True where the environment blocks running programs and getting credentials from an address. */
export function externalProcessOff(env: KeyDeps['env']): boolean {
  return isOn(env[externalProcessVariable]);
}

/** As documented for the official tools. */
const limitMs = 60_000;
const limitBytes = 64 * 1024;

/** A program that prints a key, and on which computer it runs. */
export interface KeyProgram {
  readonly profileName: string;
  readonly commandLine: string;
  readonly argv: readonly [file: string, ...args: string[]];
  readonly platform: NodeJS.Platform;
  /** Folder it starts in: the user's home, so that nothing in an open folder is run by a relative name. */
  readonly folder: string;
}

/**
 * The program of a profile with its command line split. Throws SourceUnusable for one that can't be split.
 */
export function keyProgramOf(program: Omit<KeyProgram, 'argv'>): KeyProgram {
  const { commandLine, platform, profileName } = program;
  try {
    return { ...program, argv: splitCommandLine(commandLine, platform === 'win32') };
  } catch (error) {
    if (!(error instanceof BrokenCommandLine)) throw error;
    throw new SourceUnusable(
      t(
        "The command of the CLI profile “{0}” can't be read: it has an unclosed quote or ends with a backslash. Correct process_command.",
        plainText(profileName),
      ),
      `command of a CLI profile ${error.message}`,
    );
  }
}

/**
 * Runs the program of a CLI profile, without a shell (see `launchOf` for batch files), and reads the key from the JSON that it prints (documented:
 * `mode`, `access_key_id`, `access_key_secret`, `sts_token`, `expiration` in ISO 8601). It has 60 seconds and 64 KB;
 * with more it is killed together with what it started. What it prints to its error output is only counted. Throws
 * SourceUnusable in words, and a cancel.
 */
export async function externalKey(
  program: KeyProgram,
  deps: Pick<KeyDeps, 'clock' | 'clockOffsetMs' | 'env' | 'hide'>,
  waiting: Waiting,
): Promise<TimedKey> {
  const { clock } = deps;
  const name = plainText(program.profileName);
  const { argv, platform, folder } = program;
  const launch = launchOf(argv, { platform, folder, env: deps.env, exists: existsSync });
  if (launch === 'unsafe-batch') {
    throw new SourceUnusable(
      t(
        'The program of the CLI profile “{0}” is a batch file, and its path or arguments have characters that the Windows command prompt would interpret. Set process_command to the program that it starts.',
        name,
      ),
      'program of a CLI profile is a batch file with unsafe arguments',
    );
  }
  const stop = new AbortController();
  const end = AbortSignal.any([stop.signal, waiting.signal]);
  let outcome: Outcome | 'late';
  try {
    outcome = await Promise.race([
      runProgram(launch, program, end),
      clock.sleep(limitMs, { signal: end }).then(() => 'late' as const),
    ]);
  } catch (error) {
    if (waiting.signal.aborted) throw new CancelledError();
    throw new SourceUnusable(
      startTroubleInWords(codeOf(error), name),
      `program of a CLI profile did not start: ${codeOf(error)}`,
    );
  } finally {
    // Ends the program or the wait, whichever is left.
    stop.abort();
  }
  if (outcome === 'late') {
    throw new SourceUnusable(
      t({
        message:
          'The program of the CLI profile “{name}” took longer than {seconds} seconds and was stopped.',
        args: { name, seconds: limitMs / 1000 },
        comment: ['{seconds} is 60.'],
      }),
      `program of a CLI profile took longer than ${limitMs} ms`,
    );
  }
  return keyOfOutcome(outcome, name, deps);
}

function startTroubleInWords(code: string, name: string): string {
  const args = { name, code };
  switch (code) {
    case 'ENOENT':
      return t(
        "The program of the CLI profile “{name}” doesn't exist. Check process_command in the profile.",
        args,
      );
    case 'EACCES':
      return t(
        "You don't have permission to run the program of the CLI profile “{name}”. Check process_command in the profile.",
        args,
      );
    default:
      return t({
        message:
          "The program of the CLI profile “{name}” can't be started ({code}). Check process_command in the profile.",
        args,
        comment: ['{code} is an error code of the system such as EPERM.'],
      });
  }
}

/** What a program did. */
interface Outcome {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly output: string;
  readonly tooMuch: boolean;
  readonly errorBytes: number;
}

/** Resolves when the program and its output have ended. Aborting kills it together with what it started. */
function runProgram(
  { file, args, verbatim }: ProgramLaunch,
  { platform, folder }: Pick<KeyProgram, 'platform' | 'folder'>,
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) throw new CancelledError();
    const child = spawn(file, args, {
      cwd: folder,
      shell: false,
      // A group of its own, so that all of it can be ended.
      detached: platform !== 'win32',
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let errorBytes = 0;
    const kill = (): void => killAll(child, platform);
    signal.addEventListener('abort', kill, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limitBytes) chunks.push(chunk);
      else kill();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errorBytes += chunk.length;
    });
    child.on('error', (error) => {
      signal.removeEventListener('abort', kill);
      reject(error);
    });
    child.on('close', (code, endedBy) => {
      signal.removeEventListener('abort', kill);
      resolve({
        code: code ?? undefined,
        signal: endedBy ?? undefined,
        output: Buffer.concat(chunks).toString('utf8'),
        tooMuch: bytes > limitBytes,
        errorBytes,
      });
    });
  });
}

function killAll({ pid }: ChildProcess, platform: NodeJS.Platform): void {
  if (pid === undefined) return;
  if (platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => undefined,
    );
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function keyOfOutcome(
  { code, signal, output, tooMuch, errorBytes }: Outcome,
  name: string,
  deps: Pick<KeyDeps, 'clockOffsetMs' | 'hide'>,
): TimedKey {
  const { hide } = deps;
  const failed = (sentence: string, what: string): SourceUnusable =>
    new SourceUnusable(sentence, `program of a CLI profile ${what}; ${errorBytes} bytes of error output`);
  const answer = parseObject(output) ?? {};
  const { access_key_id: id, access_key_secret: secret, sts_token: token, mode, expiration } = answer;
  for (const text of [secret, token]) if (isText(text)) hide(text);
  if (tooMuch) {
    const kilobytes = limitBytes / 1024;
    throw failed(
      t({
        message: 'The program of the CLI profile “{name}” printed more than {size} KB and was stopped.',
        args: { name, size: kilobytes },
        comment: ['{size} is 64.'],
      }),
      'printed too much',
    );
  }
  if (code === undefined) {
    throw failed(
      t(
        'The program of the CLI profile “{0}” was stopped by a signal. Run it in a terminal to see why.',
        name,
      ),
      `was ended by ${signal ?? 'a signal'}`,
    );
  }
  if (code !== 0) {
    throw failed(
      t({
        message:
          'The program of the CLI profile “{name}” ended with code {code}. Run it in a terminal to see why.',
        args: { name, code },
        comment: ['{code} is a number.'],
      }),
      `ended with code ${code}`,
    );
  }
  const isWhole = mode === 'StsToken' ? isText(token) : mode === undefined || mode === 'AK';
  if (isWhole && isText(id) && isText(secret)) {
    const key = accessKeyOf(id, secret, mode !== 'AK' && isText(token) ? token : undefined);
    return timedKeyOf(key, expiration, deps);
  }
  throw failed(
    t(
      "The program of the CLI profile “{0}” didn't print credentials as JSON with the mode AK or StsToken. Run it in a terminal to see its output.",
      name,
    ),
    'printed no key',
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
