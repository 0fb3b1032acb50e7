import { t } from '@vscode/l10n';
import { failures, isCancelled, toBackupError, type BackupError } from '../../service/errors';
import { failureNotice } from '../../interaction/failureNotice';
import type { VerifiedIdentity } from '../identity';
import type { AccessKey } from '../../service/model';
import type { Profile } from '../profile';
import type { Waiting } from '../../kernel/waiting';
import type { SignInDeps } from './signInDeps';

type VerifyDeps = Pick<SignInDeps, 'keys' | 'questions' | 'notices' | 'log'>;

/**
 * What is known of a key. `unverified`: the service couldn't be asked, and the user saves it anyway. `refused`: the
 * service or the source rejected it.
 */
export type Verdict =
  | { readonly kind: 'verified'; readonly identity: VerifiedIdentity }
  | { readonly kind: 'unverified' }
  | { readonly kind: 'refused'; readonly error: BackupError };

/** True for a failure that says nothing about the key: STS wasn't reached, or what answered wasn't STS. */
export function isUntested({ code }: BackupError): boolean {
  return failures[code].keyVerdict === 'untested';
}

/**
 * Asks STS which account a key belongs to, before it's stored anywhere. Returns undefined when the user gave up; throws
 * the BackupError of any failure that trying again wouldn't change.
 */
export async function verifyKey(
  key: AccessKey,
  regionId: string,
  deps: VerifyDeps,
): Promise<Verdict | undefined> {
  const { keys } = deps;
  const verdict = await verify(
    (waiting) => keys.ownerOf(key, { regionId }, waiting),
    deps,
    (failure) => reasonOf(failure, new URL(keys.endpoints({ regionId }).sts).host),
  );
  if (verdict?.kind === 'refused' && failures[verdict.error.code].keyVerdict !== 'refused')
    throw verdict.error;
  return verdict;
}

/**
 * Gets the key of a profile that is tried out, and asks STS which account it belongs to. Returns undefined when the user
 * gave up; whatever keeps the source from being used is `refused`.
 */
export async function verifySource({ id }: Profile, deps: VerifyDeps): Promise<Verdict | undefined> {
  // Several hosts may be involved, and it isn't known which one didn't respond.
  return await verify(
    (waiting) => deps.keys.identify(id, waiting),
    deps,
    (failure) => failureNotice(failure).message,
  );
}

async function verify(
  identify: (waiting: Waiting) => Promise<VerifiedIdentity>,
  { questions, notices, log }: VerifyDeps,
  reason: (failure: BackupError) => string,
): Promise<Verdict | undefined> {
  for (;;) {
    let failure: BackupError;
    try {
      const identity = await notices.progress(
        t('Verifying the access key'),
        'notification',
        (_report, waiting) => identify(waiting),
      );
      log.write('info', `key verified, account: ${identity.accountId}`);
      return { kind: 'verified', identity };
    } catch (error) {
      if (isCancelled(error)) return undefined;
      failure = toBackupError(error);
    }
    log.write('warn', `key not verified, request: ${failure.requestId ?? 'none'}`, failure);
    if (!isUntested(failure)) return { kind: 'refused', error: failure };

    const tryAgain = t({ message: 'Try Again', comment: ['Button.'] });
    const saveUnverified = t({
      message: 'Save Unverified',
      comment: ['Button: saves an access key that could not be verified.'],
    });
    const chosen = await questions.confirm({
      message: t("Couldn't verify the access key."),
      detail: [reason(failure), t("You can save it now. It's verified when it's first used.")].join('\n\n'),
      actions: [tryAgain, saveUnverified],
    });
    if (chosen === saveUnverified) return { kind: 'unverified' };
    if (chosen !== tryAgain) return undefined;
  }
}

function reasonOf(error: BackupError, host: string): string {
  switch (error.code) {
    case 'unreachable':
      return t(
        "{0} can't be reached. Check your network, the proxy settings of VS Code, and the region.",
        host,
      );
    case 'timeout':
      return t("{0} didn't respond in time. Try again.", host);
    case 'tls-failed':
      return t("The certificate of {0} isn't trusted. A proxy might be intercepting the connection.", host);
    case 'proxy-refused':
      return t('The proxy requires a user name and password. Set them in the proxy settings of VS Code.');
    case 'connection-lost':
      return t('The connection to {0} was lost. Try again.', host);
    case 'throttled':
      return t('{0} is receiving too many requests. Try again in a minute.', host);
    case 'service-failed':
      return t('{0} had an internal error. Try again later.', host);
    default:
      return t(
        '{0} returned an unexpected response. A proxy or sign-in page might be intercepting the connection.',
        host,
      );
  }
}
