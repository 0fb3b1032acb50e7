import { t } from '@vscode/l10n';
import { toBackupError } from '../../service/errors';
import { plainText } from '../../kernel/plainText';
import type { VerifiedIdentity } from '../identity';
import type { Keeping } from '../profileStore';
import type { SignInDeps } from './signInDeps';

/**
 * Keeps a key, and where VS Code can't keep it offers to use it until this window closes. Returns false when the user
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
    message: t("VS Code couldn't save the access key."),
    detail: t(
      "The system keychain didn't accept it. You can use the access key until you close this window. To save it, unlock or install a system keychain, then sign in again.",
    ),
    actions: [useNow],
  });
  if (chosen !== useNow) return false;
  await keep('session');
  return true;
}

/** One notice that says who is signed in, or that the credentials aren't verified yet. */
export function showSignedIn(
  name: string,
  identity: VerifiedIdentity | undefined,
  { notices }: Pick<SignInDeps, 'notices'>,
): void {
  notices.info(signedInText(name, identity));
}

/** @param identity undefined while the credentials aren't verified */
export function signedInText(name: string, identity: VerifiedIdentity | undefined): string {
  if (!identity) return t("“{0}” is saved. Its credentials aren't verified yet.", plainText(name));
  return t({
    message: 'Signed in as {identity}, account {account}.',
    args: { identity: plainText(identity.identity), account: plainText(identity.accountId) },
    comment: ['{identity} is a user or role such as user/alice, {account} an account ID.'],
  });
}
