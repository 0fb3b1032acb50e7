import { isCancelled, toBackupError, type BackupError, type FailureCode } from '../errors';
import type { Notices, Questions } from '../interaction';
import type { Translate } from '../localize';
import { identityOf, type VerifiedIdentity } from './identity';
import type { AccessKey } from '../model';
import type { BackupApi, Log } from '../ports';
import type { Profiles } from './profiles';

export interface VerifyOptions {
  readonly api: Pick<BackupApi, 'getCallerIdentity'>;
  readonly profiles: Pick<Profiles, 'probe' | 'get'>;
  readonly questions: Questions;
  readonly notices: Notices;
  readonly log: Log;
  readonly t: Translate;
}

/**
 * What is known of a key. `unverified`: nobody could be asked, and the user keeps it all the same. `refused`: the
 * service said no.
 */
export type Verdict =
  | { readonly kind: 'verified'; readonly identity: VerifiedIdentity }
  | { readonly kind: 'unverified' }
  | { readonly kind: 'refused'; readonly error: BackupError };

const saysNothing: ReadonlySet<FailureCode> = new Set([
  'unreachable',
  'timeout',
  'connection-lost',
  'tls-failed',
  'proxy-refused',
  'wrong-endpoint',
  'unexpected-reply',
  'service-failed',
  'throttled',
]);

/** True for a failure that says nothing about the key: STS was not reached, or what answered was not STS. */
export function saysNothingOfKey({ code }: BackupError): boolean {
  return saysNothing.has(code);
}

/**
 * Asks STS whose key this is, before it is kept anywhere. Answers undefined when the user gave up; throws the
 * BackupError of any failure that trying again would not change.
 */
export async function verifyKey(
  key: AccessKey,
  regionId: string,
  { api, profiles, questions, notices, log, t }: VerifyOptions,
): Promise<Verdict | undefined> {
  const probe = profiles.probe(key);
  try {
    for (;;) {
      let failure: BackupError;
      try {
        const caller = await notices.progress(
          t('Verifying the access key'),
          'notification',
          (_report, waiting) => api.getCallerIdentity(probe.profileId, regionId, waiting),
        );
        log.write('info', `key verified, account: ${caller.accountId}, request: ${caller.requestId}`);
        return { kind: 'verified', identity: identityOf(caller) };
      } catch (error) {
        if (isCancelled(error)) return undefined;
        failure = toBackupError(error);
      }
      log.write('warn', `key not verified, request: ${failure.requestId ?? 'none'}`, failure);
      if (failure.code === 'credentials-rejected' || failure.code === 'credentials-expired') {
        return { kind: 'refused', error: failure };
      }
      if (!saysNothingOfKey(failure)) throw failure;

      const tryAgain = t('Try Again');
      const saveUnverified = t('Save Unverified');
      const chosen = await questions.confirm({
        message: t('The access key could not be verified.'),
        detail: [
          reasonOf(failure, new URL(profiles.get(probe.profileId).endpoints(regionId).sts).host, t),
          t('You can keep the key now. It is verified when it is used first.'),
        ].join('\n\n'),
        actions: [tryAgain, saveUnverified],
      });
      if (chosen === saveUnverified) return { kind: 'unverified' };
      if (chosen !== tryAgain) return undefined;
    }
  } finally {
    probe.dispose();
  }
}

function reasonOf(error: BackupError, host: string, t: Translate): string {
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
