import { t } from '@vscode/l10n';
import { BackupError } from '../../service/errors';
import { plainText } from '../../kernel/plainText';

/** Where the form of a RAM role begins again, and the sentence that says why. */
export interface RoleTrouble {
  readonly at: 'source' | 'roleArn' | 'sessionName' | 'externalId' | 'duration';
  readonly sentence: string;
}

/**
 * Why STS didn't let a role be assumed, with what to do (documented codes); undefined for failures that say nothing
 * about the role, such as a refused key or a lost connection.
 */
export function roleTroubleOf(error: unknown, sourceName: string): RoleTrouble | undefined {
  if (!(error instanceof BackupError)) return undefined;
  const code = error.serviceCode ?? '';
  if (error.code === 'permission-denied') {
    const sentence = t(
      "The profile “{0}” can't assume this role. It needs the sts:AssumeRole permission, and the role must trust it.",
      plainText(sourceName),
    );
    return { at: 'roleArn', sentence };
  }
  if (code.startsWith('EntityNotExist')) {
    return {
      at: 'roleArn',
      sentence: t("This role doesn't exist. Check the account and the name in the ARN."),
    };
  }
  if (/RoleArn/i.test(code)) {
    return { at: 'roleArn', sentence: t('STS rejected this role ARN. Check it and try again.') };
  }
  if (/SessionName/i.test(code)) {
    return { at: 'sessionName', sentence: t('STS rejected this session name. Enter another one.') };
  }
  if (/Duration/i.test(code)) {
    return {
      at: 'duration',
      sentence: t("The role doesn't allow a session this long. Enter fewer seconds."),
    };
  }
  if (/ExternalId/i.test(code)) {
    return {
      at: 'externalId',
      sentence: t('STS rejected this external ID. Ask the owner of the role for it.'),
    };
  }
  if (error.code === 'bad-request' || error.code === 'not-found') {
    return {
      at: 'roleArn',
      sentence: t(
        'STS rejected the request to assume this role. Check the ARN, and see the log for the reason.',
      ),
    };
  }
  return undefined;
}
