import { t } from '@vscode/l10n';
import { toBackupError } from '../../service/errors';
import { plainText } from '../../kernel/plainText';
import type { VerifiedIdentity } from '../identity';
import type { Keeping } from '../profileStore';
import type { SignInDeps } from './signInDeps';

/**
 * Keeps a key, and where VS Code cannot keep it offers to use it until this window closes. Answers false when the user
 * wants neither; throws every other failure of `keep`.
 */
export async function keepKey(
  keep: (keeping: Keeping) => Promise<void>,
  { questions, log }: Pick<SignInDeps, 'questions' | 'log'>,
): Promise<boolean> {
  try {
    await keep('kept');
    return true;
  } catch (error) {
    const failure = toBackupError(error);
    if (failure.code !== 'secret-storage-failed') throw failure;
    log.write('warn', 'key not kept', failure);
  }
  const useNow = t('Use for This Session Only');
  const chosen = await questions.confirm({
    message: t('VS Code could not keep the access key.'),
    detail: t(
      'The keyring of this computer did not take it, or forgot it at once. You can use the key until this window closes; it is written nowhere then. To keep keys, unlock the keyring or install one, and sign in again.',
    ),
    actions: [useNow],
  });
  if (chosen !== useNow) return false;
  await keep('session');
  return true;
}

/** One notice that says who is signed in, or that nobody could say so yet. */
export function tellSignedIn(
  name: string,
  identity: VerifiedIdentity | undefined,
  { notices }: Pick<SignInDeps, 'notices'>,
): void {
  notices.info(
    identity
      ? t('Signed in as {0}, account {1}.', plainText(identity.identity), plainText(identity.accountId))
      : t('“{0}” is saved. Its key is not verified yet.', plainText(name)),
  );
}
