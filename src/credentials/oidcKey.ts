import { t } from '@vscode/l10n';
import { sentences } from '../core/kernel/localize';
import type { Waiting } from '../core/kernel/waiting';
import { SourceUnusable, type OidcRequest, type TimedKey } from '../core/profiles/keys/credentialSource';
import type { KeyDeps } from './keyDeps';
import { stsRegionVariable } from './stsEndpoint';
import { askSts } from './askSts';
import { readSmallFile, unreadableInWords } from './smallFile';

/** Tokens have a few KB. */
const largestTokenMb = 1;

/** A role that is assumed with a token from a file. */
export interface OidcSource extends Omit<OidcRequest, 'oidcToken'> {
  readonly tokenFile: string;
  /** Origin of STS. */
  readonly endpoint: string;
}

/**
 * The key of a role for the OIDC token in a file, which is read each time, because its owner replaces it. Throws
 * SourceUnusable when the file can't be read or is empty, and the failures of STS.
 */
export async function oidcKey(
  { tokenFile, endpoint, ...role }: OidcSource,
  deps: Pick<KeyDeps, 'sts' | 'hide'>,
  waiting: Waiting,
): Promise<TimedKey> {
  const { sts, hide } = deps;
  const file = await readSmallFile(tokenFile, largestTokenMb);
  if (file === undefined || typeof file === 'string') {
    throw new SourceUnusable(
      sentences(
        t("The OIDC token file {0} can't be used.", tokenFile),
        file === undefined ? t("It doesn't exist.") : unreadableInWords(file, largestTokenMb),
        t('Check the file, then try again.'),
      ),
      'OIDC token file cannot be read',
    );
  }
  const oidcToken = file.text.trim();
  if (oidcToken === '') {
    throw new SourceUnusable(
      t('The OIDC token file {0} is empty. Write a new token to it, then try again.', tokenFile),
      'OIDC token file is empty',
    );
  }
  hide(oidcToken);
  return await askSts(endpoint, stsRegionVariable, () =>
    sts.assumeRoleWithOidc(endpoint, { ...role, oidcToken }, waiting),
  );
}
