import { t } from '@vscode/l10n';
import { BackupError, type FailureCode } from '../core/service/errors';
import { SourceUnusable } from '../core/profiles/keys/credentialSource';
import { globalSts } from './stsEndpoint';

const unreached: ReadonlySet<FailureCode> = new Set(['unreachable', 'timeout', 'connection-lost']);

/**
 * Asks STS. Where its global host isn't reached, throws SourceUnusable that names the host and what chooses another:
 * networks often let only regional hosts through.
 *
 * @param setting what names the region of STS: a variable, or a field and its place
 */
export async function askSts<T>(endpoint: string, setting: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const isGlobal = endpoint === globalSts;
    if (!isGlobal || !(error instanceof BackupError) || !unreached.has(error.code)) throw error;
    throw new SourceUnusable(
      t({
        message: "{endpoint} can't be reached. Set {setting} to your region to use its STS endpoint.",
        args: { endpoint, setting },
        comment: ['{endpoint} is an address, {setting} an environment variable or a field of a file.'],
      }),
      `global STS not reached: ${error.message}`,
      error,
    );
  }
}
