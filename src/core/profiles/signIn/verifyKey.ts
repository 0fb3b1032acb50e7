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
 * What is known of a key. `unverified`: nobody could be asked, and the user keeps it all the same. `refused`: the
 * service or the source said no.
 */
export type Verdict =
  | { readonly kind: 'verified'; readonly identity: VerifiedIdentity }
  | { readonly kind: 'unverified' }
  | { readonly kind: 'refused'; readonly error: BackupError };

/** True for a failure that says nothing about the key: STS was not reached, or what answered was not STS. */
export function saysNothingOfKey({ code }: BackupError): boolean {
  return failures[code].keyVerdict === 'untested';
}

/**
 * Asks STS whose key this is, before it is kept anywhere. Answers undefined when the user gave up; throws the
 * BackupError of any failure that trying again would not change.
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
 * Takes the key of a profile that is tried out, and asks STS whose it is. Answers undefined when the user gave up;
 * whatever keeps the source from being used is `refused`.
 */
export async function verifySource({ id }: Profile, deps: VerifyDeps): Promise<Verdict | undefined> {
  // Nobody knows which of the hosts on the way to the key did not answer.
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
    if (!saysNothingOfKey(failure)) return { kind: 'refused', error: failure };

    const tryAgain = t('Try Again');
    const saveUnverified = t('Save Unverified');
    const chosen = await questions.confirm({
      message: t('The access key could not be verified.'),
      detail: [reason(failure), t('You can keep the key now. It is verified when it is used first.')].join(
        '\n\n',
      ),
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
        '{0} cannot be reached. Check the network, the proxy settings of VS Code, and the region.',
        host,
      );
    case 'timeout':
      return t('{0} did not answer in time.', host);
    case 'tls-failed':
      return t('The certificate of {0} is not trusted. A proxy may stand in between.', host);
    case 'proxy-refused':
      return t('The proxy asks for a user name and password. Set them in the proxy settings of VS Code.');
    case 'connection-lost':
      return t('The connection to {0} was lost.', host);
    case 'throttled':
      return t('{0} is asked too often at the moment.', host);
    case 'service-failed':
      return t('{0} reports a failure of its own.', host);
    default:
      return t(
        '{0} did not answer as the service does. A proxy or a sign-in page may stand in between.',
        host,
      );
  }
}
