import { readFile } from 'node:fs/promises';
import type { Waiting } from '../core/ports';
import { SourceUnusable, type OidcRequest, type TimedKey } from '../core/profiles/credentialSource';
import type { KeyParts } from './keyParts';

/** A role that is assumed with a token from a file. */
export interface OidcSource extends Omit<OidcRequest, 'oidcToken'> {
  readonly tokenFile: string;
  /** Origin of STS. */
  readonly endpoint: string;
}

/**
 * The key of a role for the OIDC token in a file, which is read each time, since whoever wrote it replaces it. Throws
 * SourceUnusable when the file cannot be read or is empty, and the failures of STS.
 */
export async function oidcKey(
  { tokenFile, endpoint, ...role }: OidcSource,
  { sts, t, hide }: Pick<KeyParts, 'sts' | 't' | 'hide'>,
  waiting: Waiting,
): Promise<TimedKey> {
  let oidcToken: string;
  try {
    oidcToken = (await readFile(tokenFile, 'utf8')).trim();
  } catch (error) {
    throw new SourceUnusable(
      t('The OIDC token file {0} cannot be read. Check that it exists and that you may read it.', tokenFile),
      'OIDC token file cannot be read',
      error,
    );
  }
  if (oidcToken === '') {
    throw new SourceUnusable(
      t('The OIDC token file {0} is empty. Write a new token into it, then try again.', tokenFile),
      'OIDC token file is empty',
    );
  }
  hide(oidcToken);
  return await sts.assumeRoleWithOidc(endpoint, { ...role, oidcToken }, waiting);
}
