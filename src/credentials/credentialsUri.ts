import { t } from '@vscode/l10n';
import { isLoopback } from '../core/service/endpoints';
import { plainText } from '../core/kernel/plainText';
import type { Waiting } from '../core/kernel/waiting';
import { SourceUnusable, type TimedKey } from '../core/profiles/keys/credentialSource';
import { externalProcessOff, externalProcessVariable } from './externalProcess';
import type { KeyDeps } from './keyDeps';
import { decodeSessionAnswer } from './sessionKey';

/** Names the address where the official tools fetch a key. */
export const credentialsUriVariable = 'ALIBABA_CLOUD_CREDENTIALS_URI';

// The longer one of the two limits of the official SDK.
const timeoutMs = 10_000;

/**
 * Reads an address where a key may be fetched from: https, or http to this computer. Throws SourceUnusable for
 * another one, and where the environment blocks it. The address might contain a secret, so only its host is ever
 * shown.
 */
export function checkCredentialsUri(uri: string, { env }: Pick<KeyDeps, 'env'>): URL {
  if (externalProcessOff(env)) {
    const sentence = t(
      '{0} blocks getting credentials from an address. Remove the variable, or choose another profile.',
      externalProcessVariable,
    );
    throw new SourceUnusable(sentence, 'credentials URI is forbidden by the environment');
  }
  const url = parseUrl(uri);
  if (url === undefined) {
    throw new SourceUnusable(
      t("The credentials URI isn't an address. Enter one such as https://example.com/key."),
      'credentials URI is not an address',
    );
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.origin))) return url;
  throw new SourceUnusable(
    t('The credentials URI is neither https nor on this computer. Change it to https.'),
    'credentials URI is not secure',
  );
}

/**
 * The key that an address answers with; the address as `checkCredentialsUri` wants it. Throws SourceUnusable when it
 * answers something else, and what `PlainHttp` throws.
 */
export async function credentialsUriKey(
  uri: string,
  deps: Pick<KeyDeps, 'http' | 'env' | 'clockOffsetMs' | 'hide'>,
  waiting: Waiting,
): Promise<TimedKey> {
  const { http } = deps;
  const url = checkCredentialsUri(uri, deps);
  const host = plainText(url.host);
  const { status, body } = await http.request({ method: 'GET', url: url.href, timeoutMs }, waiting);
  if (status !== 200) {
    throw new SourceUnusable(
      t({
        message: 'The credentials URI at {host} returned status {status}. Check the service behind it.',
        args: { host, status },
        comment: ['{status} is an HTTP status such as 404.'],
      }),
      `credentials URI answered ${status}`,
    );
  }
  const key = decodeSessionAnswer(body, deps);
  if (key) return key;
  throw new SourceUnusable(
    t("The credentials URI at {0} didn't return credentials. Check the service behind it.", host),
    'credentials URI answered without a key',
  );
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text.trim());
  } catch {
    return undefined;
  }
}
