import { t } from '@vscode/l10n';
import { BackupError } from '../../service/errors';
import { SourceUnusable } from './credentialSource';

/**
 * What the service says of a session token, as a failure that names where the token is written. Undefined for other
 * failures, and for a token that isn't written anywhere.
 *
 * @param tokenName a variable, or a field and its place; safe to show
 */
export function tokenTroubleOf(error: unknown, tokenName: string | undefined): SourceUnusable | undefined {
  if (tokenName === undefined || !(error instanceof BackupError) || error instanceof SourceUnusable) {
    return undefined;
  }
  switch (error.serviceCode) {
    case 'InvalidSecurityToken.MismatchWithAccessKey':
      return unusable(
        t(
          "The STS token doesn't belong to this access key. Correct {0}, or remove it if the access key needs no token.",
          tokenName,
        ),
        error,
      );
    case 'InvalidSecurityToken.Malformed':
      return unusable(t('The STS token is damaged. Correct {0}.', tokenName), error);
    default:
      return undefined;
  }
}

function unusable(sentence: string, error: BackupError): SourceUnusable {
  return new SourceUnusable(
    sentence,
    `session token refused: ${error.message}`,
    error,
    'credentials-expired',
  );
}
